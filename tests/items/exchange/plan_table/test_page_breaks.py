"""Cells cut by the page, joined with their rest."""

import pytest

from tests.items.exchange.plan_table.small_tables import (
    FIRST,
    SECOND,
    THIRD,
    changed,
    messages,
    page,
)
from tests.items.exchange.spreadsheets.files import (
    HEADINGS,
)
from tests.items.exchange.spreadsheets.reading import texts


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
