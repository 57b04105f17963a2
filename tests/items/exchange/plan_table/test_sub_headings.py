"""A heading that is divided into several columns."""

import pytest

from items.exchange.spreadsheets.refused import Refused
from tests.items.exchange.plan_table.small_tables import FIRST, table
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
