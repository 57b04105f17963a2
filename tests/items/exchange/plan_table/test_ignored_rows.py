"""What stands below a table and is no row of it: signatures and notes."""

import pytest

from tests.items.exchange.plan_table.small_tables import FIRST, SECOND, changed, table

SIGNATURES = [
    ("承辦人：", "", "", "業務主管：", "", "首長：", ""),
    ("承辦人：　　　業務主管：　　　機關首長：", "", "", "", "", "", ""),
    ("", "", "", "承辦人：", "", "", "單位主管："),
    ("製表：王小明", "", "覆核：", "", "日期：115/11/22", "總經理：", ""),
    ("承辦人", "", "", "業務主管（簽章）：", "", "機關首長", ""),
]


@pytest.mark.parametrize("line", SIGNATURES)
def test_a_signature_line_is_ignored_and_said(line):
    read = table(FIRST, SECOND, line)
    assert read.problems == ()
    assert len(read.rows) == 2
    (ignored,) = read.ignored
    assert ignored.number == 4
    assert ignored.reason.startswith("簽章列「")


NOTES = [
    [("註：本表依核定計畫填列。", "", "", "", "", "", "")],
    [("備註", "本表依核定計畫填列。", "", "", "", "", "")],
    [("備註：1. 本表依核定計畫填列。", *[""] * 6), ("2. 期限以月底計。", *[""] * 6)],
    [("第 1 頁，共 2 頁", *[""] * 6)],
]


@pytest.mark.parametrize("notes", NOTES)
def test_notes_under_the_table_are_ignored_and_said(notes):
    read = table(FIRST, SECOND, *notes)
    assert read.problems == ()
    assert [row.number for row in read.rows] == [2, 3]
    assert [ignored.number for ignored in read.ignored] == [4, 5][: len(notes)]


def test_a_row_of_the_table_below_a_note_is_not_swallowed():
    note = ("備註：以下為新增。", *[""] * 6)
    read = table(FIRST, note, ("2. 只有策略", *[""] * 6), SECOND)
    assert [row.number for row in read.rows] == [2, 4, 5]
    assert read.problems != ()


@pytest.mark.parametrize(
    "row",
    [
        changed(SECOND, a="承辦人：應於期限內回復。"),
        changed(SECOND, a="單位主管"),
        changed(SECOND, u="人事主任"),
    ],
)
def test_a_row_that_speaks_of_people_who_sign_is_a_row(row):
    assert [found.number for found in table(FIRST, row).rows] == [2, 3]


def test_a_department_of_a_merged_action_is_no_signature():
    row = ("", "", "", "", "115年12月", "人事主任", "")
    read = table(FIRST, row, merges=["A2:A3", "B2:B3", "C2:C3", "D2:D3", "G2:G3"])
    assert read.rows[0].departments == (FIRST[5], "人事主任")
