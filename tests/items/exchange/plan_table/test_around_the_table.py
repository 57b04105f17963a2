"""What stands around a table and is no row of it: a divided heading, signatures, notes."""

import pytest

from items.exchange.spreadsheets.refused import Refused
from tests.items.exchange.plan_table.small_tables import FIRST, SECOND, changed, table
from tests.items.exchange.spreadsheets.files import HEADINGS, csv_bytes
from tests.items.exchange.spreadsheets.reading import table_of

DIVIDED = (*HEADINGS[:5], "", *HEADINGS[5:])
SUB_HEADINGS = ("", "", "", "", "原訂", "修正後", "", "")
ROW = (*FIRST[:4], "115年2月", "115年10月", *FIRST[5:])
UNDIVIDED = [f"{letter}1:{letter}2" for letter in "ABCDGH"]


@pytest.mark.parametrize(
    ("rows", "merges"),
    [
        ((SUB_HEADINGS, ROW), ["E1:F1", *UNDIVIDED]),
        ((SUB_HEADINGS, ROW), ["E1:F1"]),
        ((SUB_HEADINGS, ROW), []),
        (((*SUB_HEADINGS[:4], "期限", "展延", "", ""), ROW), ["E1:F1", *UNDIVIDED]),
    ],
)
def test_a_heading_over_sub_headings_is_refused_with_its_cells(rows, merges):
    with pytest.raises(Refused) as refusal:
        table(*rows, headings=DIVIDED, merges=merges)
    words = refusal.value.message
    assert "表頭「完成期限」（E1）下面還分成 2 欄" in words
    for cell in ("（E2）", "（F2）"):
        assert cell in words
    assert "請只留要採用的那一欄" in words


def test_a_heading_over_sub_headings_is_refused_in_csv_as_well():
    with pytest.raises(Refused, match="完成期限」（E1）下面還分成 2 欄"):
        table_of(csv_bytes((DIVIDED, SUB_HEADINGS, ROW)), "計畫.csv")


def test_a_heading_over_two_columns_of_which_one_is_empty_is_no_question():
    row = (*FIRST[:5], "", *FIRST[5:])
    read = table(row, headings=DIVIDED, merges=["E1:F1"])
    assert [found.deadline_text for found in read.rows] == [FIRST[4]]


def test_a_title_that_is_called_as_a_heading_is_no_divided_heading():
    title = ("執行計畫", "", "", "", "", "", "")
    read = table(HEADINGS, FIRST, headings=title, merges=["A1:G1"])
    assert len(read.rows) == 1


def test_lead_and_support_under_one_heading_leave_no_doubt():
    heading = (*HEADINGS[:5], "主辦單位", "", "預期效益")
    below = (*[""] * 5, "主辦", "協辦", "")
    row = (*FIRST[:6], "資訊室", FIRST[6])
    merges = ["F1:G1", *[f"{letter}1:{letter}2" for letter in "ABCDEH"]]
    read = table(below, row, headings=heading, merges=merges)
    assert read.rows[0].departments == (FIRST[5],)
    assert read.rows[0].supporting == ("資訊室",)


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
