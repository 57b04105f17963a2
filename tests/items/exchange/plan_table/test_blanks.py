"""Blank and merged cells, and what they stand for."""

import pytest

from items.exchange.spreadsheets.refused import Refused
from tests.items.exchange.plan_table.small_tables import (
    FIRST,
    SECOND,
    THIRD,
    changed,
    messages,
    said,
    table,
)
from tests.items.exchange.spreadsheets.files import (
    ROWS,
)
from tests.items.exchange.spreadsheets.reading import texts


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
    merged_cells = [row[:3] + row[4:6] for row in texts(found)]
    of_the_first = FIRST[:3] + FIRST[4:6]
    assert merged_cells == [of_the_first, of_the_first, of_the_first]


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
    first, second, *_ = found.rows
    assert second.method == first.method
    assert second.plan == first.plan
