"""The heading row: synonyms, second lines, repeated and other headings."""

import pytest

from items.exchange.spreadsheets.refused import Refused
from tests.items.exchange.plan_table.small_tables import (
    FIRST,
    SECOND,
    THIRD,
    changed,
    table,
)
from tests.items.exchange.spreadsheets.files import (
    HEADINGS,
    ROWS,
    xlsx_table,
)
from tests.items.exchange.spreadsheets.reading import table_of, texts


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


@pytest.mark.parametrize(("merge", "column"), [("A1:A2", "實施策略"), ("F1:G2", "主辦單位")])
def test_a_heading_merged_into_a_row_of_the_table_is_an_error_with_its_range(merge, column):
    (problem,) = table_of(xlsx_table((HEADINGS, FIRST, SECOND), merge)).problems
    assert (problem.row, problem.column) == (2, column)
    assert merge in problem.message


def test_a_heading_without_rows_is_refused():
    with pytest.raises(Refused, match="沒有資料列"):
        table()
