"""燈號: each rule, at its edge, with its words."""

from datetime import date, timedelta

import pytest

from items.lights import LIGHT_OF_SEVERITY, Light
from items.models import (
    Action,
    Assignment,
    PlannedProgress,
    Programme,
    ProgressReport,
    ReportState,
)
from items.models.action_lights import with_worst_light
from items.models.light_basis import LightBasis
from tests.making import TODAY


def lit(assignment, today=TODAY):
    programme = Programme.objects.get(pk=assignment.action.programme.pk)
    lit_rows = Assignment.objects.with_light(LightBasis.of(programme, today))
    return lit_rows.with_path().get(pk=assignment.pk)


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


def test_before_any_period_is_due_nothing_is_known_of_an_item(assignment):
    found = lit(assignment)
    assert (found.light, found.light_reason) == (Light.NOT_YET, "")


def test_a_deadline_that_comes_near_is_said_before_the_first_report(assignment):
    Assignment.objects.update(deadline=TODAY + timedelta(days=9))
    found = lit(assignment)
    assert (found.light, found.light_reason) == (Light.SOON, "剩 9 天")


def test_an_action_of_which_one_department_has_reported_shows_what_it_said(
    assignment, information, q4, mei, make_report
):
    other = Assignment.objects.create(
        action=assignment.action,
        department=information,
        deadline=assignment.deadline,
        deadline_text="115年12月",
        handed_out_on=TODAY,
    )
    assert lit(other).light == Light.NOT_YET
    for percent, light in ((89, Light.OK), (100, Light.NOT_YET)):
        ProgressReport.objects.all().delete()
        make_report(assignment, q4, mei, percent=percent)
        basis = LightBasis.of(assignment.action.programme, TODAY)
        worst = with_worst_light(Action.objects.all(), basis).get().severity
        assert LIGHT_OF_SEVERITY[worst] == light


def test_a_period_whose_due_day_passed_without_a_report_is_unreported(assignment, quarters):
    found = lit(assignment)
    assert (found.light, found.light_reason) == (Light.UNREPORTED, "115年第3季未填報")


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.RETURNED])
def test_a_report_that_is_not_submitted_counts_for_nothing(assignment, q3, mei, make_report, state):
    make_report(assignment, q3, mei, percent=90, state=state)
    found = lit(assignment)
    assert (found.light, found.actual) == (Light.UNREPORTED, 0)


@pytest.mark.parametrize(
    ("percent", "light", "reason"),
    [
        (75, Light.OK, ""),
        (66, Light.OK, ""),
        (65, Light.BEHIND, "落後 10 個百分點"),
        (60, Light.BEHIND, "落後 15 個百分點"),
        (100, Light.DONE, ""),
    ],
)
def test_a_report_is_held_against_the_plan_of_its_own_last_day(
    assignment, q3, mei, make_report, percent, light, reason
):
    make_report(assignment, q3, mei, percent=percent)
    found = lit(assignment)
    assert (found.planned, found.light, found.light_reason) == (75, light, reason)


def test_a_report_of_the_running_period_is_held_against_today(assignment, q4, mei, make_report):
    make_report(assignment, q4, mei, percent=85)
    assert lit(assignment).planned == 89


def test_the_threshold_is_the_programmes(assignment, q3, mei, make_report):
    make_report(assignment, q3, mei, percent=60)
    Programme.objects.update(behind_threshold=16)
    assert lit(assignment).light == Light.OK


@pytest.mark.parametrize(
    ("deadline", "light", "reason"),
    [
        (TODAY - timedelta(days=1), Light.OVER, "逾期 1 天"),
        (TODAY, Light.SOON, "今天到期"),
        (TODAY + timedelta(days=30), Light.SOON, "剩 30 天"),
        (TODAY + timedelta(days=31), Light.OK, ""),
    ],
)
def test_the_deadline_counts_in_days(assignment, q4, mei, make_report, deadline, light, reason):
    make_report(assignment, q4, mei, percent=99)
    Assignment.objects.update(deadline=deadline)
    found = lit(assignment)
    assert (found.light, found.light_reason) == (light, reason)


def test_overdue_outweighs_unreported(assignment, quarters):
    Assignment.objects.update(deadline=TODAY - timedelta(days=22))
    assert lit(assignment).light_reason == "逾期 22 天"


def test_what_is_done_is_not_overdue(assignment, q3, mei, make_report):
    make_report(assignment, q3, mei, percent=100)
    Assignment.objects.update(deadline=date(2026, 10, 31))
    assert lit(assignment).light == Light.DONE


def test_a_released_item_is_out_of_the_count_and_says_how(assignment, quarters):
    assignment.action.control_status = "released"
    assignment.action.save()
    found = lit(assignment)
    assert (found.light, found.light_reason) == (Light.FREE, "解除列管")


def test_what_the_coordinator_planned_for_a_period_replaces_the_line(
    assignment, q3, mei, make_report
):
    PlannedProgress.objects.create(assignment=assignment, period=q3, percent=40)
    make_report(assignment, q3, mei, percent=40)
    found = lit(assignment)
    assert (found.planned, found.light) == (40, Light.OK)


def test_a_past_day_sees_only_the_periods_that_had_begun(assignment, q3, q4, mei, make_report):
    make_report(assignment, q3, mei, percent=70)
    make_report(assignment, q4, mei, percent=95)
    basis = LightBasis.of(assignment.action.programme, date(2026, 9, 30))
    [then] = Assignment.objects.with_light_on(basis)
    assert (then.actual, lit(assignment).actual) == (70, 95)


def test_the_line_ends_at_the_deadline(assignment):
    Assignment.objects.update(deadline=date(2026, 6, 30))
    assert lit(assignment).planned == 100
    assert lit(assignment, date(2026, 3, 31)).planned == 50


def test_a_report_keeps_the_figure_that_it_was_held_against(assignment, q4, mei, make_report):
    make_report(assignment, q4, mei, percent=89, planned_percent=89)
    for day in (date(2026, 11, 22), date(2026, 12, 20), date(2026, 12, 28)):
        found = lit(assignment, day)
        assert (found.planned, found.behind_by) == (89, 0)
        assert found.light != Light.BEHIND


@pytest.mark.parametrize(
    ("percents", "is_finished"),
    [
        ({}, False),
        ({1: 100}, True),
        ({1: 100, 3: 55}, False),
        ({1: 20, 3: 100}, True),
        # What was said for the period itself, or after it, ends nothing before it.
        ({4: 100}, False),
    ],
)
def test_only_the_newest_report_before_a_period_can_end_the_work(
    assignment, quarters, mei, make_report, percents, is_finished
):
    for number, percent in percents.items():
        make_report(assignment, quarters[number - 1], mei, percent=percent)
    q4 = quarters[3]
    assert Assignment.objects.finished_before(q4).get().finished_before is is_finished
    assert Assignment.objects.expected_in(q4).exists() is not is_finished


def test_a_first_quarter_that_was_returned_after_it_said_100_ends_nothing(
    assignment, quarters, mei, make_report
):
    make_report(assignment, quarters[0], mei, percent=100, state=ReportState.RETURNED)
    assert Assignment.objects.expected_in(quarters[3]).exists()
