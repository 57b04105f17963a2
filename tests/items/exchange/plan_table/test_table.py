"""The official table: headings, blanks and merges, cells cut by the page, and what is an error."""

import pytest

from items.exchange.plan_table.headings import candidate_sheets
from items.exchange.plan_table.table import read_table
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import Refused
from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.files import (
    HEADINGS,
    ROWS,
    TABLE,
    csv_bytes,
    dump_text,
    xlsx_table,
)
from tests.items.exchange.spreadsheets.reading import table_of, texts

FIRST, SECOND, THIRD = ROWS


def changed(row, **columns):
    """A row with other text under the headings s, m, p, a, d, u (department), b."""
    return tuple(columns.get(letter, text) for letter, text in zip("smpadub", row, strict=True))


def table(*rows, headings=HEADINGS, merges=()):
    return table_of(xlsx_table((headings, *rows), *merges))


def messages(found):
    return [(problem.row, problem.column) for problem in found]


def strategy_of(row):
    return (row.strategy_number, row.strategy_title)


def said(found):
    return "\n".join(problem.message for problem in found)


def test_a_plain_table_is_read_as_it_stands():
    found = table(*ROWS)
    assert texts(found) == [*ROWS]
    assert [row.number for row in found.rows] == [2, 3, 4]
    assert (found.problems, found.ignored, found.rows_read) == ((), (), 3)
    assert strategy_of(found.rows[0]) == (1, "完備基礎")
    assert found.rows[0].cells["完成期限"] == "E2"


# Headings


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("辦理期限", "完成期限"), ("期限", "完成期限"), ("完成時限", "完成期限"), ("承辦單位", "主辦單位"),
        ("主辦機關", "主辦單位"),
        ("主(協)辦單位", "主辦單位"), ("主（協）辦單位", "主辦單位"), ("權責單位", "主辦單位"), ("策略", "實施策略"),
        ("具體作法", "具體推動作法"), ("具體推動做法", "具體推動作法"), ("推動作法", "具體推動作法"), ("效益", "預期效益"),
        ("預期成果", "預期效益"), ("完成\n期限", "完成期限"), ("主 辦 單 位", "主辦單位"), ("預期\u200b效益", "預期效益"),
        ("　實施策略　", "實施策略"),
    ],
)  # fmt: skip
def test_a_heading_is_known_by_its_synonyms_and_whatever_white_space_it_has(written, name):
    headings = [written if heading == name else heading for heading in HEADINGS]
    assert texts(table(*ROWS, headings=headings)) == [*ROWS]


def test_columns_may_stand_in_any_order_with_others_between_them():
    rows = [(*reversed(row), "備考") for row in ROWS]
    found = table(*rows, headings=(*reversed(HEADINGS), "備考欄"))
    assert texts(found) == [*ROWS]
    assert found.ignored_columns == ("備考欄（H 欄）",)


def test_a_column_without_heading_is_named_where_it_holds_text():
    found = table((*FIRST, "", "旁註"), SECOND)
    assert found.ignored_columns == ("沒有表頭（I 欄）",)


@pytest.mark.parametrize("name", HEADINGS)
def test_a_missing_heading_is_refused_by_name(name):
    headings = ["別的" if heading == name else heading for heading in HEADINGS]
    with pytest.raises(Refused, match=f"缺少欄位：「{name}」"):
        table(*ROWS, headings=headings)


@pytest.mark.parametrize("other", ["完成期限", "辦理期限"])
def test_a_heading_that_stands_twice_is_refused_by_name(other):
    with pytest.raises(Refused, match="重複的欄位：「完成期限」（E、H 欄）"):
        table(*ROWS, headings=(*HEADINGS, other))


def test_lines_above_the_heading_give_title_and_year():
    found = table_of(
        xlsx_table(
            [["115年度提升服務品質執行計畫"], ["115年4月27日核定"], [], HEADINGS, *ROWS], "A1:G1"
        )
    )
    assert (found.title, found.year) == ("115年度提升服務品質執行計畫", 115)
    assert [ignored.number for ignored in found.ignored] == [1, 2]
    assert found.heading_row == 4


def test_the_title_that_stands_again_on_each_page_is_no_row():
    title = ["115年度提升服務品質執行計畫"]
    found = table_of(xlsx_table([title, HEADINGS, FIRST, title, HEADINGS, SECOND]))
    assert (len(found.rows), found.problems) == (2, ())
    assert [ignored.number for ignored in found.ignored] == [1, 4, 5]


def test_a_numbered_line_above_the_table_that_stands_again_in_it_is_never_passed_over():
    strategy = ["2. 視服務對象"]
    assert table_of(xlsx_table([strategy, HEADINGS, FIRST, strategy, SECOND])).problems


@pytest.mark.parametrize(("above", "is_found"), [(29, True), (30, False)])
def test_the_heading_is_looked_for_in_the_first_thirty_rows(above, is_found):
    data = xlsx_table([*[["文字"]] * above, HEADINGS, *ROWS])
    if is_found:
        assert len(table_of(data).rows) == 3
    else:
        with pytest.raises(Refused, match="前 30 列找不到表頭"):
            table_of(data)


def test_a_later_identical_heading_is_skipped():
    found = table(FIRST, HEADINGS, SECOND, tuple(f" {heading} " for heading in HEADINGS), THIRD)
    assert texts(found) == [*ROWS]
    assert found.ignored == ((3, "重複的表頭"), (5, "重複的表頭"))


def test_a_later_heading_that_says_the_same_by_synonyms_is_skipped():
    other = ["辦理期限" if heading == "完成期限" else heading for heading in HEADINGS]
    assert table(FIRST, other, SECOND).ignored == ((3, "重複的表頭"),)


def test_a_later_heading_in_another_order_is_an_error_that_names_the_first_cell():
    (problem,) = table(FIRST, (*HEADINGS[:4], "主辦單位", "完成期限", "預期效益"), SECOND).problems
    assert (problem.row, problem.column) == (3, "完成期限")
    assert "另一個表頭" in problem.message
    assert "E3" in problem.message


def test_a_heading_of_two_merged_rows_breaks_no_page():
    rows = (HEADINGS, ["", "", "", "", "年月"], changed(FIRST, b=""))
    found = table_of(xlsx_table(rows, *[f"{letter}1:{letter}2" for letter in "ABCDFG"]))
    assert (texts(found), found.problems) == ([changed(FIRST, b="")], ())
    assert found.ignored == ((2, "表頭的第二行"),)


def test_a_heading_of_two_lines_may_stand_again_on_each_page():
    lines = [
        (*HEADINGS[:5], "單位", "", HEADINGS[6]),
        ("", "", "", "", "", "主辦單位", "協辦單位", ""),
    ]
    rows = [*lines, (*FIRST[:6], "", FIRST[6]), *lines, (*SECOND[:6], "", SECOND[6])]
    merges = [f"{letter}{top}:{letter}{top + 1}" for letter in "ABCDEH" for top in (1, 4)]
    found = table_of(xlsx_table(rows, *merges, "F1:G1", "F4:G4"))
    assert (texts(found), found.problems) == ([FIRST, SECOND], ())
    assert [ignored.number for ignored in found.ignored] == [1, 4, 5]


@pytest.mark.parametrize("merge", ["A1:A2", "F1:G2"])
def test_a_heading_merged_into_a_row_of_the_table_is_an_error_with_its_range(merge):
    (problem,) = table_of(xlsx_table((HEADINGS, FIRST, SECOND), merge)).problems
    assert (problem.row, problem.column) == (2, "實施策略" if merge[0] == "A" else "主辦單位")
    assert merge in problem.message


def test_a_heading_without_rows_is_refused():
    with pytest.raises(Refused, match="沒有資料列"):
        table()


# Blanks and merges


def test_blank_in_the_first_three_columns_means_as_above():
    found = table(FIRST, changed(SECOND, s="", m="", p=""))
    assert texts(found) == [FIRST, changed(SECOND)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (changed(THIRD, m=""), "推動方法"),
        (changed(THIRD, p=""), "執行計畫"),
        (changed(SECOND, s="", m="別的方法", p=""), "執行計畫"),
        (changed(THIRD, m=FIRST[1], p=""), "執行計畫"),
    ],
)
def test_blank_is_an_error_once_a_column_to_its_left_has_changed(row, column):
    assert messages(table(FIRST, row).problems) == [(3, column)]


def test_the_same_text_again_to_the_left_is_no_change():
    assert texts(table(FIRST, changed(SECOND, p=""))) == [FIRST, SECOND]


@pytest.mark.parametrize("column", "smp")
def test_blank_in_the_first_row_has_nothing_above(column):
    (problem,) = table(changed(FIRST, **{column: ""})).problems
    assert problem.row == 2
    assert "沒有可以沿用的內容" in problem.message


@pytest.mark.parametrize(
    ("column", "name"), [("a", "具體推動作法"), ("u", "主辦單位"), ("d", "完成期限")]
)
def test_a_blank_action_department_or_deadline_is_an_error(column, name):
    found = table(FIRST, changed(SECOND, **{column: ""}), THIRD)
    assert messages(found.problems) == [(3, name)]
    assert len(found.rows) == 3


def test_blank_benefit_outside_of_a_merge_stays_blank_with_a_warning():
    found = table(FIRST, changed(SECOND, b=""))
    assert found.rows[1].benefit == ""
    assert messages(found.warnings) == [(3, "預期效益")]


def test_benefit_inside_a_merge_is_its_top_left_value():
    found = table(FIRST, changed(SECOND, b=""), merges=["G2:G3"])
    assert [row.benefit for row in found.rows] == [FIRST[6], FIRST[6]]
    assert not found.warnings


def test_every_place_in_a_merge_holds_its_top_left_value():
    rows = [
        FIRST,
        changed(SECOND, s="", m="", p="", d="", u=""),
        changed(THIRD, s="", m="", p="", d="", u=""),
    ]
    found = table(*rows, merges=["A2:A4", "B2:B4", "C2:C4", "E2:E4", "F2:F4"])
    assert [row[:3] + row[4:6] for row in texts(found)] == [FIRST[:3] + FIRST[4:6]] * 3


def test_one_merge_may_cover_two_columns():
    found = table(changed(FIRST, a=""), merges=["C2:D2"])
    assert found.rows[0].action == found.rows[0].plan == FIRST[2]


def test_text_hidden_under_a_merge_is_not_taken_and_said():
    found = table(FIRST, changed(SECOND, s="看不見"), merges=["A2:A3"])
    assert found.rows[1].strategy_text == FIRST[0]
    assert "看不見，未採用" in said(found.warnings)


def test_a_row_wholly_under_merges_is_no_action():
    found = table(
        FIRST, [""] * 6 + ["藏"], THIRD, merges=[f"{letter}2:{letter}3" for letter in "ABCDEFG"]
    )
    assert [row.number for row in found.rows] == [2, 4]
    assert [ignored.number for ignored in found.ignored] == [3]


def test_lines_of_one_merged_action_are_one_action_with_a_deadline_for_each_department():
    rows = [changed(FIRST, d="115年6月"), ["", "", "", "", "115年9月", "資訊室"], THIRD]
    found = table(*rows, merges=["A2:A3", "B2:B3", "C2:C3", "D2:D3", "G2:G3"])
    first = found.rows[0]
    assert first.numbers == (2, 3)
    assert first.departments == ("業務處", "資訊室")
    assert [str(deadline.date) for deadline in first.deadlines] == ["2026-06-30", "2026-09-30"]
    assert not found.problems


def test_a_second_line_that_adds_a_benefit_alone_adds_no_department():
    rows = [FIRST, [*[""] * 6, "另一效益。"]]
    (found,) = table(*rows, merges=[f"{letter}2:{letter}3" for letter in "ABCDEF"]).rows
    assert (found.departments, len(found.deadlines)) == (("業務處",), 1)
    assert found.benefit == "提升效率。\n另一效益。"


def test_absurd_and_overlapping_merges_are_bounded_and_said():
    found = table(
        *ROWS, merges=["A2:A3", "A3:A1048576", "J1:XFD1048576", "A1:A1", "B9:A8", "rubbish"]
    )
    assert [row.strategy_text for row in found.rows] == [FIRST[0], FIRST[0], THIRD[0]]
    assert "A3:A1048576" in next(note for note in found.notes if "重疊" in note)
    assert "合併範圍「rubbish」不正確" in "".join(found.notes)


def test_a_merge_over_the_whole_sheet_leaves_no_table():
    with pytest.raises(Refused, match="合併儲存格蓋住"):
        table(*ROWS, merges=["A1:XFD1048576"])


def test_a_strategy_written_with_another_space_is_unchanged_for_the_blanks_beside_it():
    found = table(FIRST, changed(SECOND, s="１.完備基礎", m="", p=""))
    assert found.problems == ()
    assert (found.rows[1].method, found.rows[1].plan) == (found.rows[0].method, found.rows[0].plan)


# Values


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
    first, second = (*HEADINGS[:6], "", HEADINGS[6]), (*[""] * 5, "主辦單位", "協辦單位", "")
    row = (*FIRST[:6], "港務處", FIRST[6])
    found = table_of(
        xlsx_table((first, second, row), *[f"{letter}1:{letter}2" for letter in "ABCDEH"], "F1:G1")
    )
    assert (found.rows[0].supporting, found.rows[0].departments) == (("港務處",), (FIRST[5],))
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


# Cells cut by the page


def page(*rows):
    return table_of(dump_text((HEADINGS, *rows)).encode(), "計畫.txt")


def test_the_rest_of_a_cut_row_is_joined_and_said():
    found = page(
        changed(FIRST, a="檢討申辦", b="提升"),
        [],
        HEADINGS,
        ["", "", "", "流程。", "", "", "效率。"],
        SECOND,
    )
    assert texts(found) == [FIRST, SECOND]
    assert found.rows[0].numbers == (2, 5)
    assert messages(found.warnings) == [(5, "具體推動作法"), (5, "預期效益")]


def test_the_rest_of_a_benefit_goes_on_under_its_own_plan():
    other = changed(SECOND, p="另一計畫。", b="")
    found = page(FIRST, other, HEADINGS, [*[""] * 6, "另一效益。"])
    assert [row.benefit for row in found.rows] == [FIRST[6], "另一效益。"]


def test_a_cell_is_not_joined_beyond_what_a_cell_may_hold():
    found = page(changed(FIRST, a="字" * 32_000), HEADINGS, ["", "", "", "字" * 800, "", "", ""])
    assert messages(found.problems) == [(2, "具體推動作法")]
    assert len(found.rows[0].action) == 32_000


def test_a_cell_cut_by_two_pages_is_joined_twice():
    rest = [["", "", "", text, "", "", ""] for text in ("申辦", "流程。")]
    assert texts(page(changed(FIRST, a="檢討"), HEADINGS, rest[0], HEADINGS, rest[1])) == [FIRST]


def test_a_cut_method_is_joined_for_all_rows_that_stand_under_it():
    second = changed(SECOND, s="", m="", p="")
    found = page(changed(FIRST, m="建立"), second, HEADINGS, ["", "流程。"] + [""] * 5)
    assert [row.method for row in found.rows] == ["建立流程。"] * 2


def test_an_action_of_its_own_may_carry_the_rest_of_method_and_plan():
    rows = [
        changed(FIRST, m="建立", p="檢討"),
        HEADINGS,
        changed(SECOND, s="", m="流程。", p="辦法。", b=""),
    ]
    found = page(*rows)
    assert texts(found) == [FIRST, changed(SECOND, b=FIRST[6])]


def test_a_numbered_strategy_is_no_rest_of_another():
    found = page(FIRST, HEADINGS, changed(THIRD, d="", u=""))
    assert texts(found)[0] == FIRST
    assert messages(found.problems) == [(4, "主辦單位"), (4, "完成期限")]


@pytest.mark.parametrize(
    "after",
    [
        {"s": "", "m": "另一方法", "p": "另一計畫", "b": ""},
        {"s": "", "m": "", "p": "另一計畫", "b": ""},
        {"s": "", "m": "另一方法", "p": "另一計畫"},
        {"s": "另一策略", "m": "另一方法", "p": "另一計畫", "b": ""},
        {"s": "", "m": "方法", "p": "計畫", "b": ""},
        {"s": "策略", "m": "方法", "p": "計畫", "b": ""},
    ],
)
def test_in_a_table_without_full_stops_an_action_after_a_page_brings_what_it_says(after):
    first = changed(FIRST, s="1. 策略", m="方法", p="計畫", b="效益")
    found = page(first, HEADINGS, changed(SECOND, **after))
    texts_of_first, texts_of_second = texts(found)
    assert texts_of_first == first
    for column, letter in enumerate("smp"):
        assert texts_of_second[column] == (after.get(letter) or first[column])


def test_an_action_after_a_page_with_a_method_of_its_own_begins_anew():
    found = page(FIRST, HEADINGS, changed(THIRD, s=""))
    assert texts(found) == [FIRST, changed(THIRD, s=FIRST[0])]


def test_under_a_method_that_begins_anew_no_plan_is_the_rest_of_another():
    found = page(
        changed(FIRST, p="檢討"), HEADINGS, changed(SECOND, s="", m="另一方法。", p="辦法。", b="")
    )
    assert [row.plan for row in found.rows] == ["檢討", "辦法。"]


def test_a_plan_with_a_benefit_of_its_own_is_no_rest_where_nothing_looks_cut():
    found = page(changed(FIRST, p="檢討"), HEADINGS, changed(SECOND, s="", m="", p="辦法。"))
    assert [row.plan for row in found.rows] == ["檢討", "辦法。"]


def test_latin_words_cut_by_the_page_keep_a_space_and_chinese_gets_none():
    rest = ["", "", "", "page 專頁", "", "", "效率。"]
    found = page(changed(FIRST, a="經營 Facebook", b="提升"), HEADINGS, rest)
    assert (found.rows[0].action, found.rows[0].benefit) == (
        "經營 Facebook page 專頁",
        "提升效率。",
    )


def test_without_a_page_break_a_row_without_deadline_and_department_is_an_error():
    assert page(FIRST, ["", "", "", "流程。", "", "", ""]).problems


def test_directly_after_the_first_heading_there_is_nothing_to_continue():
    assert page(["", "", "", "流程。", "", "", ""], FIRST).problems


def test_page_broken_text_repeats_a_blank_benefit_within_one_plan_only():
    found = page(FIRST, changed(SECOND, s="", m="", p="", b=""), changed(THIRD, b=""))
    assert [row.benefit for row in found.rows] == [FIRST[6], FIRST[6], ""]


def test_an_error_in_the_rest_of_a_cut_cell_is_an_error():
    assert page(FIRST, HEADINGS, ["", "", "", "#REF!", "", "", ""]).problems


# Sheets


def test_several_sheets_with_our_headings_are_for_the_caller_to_choose_from():
    book = files.workbook(("甲", "visible", "rId1"), ("乙", "visible", "rId9"))
    targets = files.relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId9", "worksheet", "/xl/other.xml")
    )
    sheet = files.worksheet(files.rows_xml(TABLE))
    more = {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": targets, "xl/other.xml": sheet}
    found = candidate_sheets(read_workbook(files.xlsx(more=more), "計畫.xlsx"))
    assert [sheet.name for sheet in found] == ["甲", "乙"]
    assert len(read_table(found[1], 115).rows) == 3


def test_no_sheet_with_our_headings_is_refused_naming_what_was_looked_for():
    with pytest.raises(Refused, match="「實施策略」、「推動方法」"):
        table_of(xlsx_table([["別的", "表格"]]))
