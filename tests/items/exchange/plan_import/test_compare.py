"""What a file would do to the plan, before anything is written."""

import pytest

from items.exchange.plan_import.preview import Status
from items.models import (
    Action,
    Assignment,
    Change,
    Method,
    Plan,
    Strategy,
)
from tests.items.exchange.official_rows import (
    HEADINGS,
    TEXT,
    bring_in,
    exported,
    look,
    row,
    rows_of,
    without_codes,
)
from tests.making import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.one_engine
def test_the_approved_text_is_read_as_33_items_that_are_all_there_already(plan):
    preview = look(TEXT.read_bytes(), plan)
    assert preview.counts == {
        "new": 0,
        "changed": 0,
        "unchanged": 33,
        "error": 0,
        "ignored": 10,
        "missing": 0,
    }
    assert preview.rows_read == 43
    assert not preview.does_something


@pytest.mark.one_engine
@pytest.mark.parametrize("with_codes", [True, False])
def test_the_plans_own_rows_are_unchanged_with_and_without_codes(plan, with_codes):
    rows = rows_of(plan) if with_codes else without_codes(rows_of(plan))
    assert look(rows, plan).counts["unchanged"] == 33


@pytest.mark.one_engine
def test_merged_blank_and_filled_down_are_one_table(plan):
    filled = without_codes(rows_of(plan))
    blank = [list(cells) for cells in filled]
    for above, cells in zip(filled[1:], blank[2:], strict=False):
        for column in range(3):
            if above[: column + 1] == filled[blank.index(cells)][: column + 1]:
                cells[column] = ""
    assert sum(not cells[0] for cells in blank) == 27
    for rows in (filled, blank, exported(plan, "xlsx"), TEXT.read_bytes()):
        preview = look(rows, plan)
        assert (preview.counts["unchanged"], preview.errors) == (33, ())


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("column", "text"),
    [
        (4, "改寫過的作法"),
        (7, "改寫過的效益。"),
        (5, "115年6月"),
        (6, "政風室"),
        (6, "業務處、工程處"),
    ],
)
def test_one_changed_cell_is_shown_with_old_and_new(plan, column, text):
    rows = rows_of(plan)
    heading, old = rows[0][column], rows[1][column]
    rows[1][column] = text
    preview = look(rows, plan)
    assert preview.counts["changed"] == 1
    assert preview.counts["unchanged"] == 32
    (change,) = preview.rows[0].changes
    assert (change.heading, change.old, change.new) == (heading, old, text.replace("、", "\n"))


@pytest.mark.one_engine
def test_an_edited_text_without_code_is_new_and_the_likely_pair_is_named(plan):
    rows = without_codes(rows_of(plan))
    rows[1][3] = "全新的文字"
    preview = look(rows, plan)
    assert preview.counts["new"] == 1
    assert [kept.code for kept in preview.missing] == ["115-01"]
    assert any("如果是改寫 115-01 的文字" in warning.message for warning in preview.warnings)


def test_a_strategy_is_told_by_its_number_so_that_a_new_title_changes_it(plan):
    rows = without_codes(rows_of(plan))
    for cells in rows[1:]:
        cells[0] = cells[0].replace("完備基礎服務項目", "健全基礎服務項目")
    preview = look(rows, plan)
    assert preview.counts["changed"] == 7
    assert [(each.heading, each.rows) for each in preview.renamed] == [("實施策略", 7)]
    assert all(not change.is_own for row in preview.rows for change in row.changes)


@pytest.mark.parametrize("with_codes", [True, False])
def test_a_plan_whose_items_all_stay_is_given_its_new_text(plan, with_codes, coordinator):
    rows = rows_of(plan)
    old = rows[2][3]
    for cells in rows[1:]:
        cells[3] = "改寫過的計畫" if cells[3] == old else cells[3]
    rows = rows if with_codes else without_codes(rows)
    assert [(each.old, each.new) for each in look(rows, plan).renamed] == [(old, "改寫過的計畫")]
    bring_in(rows, plan, coordinator, NOW)
    assert Plan.objects.count() == 22
    assert Action.objects.get(code="115-02").plan.title == "改寫過的計畫"


def test_an_item_under_another_plan_is_moved(plan, coordinator):
    rows = rows_of(plan)
    rows[2][1:4] = rows[1][1:4]
    preview = look(rows, plan)
    assert [change.heading for change in preview.rows[1].changes] == ["推動方法", "執行計畫"]
    bring_in(rows, plan, coordinator, NOW)
    assert Action.objects.get(code="115-02").plan_id == Action.objects.get(code="115-01").plan_id
    assert [action.code for action in Action.objects.in_order()][:3] == [
        "115-01",
        "115-02",
        "115-03",
    ]


def test_new_items_get_the_next_codes_in_the_order_of_the_file(plan):
    rows = [*without_codes(rows_of(plan)), row("第一個新的"), row("第二個新的")]
    new = look([[*HEADINGS], *rows[1:]], plan).with_status(Status.NEW)
    assert [(each.code, each.title) for each in new] == [
        ("115-34", "第一個新的"),
        ("115-35", "第二個新的"),
    ]


@pytest.mark.one_engine
def test_items_that_the_file_lacks_are_listed_and_kept(plan, coordinator):
    rows = rows_of(plan)
    missing = rows.pop(5)
    preview = look(rows, plan)
    assert [(kept.code, kept.title) for kept in preview.missing] == [(missing[0], missing[4])]
    assert bring_in(rows, plan, coordinator, NOW) is None
    assert Action.objects.count() == 33


@pytest.mark.one_engine
def test_a_table_of_another_year_is_taken_with_a_warning(plan):
    preview = look([["114年度提升服務品質執行計畫"], HEADINGS, row()], plan)
    assert "標題寫的是 114 年度" in preview.other_year
    assert preview.counts["new"] == 1


def test_queries_do_not_grow_with_the_rows(plan, django_assert_num_queries, coordinator):
    few = [HEADINGS, *(row(f"第 {number} 項", 執行計畫=f"計畫 {number}") for number in range(3))]
    many = [HEADINGS, *(row(f"第 {number} 項", 執行計畫=f"計畫 {number}") for number in range(300))]
    with django_assert_num_queries(10):
        look(few, plan)
    with django_assert_num_queries(10):
        look(many, plan)


@pytest.mark.one_engine
def test_comparing_writes_nothing(plan):
    before = [
        model.objects.count() for model in (Strategy, Method, Plan, Action, Assignment, Change)
    ]
    look([HEADINGS, row()], plan)
    assert [
        model.objects.count() for model in (Strategy, Method, Plan, Action, Assignment, Change)
    ] == before
