"""What is read from a cell, what is an error, and which rows are no actions."""

import pytest

from tests.items.exchange.plan_table.small_tables import (
    FIRST,
    SECOND,
    THIRD,
    changed,
    messages,
    page,
    said,
    strategy_of,
    table,
)
from tests.items.exchange.spreadsheets.files import (
    HEADINGS,
    ROWS,
    TABLE,
    csv_bytes,
    dump_text,
    xlsx_table,
)
from tests.items.exchange.spreadsheets.reading import table_of, texts


@pytest.mark.parametrize(
    ("written", "number"),
    [("1. 完備", 1), ("１．完備", 1), ("(2)完備", 2), ("三、完備", 3), ("（十二）完備", 12), ("第四、完備", 4),
     ("策略五：完備", 5), ("實施策略6：完備", 6), ("①完備", 1), ("② 完備", 2),
     ("⑶完備", 3), ("㈣完備", 4), ("⒌完備", 5), ("⑳、完備", 20)],
)  # fmt: skip
def test_a_strategy_is_numbered_in_any_usual_way(written, number):
    assert strategy_of(table(changed(FIRST, s=written)).rows[0]) == (number, "完備")


@pytest.mark.parametrize("written", ["1.5倍完備", "115年起完備", "完備①", "第一線完備", "0. 完備"])
def test_what_only_looks_like_a_number_is_part_of_the_title(written):
    assert strategy_of(table(changed(FIRST, s=written)).rows[0]) == (None, written)


def test_a_cell_of_departments_that_holds_only_marks_is_an_error():
    assert "沒有單位名稱" in said(table(changed(FIRST, u="、")).problems)


def test_errors_and_formulas_without_value_are_errors_and_no_blanks():
    found = table(FIRST, changed(SECOND, s="#REF!", m="#N/A", b="#DIV/0!"))
    assert messages(found.problems) == [(3, "實施策略"), (3, "推動方法"), (3, "預期效益")]
    assert "錯誤值 #REF!" in said(found.problems)


def test_a_deadline_cell_merged_over_the_lines_of_an_action_is_dealt_out_over_their_departments():
    rows = (HEADINGS, changed(FIRST, d="115年6月\n115年12月"), ["", "", "", "", "", "資訊室", ""])
    merges = [f"{letter}2:{letter}3" for letter in "ABCDEG"]
    (row,) = table_of(xlsx_table(rows, *merges)).rows
    assert row.departments == (FIRST[5], "資訊室")
    assert [deadline.text for deadline in row.deadlines] == ["115年6月", "115年12月"]
    (problem,) = table_of(
        xlsx_table((*rows[:2], ["", "", "", "", "", "資訊室、政風室", ""]), *merges)
    ).problems
    assert "有 2 個，「主辦單位」有 3 個" in problem.message


@pytest.mark.parametrize("letter", "smpab")
@pytest.mark.parametrize("text", ["同上", "〃"])
def test_a_ditto_is_an_error_and_no_text(letter, text):
    (problem,) = table(FIRST, changed(SECOND, **{letter: text})).problems
    assert f"寫的是「{text}」" in problem.message


def test_text_is_trimmed_newlines_are_plain_and_control_characters_go_with_a_note():
    found = table_of(
        csv_bytes(
            [HEADINGS, changed(FIRST, a=" \u3000檢討\r\n申辦\x00\x07流程。\n ", p="計畫\r內容")]
        ),
        "a.csv",
    )
    assert found.rows[0].action == "檢討\n申辦流程。"
    assert found.rows[0].plan == "計畫\n內容"
    assert "控制字元" in said(found.warnings)


@pytest.mark.parametrize(
    "written",
    ["港務處、資訊室", "港務處，資訊室", "港務處,資訊室", "港務處／資訊室", "港務處/資訊室", "港務處；資訊室", "港務處;資訊室",
     "港務處\n資訊室", "港務處､資訊室", "港務處 資訊室", "港務處　資訊室", "港務處、\n資訊室、", "港　務　處\n資　訊　室"],
)  # fmt: skip
def test_departments_are_parted_by_any_usual_mark(written):
    assert table(changed(FIRST, u=written)).rows[0].departments == ("港務處", "資訊室")


def test_every_department_is_known_with_any_white_space():
    assert table(changed(FIRST, u=" 各單位\u200b")).rows[0].departments == ("各單位",)


@pytest.mark.parametrize(
    "written",
    [
        "115年6月\n115年9月",
        "115年6月、115年9月",
        "115年6月 115年9月",
        "115 年 6 月\n115 年 9 月",
        "115年6月115年9月",
    ],
)
def test_as_many_deadlines_as_departments_go_in_pairs(written):
    found = table(changed(FIRST, d=written, u="港務處、資訊室"))
    assert [deadline.date.month for deadline in found.rows[0].deadlines] == [6, 9]


def test_one_deadline_holds_for_all_departments():
    assert len(table(changed(FIRST, u="港務處、資訊室")).rows[0].deadlines) == 1


@pytest.mark.parametrize("names", ["業務處", "業務處、港務處、資訊室"])
def test_another_count_of_deadlines_is_an_error(names):
    (problem,) = table(changed(FIRST, d="115年6月\n115年9月", u=names)).problems
    assert "無法一一對應" in problem.message
    assert "E2" in problem.message


@pytest.mark.parametrize("names", ["", "、", "#REF!"])
def test_several_deadlines_without_a_department_are_one_error_and_no_crash(names):
    found = table(changed(FIRST, d="115年6月\n115年9月", u=names))
    assert messages(found.problems) == [(2, "主辦單位")]
    assert (found.rows[0].deadlines, found.rows[0].departments) == ((), ())


def test_more_departments_than_a_cell_may_name_are_an_error():
    names = [f"第{number}處" for number in range(101)]
    assert len(table(changed(FIRST, u="、".join(names[:100]))).rows[0].departments) == 100
    (problem,) = table(changed(FIRST, u="、".join(names))).problems
    assert "超過每格 100 個單位" in problem.message


def test_of_several_deadlines_the_one_that_is_wrong_is_named():
    (problem,) = table(changed(FIRST, d="115年6月\n115年13月", u="港務處、資訊室")).problems
    assert "「115年13月」沒有 13 月" in problem.message


def test_all_errors_are_told_at_once():
    rows = [
        changed(FIRST, s="", d="115.1"),
        changed(SECOND, a="", u=""),
        changed(THIRD, d="15/3/31"),
    ]
    assert messages(table(*rows).problems) == [
        (2, "完成期限"), (2, "實施策略"), (3, "主辦單位"), (3, "具體推動作法"), (4, "完成期限"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "strategy"),
    [
        ("1. 完備基礎", (1, "完備基礎")), ("１．完備基礎", (1, "完備基礎")), ("一、完備基礎", (1, "完備基礎")),
        ("（二）完備基礎", (2, "完備基礎")), ("十二、完備基礎", (12, "完備基礎")), ("貳、完備基礎", (2, "完備基礎")),
        ("3、完備基礎", (3, "完備基礎")), ("完備基礎", (None, "完備基礎")), ("2.5 倍成長", (None, "2.5 倍成長")),
        ("115年完備基礎", (None, "115年完備基礎")), ("一般服務", (None, "一般服務")),
    ],
)  # fmt: skip
def test_a_strategy_has_a_number_and_a_title(written, strategy):
    assert strategy_of(table(changed(FIRST, s=written)).rows[0]) == strategy


@pytest.mark.parametrize("heading", ["項次編號", "代碼", "編號", "項次"])
def test_a_code_column_gives_codes(heading):
    found = table((*FIRST, "115-01"), (*SECOND, ""), headings=(*HEADINGS, heading))
    assert ([row.code for row in found.rows], found.notes) == (["115-01", ""], ())


@pytest.mark.parametrize("heading", ["編號", "項次"])
def test_a_running_number_is_no_code(heading):
    found = table((*FIRST, "1"), (*SECOND, "2"), headings=(*HEADINGS, heading))
    assert [row.code for row in found.rows] == ["", ""]
    assert "流水號" in "".join(found.notes)
    assert [
        row.code
        for row in table((*FIRST, "1-1"), (*SECOND, "一、"), headings=(*HEADINGS, heading)).rows
    ] == [
        "",
        "",
    ]


@pytest.mark.parametrize("headings", [("序號", "項次編號"), ("項次編號", "序號")])
def test_a_running_number_beside_the_codes_is_no_second_code(headings):
    values = {"序號": "1", "項次編號": "115-04"}
    found = table(
        (*FIRST, *(values[heading] for heading in headings)), headings=(*HEADINGS, *headings)
    )
    assert [row.code for row in found.rows] == ["115-04"]
    assert found.problems == ()


def test_the_second_line_of_a_heading_names_what_the_first_only_groups():
    upper = (*HEADINGS[:6], "", HEADINGS[6])
    lower = ("", "", "", "", "", "主辦單位", "協辦單位", "")
    row = (*FIRST[:6], "港務處", FIRST[6])
    merges = [f"{letter}1:{letter}2" for letter in "ABCDEH"]
    found = table_of(xlsx_table((upper, lower, row), *merges, "F1:G1"))
    assert found.rows[0].departments == (FIRST[5],)
    assert found.rows[0].supporting == ("港務處",)
    assert found.heading_row == 2


def test_supporting_departments_have_a_column_of_their_own_if_any():
    assert table(FIRST).rows[0].supporting is None
    found = table((*FIRST, "港務處、資訊室"), (*SECOND, ""), headings=(*HEADINGS, "協辦單位"))
    assert [row.supporting for row in found.rows] == [("港務處", "資訊室"), ()]


@pytest.mark.parametrize(
    "row",
    [
        ["合計", "3"],
        ["總計：3項"],
        ["合計", "", "", "33項", "", "", ""],
        ["註：本表每季檢討。"],
        ["備註：略"],
        ["※ 說明"],
        ["第 1 頁，共 9 頁"],
        ["1/9"],
        ["承辦人："],
    ],
)
def test_totals_footnotes_and_page_numbers_are_ignored_with_a_reason(row):
    found = table(*ROWS, row)
    assert texts(found) == [*ROWS]
    assert found.ignored[0].number == 5
    assert not found.problems


@pytest.mark.parametrize("text", ["備註：略", "承辦人員：略", "說明：略"])
def test_the_same_words_inside_the_table_are_never_passed_over(text):
    assert table(FIRST, ["", "", "", text]).problems
    found = page(changed(FIRST, a="檢討"), HEADINGS, ["", "", "", text, "", "", ""])
    assert found.rows[0].action == f"檢討{text}"


def test_a_numbered_line_in_a_dump_is_never_passed_over():
    assert table_of(f"{dump_text(TABLE)}\n3. 新的策略\n".encode(), "計畫.txt").problems


def test_a_benefit_that_may_have_been_cut_is_said_and_not_guessed():
    found = page(
        SECOND, changed(FIRST, b="提升"), HEADINGS, changed(SECOND, s="", m="", p="", b="效率。")
    )
    assert (found.rows[1].benefit, found.rows[2].benefit) == ("提升", "效率。")
    assert "可能被換頁切斷" in said(found.warnings)


def test_a_row_of_other_columns_alone_is_ignored_with_a_reason():
    found = table(FIRST, [""] * 7 + ["附註"], headings=(*HEADINGS, "備考"))
    assert found.ignored == ((3, "計畫表的欄位都是空白，或都在上面的合併儲存格內"),)


def test_a_title_across_the_table_is_an_error_and_never_passed_over():
    assert table(FIRST, ["二、新的策略"], THIRD).problems
