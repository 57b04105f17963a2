"""The list on screen as a file: its rows in its order, and by what they were chosen."""

from datetime import date

import pytest
from django.http import QueryDict

from items.exchange.plan_export import listed
from items.exchange.plan_export.filtered import action_table, export_actions
from items.exchange.plan_export.official import official_table
from items.filters import PlanFilter
from items.models import Action, Assignment, Department, Method, Plan
from tests.items.exchange.spreadsheets.reading import sheet_of
from tests.making import TODAY


@pytest.fixture
def on_screen(plan, manager):
    """on_screen("q=甲") → the filter of the list behind this query string."""

    def filters(query=""):
        return PlanFilter(QueryDict(query), user=manager, programme=plan, today=TODAY)

    return filters


def test_the_list_on_screen_has_its_own_rows_in_its_own_order(on_screen):
    Assignment.objects.filter(action__code="115-07").update(deadline=date(2026, 6, 30))
    file = export_actions(on_screen("strategy=1&sort=deadline"), TODAY, "xlsx")
    sheet = sheet_of(file.content)
    codes = [sheet.cell(row=number, column=1).value for number in range(4, sheet.max_row + 1)]
    assert codes[:2] == ["115-07", "115-01"]
    assert len(codes) == Action.objects.filter(plan__method__strategy__number=1).count()
    assert file.content_type.endswith("spreadsheetml.sheet")


def test_a_list_says_in_the_file_and_in_its_name_by_what_it_was_chosen(on_screen, plan):
    office = Department.objects.get(name="行政處")
    filters = on_screen(f"department={office.pk}&light=behind&light=over&q=飲水&sort=deadline")
    file = export_actions(filters, TODAY, "xlsx")
    assert sheet_of(file.content)["A2"].value == (
        f"115年11月22日，共 {filters.qs.count()} 項；條件：搜尋 「飲水」、單位 行政處、燈號 落後、燈號 逾期；進度與燈號只看行政處"
    )
    assert file.name == "115年度計畫表_115年11月22日_飲水_行政處_落後_逾期.xlsx"
    file = export_actions(on_screen(), TODAY, "xlsx")
    assert sheet_of(file.content)["A2"].value == "115年11月22日，共 33 項"
    assert file.name == "115年度計畫表_115年11月22日.xlsx"


def test_progress_and_light_of_a_list_are_those_on_screen(on_screen):
    """Of the chosen department alone: the other lead of the item is overdue."""
    action = Action.objects.get(code="115-01")
    other = Department.objects.get(name="工程處")
    Assignment.objects.create(
        action=action,
        department=other,
        kind="lead",
        deadline=date(2026, 1, 31),
        deadline_text="115年1月",
    )
    own = action.assignments.exclude(department=other).first()
    lights = []
    for query in (
        f"department={other.pk}&q=115-01",
        f"department={own.department_id}&q=115-01",
        "q=115-01",
    ):
        filters = on_screen(query)
        assert filters.qs.get() == action
        lights.append(action_table(filters, TODAY).rows[0][-2])
    assert lights == ["逾期", "尚無填報", "逾期"]


@pytest.mark.one_engine
@pytest.mark.django_db
def test_queries_of_the_exports_do_not_grow_with_the_items(
    plan, on_screen, django_assert_num_queries
):
    with django_assert_num_queries(10):
        official_table(plan)
    few, all_of_it = on_screen("q=115-01"), on_screen()
    # Actions with their path, and assignments with their departments; the year has no periods,
    # which the filter knows, so that nothing is asked for the lights. Before a search, which
    # departments and people bear the word. And which deadlines were extended, and whether any item
    # was merged or split.
    with django_assert_num_queries(6):
        export_actions(few, TODAY, "csv")
    with django_assert_num_queries(4):
        export_actions(all_of_it, TODAY, "csv")


def test_a_list_of_more_items_than_one_question_takes_is_the_same_list(on_screen, monkeypatch):
    whole = action_table(on_screen(), TODAY)
    monkeypatch.setattr(listed, "MOST_KEYS", 10)
    assert action_table(on_screen(), TODAY) == whole


@pytest.mark.django_db
def test_a_list_of_more_than_a_thousand_plans_goes_into_a_file(plan, on_screen):
    method = Method.objects.filter(strategy__programme=plan).first()
    plans = Plan.objects.bulk_create(
        Plan(method=method, position=100 + number, title=f"計畫{number}") for number in range(1_100)
    )
    Action.objects.bulk_create(
        Action(plan=made, position=1, code=f"115-{1_000 + number}", title="作法")
        for number, made in enumerate(plans)
    )
    file = export_actions(on_screen(), TODAY, "csv")
    assert file.content.decode("utf-8-sig").count("115-1") > 1_000
