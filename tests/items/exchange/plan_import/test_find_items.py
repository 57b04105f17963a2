"""Which item of the plan a row means: by its code, else by path and text."""

import pytest

from items.models import (
    Action,
    Assignment,
)
from tests.items.exchange.official_rows import (
    HEADINGS,
    bring_in,
    look,
    messages,
    row,
    rows_of,
    without_codes,
)
from tests.making import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("114-01", "114 年度的編號"),
        ("115-99", "不在 115 年度的計畫裡"),
        ("115-001", "與計畫裡的 115-01 是同一個流水號，請照計畫寫成 115-01"),
        ("甲", "不是項次編號"),
        ("2026-04-01", "被試算表改成了日期"),
        ("4", "不是項次編號"),
        ("115-02", "已經出現過"),
    ],
)
def test_a_code_that_is_foreign_unknown_or_used_twice_is_an_error(plan, code, words):
    rows = rows_of(plan)
    rows[3][0] = code
    preview = look(rows, plan)
    assert [(line, where) for line, where, _ in messages(preview)] == [(4, "項次編號")]
    assert words in messages(preview)[0][2]


@pytest.mark.one_engine
def test_two_rows_that_nothing_tells_apart_are_an_error(plan):
    preview = look([HEADINGS, row(), row("另一項"), row()], plan)
    assert [(line, words) for line, _, words in messages(preview)] == [
        (4, "儲存格 D4：與第 2 列完全相同（同一執行計畫、同一作法），請刪除其中一列。")
    ]


@pytest.mark.one_engine
def test_a_row_without_code_that_says_what_one_with_a_code_says_is_an_error(plan):
    rows = rows_of(plan)
    rows.append(["", *rows[1][1:]])
    preview = look(rows, plan)
    assert [(line, column) for line, column, _ in messages(preview)] == [(35, "具體推動作法")]
    assert "與第 2 列完全相同" in preview.errors[0].message


def make_twin(code, of):
    """The item gets the path and the text of another one, as a form may do."""
    other = Action.objects.get(code=of)
    Action.objects.filter(code=code).update(plan=other.plan, title=other.title)


def test_of_two_items_with_one_text_a_row_without_code_cannot_say_which(plan):
    make_twin("115-02", of="115-01")
    preview = look(without_codes(rows_of(plan))[:2], plan)
    assert [(line, column) for line, column, _ in messages(preview)] == [(2, "項次編號")]
    assert "115-01、115-02" in preview.errors[0].message


@pytest.mark.one_engine
def test_a_row_without_code_is_the_item_that_no_code_has_claimed(plan):
    rows = rows_of(plan)
    make_twin("115-02", of="115-01")
    rows[1][4] = "115-01 有編號，改寫了"
    rows[2] = ["", *rows_of(plan)[1][1:]]
    preview = look(rows, plan)
    assert [row.code for row in preview.rows[:2]] == ["115-01", "115-02"]
    assert preview.errors == ()


@pytest.mark.parametrize("twice_in", ["plan", "file"])
def test_a_text_elsewhere_is_no_item_of_ours_where_it_stands_twice(plan, twice_in):
    """Moved to another plan, an item is told by its text alone, and never by a guess."""
    rows = without_codes(rows_of(plan))
    moved = [rows[1][0], "別的方法", "別的計畫", *rows[1][3:]]
    assert look([HEADINGS, moved], plan).rows[0].code == "115-01"
    if twice_in == "plan":
        Action.objects.filter(code="115-33").update(title=moved[3])
    table = [HEADINGS, moved]
    if twice_in == "file":
        table.append([moved[0], "又一方法", *moved[2:]])
    assert {row.status.value for row in look(table, plan).rows} == {"new"}


def test_strategies_without_numbers_are_known_by_their_titles(plan):
    """So that an item is told by its path where two plans hold one text."""
    Action.objects.filter(code="115-33").update(title=Action.objects.get(code="115-01").title)
    rows = without_codes(rows_of(plan))
    for cells in rows[1:]:
        cells[0] = cells[0].partition(". ")[2]
    assert look(rows, plan).counts["unchanged"] == 33


def test_a_row_is_no_other_because_its_strategy_has_no_number(plan):
    rows = without_codes(rows_of(plan))
    title_alone = rows[1][0].partition(". ")[2]
    rows.append([title_alone, *rows[1][1:]])
    places = [(line, column) for line, column, _ in messages(look(rows, plan))]
    assert places == [(35, "具體推動作法")]


def test_a_deadline_is_as_long_as_the_database_takes_it(plan, coordinator):
    longest = "持續辦理" + "甲" * 96
    assert [
        column for _, column, _ in messages(look([HEADINGS, row(完成期限=longest + "乙")], plan))
    ] == ["完成期限"]
    bring_in([HEADINGS, row(完成期限=longest)], plan, coordinator, NOW)
    assert Assignment.objects.get(action__code="115-34").deadline_text == longest


def test_one_strategy_number_with_two_titles_is_an_error(plan):
    preview = look([HEADINGS, row(), row("另一項", 實施策略="1. 別的標題")], plan)
    assert (
        "策略 1 在第 2 列寫的是「完備基礎服務項目，注重服務特性差異化」"
        in preview.errors[0].message
    )


@pytest.mark.one_engine
def test_strategies_that_differ_in_a_mark_alone_are_one_with_a_note(plan):
    same = "1. 完備基礎服務項目、注重服務特性差異化。"
    preview = look([HEADINGS, row(), row("另一項", 實施策略=same)], plan)
    assert preview.errors == ()
    assert [(warning.row, warning.column) for warning in preview.warnings] == [(3, "實施策略")]
    assert "與第 2 列的策略 1 只差標點，當作同一個策略" in preview.warnings[0].message
    assert preview.renamed == ()
    assert {compared.path[0] for compared in preview.rows} == {
        "1. 完備基礎服務項目，注重服務特性差異化"
    }
