"""What is added later owes nothing for periods that were closed before it was there."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from items import access
from items.lights import Light
from items.models import Assignment, Department, ProgressReport, ReportState
from items.models.light_basis import LightBasis
from items.workflow import history, periods
from items.workflow.handing_out import hand_out_to_new_department
from items.worklists.period_grid import period_grid
from items.worklists.to_write import work_of
from tests.making import NOW, TODAY, make_user


@pytest.fixture
def early(make_action, administration):
    """An assignment that came with the plan."""
    return make_action([administration]).assignments.get()


@pytest.fixture
def late(quarters, make_action, information, coordinator):
    """An assignment of 資訊室 that is handed out on 115年11月22日; 第1季 to 第3季 are closed."""
    assignment = Assignment(
        action=make_action(),
        department=information,
        deadline=date(2026, 12, 31),
        deadline_text="115年12月",
    )
    return history.save(assignment, by=coordinator, at=NOW)


def lit(assignment, today=TODAY):
    return (
        Assignment.objects.with_light(LightBasis.of(assignment.action.programme, today))
        .with_path()
        .get(pk=assignment.pk)
    )


def owed(assignment, quarters):
    return [
        quarter.number
        for quarter in quarters
        if Assignment.objects.expected_in(quarter).filter(pk=assignment.pk).exists()
    ]


def test_it_owes_from_the_first_period_that_was_still_open(early, late, quarters):
    assert late.handed_out_on == date(2026, 11, 22)
    assert owed(early, quarters) == [1, 2, 3, 4]
    assert owed(late, quarters) == [4]


def test_it_is_unreported_only_when_its_first_period_is_due(late, quarters):
    assert lit(late).light != Light.UNREPORTED
    later = lit(late, date(2026, 12, 2))
    assert (later.light, later.light_reason) == (Light.UNREPORTED, "115年第4季未填報")


def test_a_period_that_is_opened_again_is_not_owed_either(late, quarters, coordinator, hao):
    q3 = quarters[2]
    periods.reopen_period(q3, because="更正件數", by=coordinator, at=NOW)
    # Once that day, too, has passed.
    q3.due_on = date(2026, 11, 21)
    q3.save()
    assert owed(late, quarters) == [4]
    assert lit(late).light != Light.UNREPORTED
    assert work_of(hao, q3, TODAY).to_write == []
    periods.close_period(q3, by=coordinator, at=NOW)
    assert q3.first_closed_on == date(2026, 10, 23)


def test_a_period_that_was_never_closed_is_owed_though_it_has_ended(
    programme, make_action, administration, coordinator
):
    quarters = list(periods.lay_out(programme, by=coordinator, at=NOW))
    periods.open_period(quarters[0], by=coordinator, at=NOW)
    action = make_action([administration])
    Assignment.objects.update(handed_out_on=date(2026, 4, 28))
    assert owed(action.assignments.get(), quarters) == [1, 2, 3, 4]


def test_a_report_that_was_begun_all_the_same_is_expected(late, quarters, hao, make_report):
    make_report(late, quarters[2], hao, state=ReportState.DRAFT)
    assert owed(late, quarters) == [3, 4]


def test_a_report_on_what_was_finished_is_expected_where_it_was_begun(
    early, quarters, mei, make_report
):
    make_report(early, quarters[0], mei, percent=100)
    assert owed(early, quarters) == [1]
    make_report(early, quarters[3], mei, state=ReportState.RETURNED)
    assert owed(early, quarters) == [1, 4]


def test_the_grid_has_no_cell_of_a_department_that_was_not_there(early, late, quarters):
    rows = {row.department_name: row.cells for row in period_grid(quarters).rows}
    assert [cell is None for cell in rows["資訊室"]] == [True, True, True, False]
    assert [cell is None for cell in rows["行政處"]] == [False] * 4


def test_a_department_that_starts_in_november_is_not_accused_of_the_past(
    quarters, make_action, administration, coordinator, admin
):
    make_action([administration], every_department=True)
    new = history.save(Department(name="勞安處", position=9), by=admin, at=NOW)
    hand_out_to_new_department(new, by=admin, at=NOW, today=TODAY)
    assignment = new.assignments.get()
    assert owed(assignment, quarters) == [4]
    assert lit(assignment).light == Light.NOT_YET


def test_an_evening_in_utc_is_the_next_day_in_taipei(quarters, make_action, information, admin):
    assignment = Assignment(
        action=make_action(), department=information, deadline=TODAY, deadline_text="115年11月22日"
    )
    history.save(assignment, by=admin, at=datetime(2026, 11, 22, 17, tzinfo=UTC))
    assert assignment.handed_out_on == date(2026, 11, 23)


def test_moving_the_deadline_leaves_the_day_as_it_was(late, coordinator):
    late.deadline = date(2026, 11, 30)
    history.save(late, by=coordinator, at=NOW + timedelta(days=3))
    assert Assignment.objects.get(pk=late.pk).handed_out_on == date(2026, 11, 22)


# The rules in the database against the same rules, counted slowly and plainly.


def plainly_owed(assignment, period, reports):
    """What the words say, one assignment and one period at a time."""
    earlier = []
    for report in reports:
        if report.assignment_id != assignment.pk:
            continue
        if report.period_id == period.pk:
            return True
        if report.is_submitted and report.period.ends_on < period.ends_on:
            earlier.append(report)
    closed_on, given_on = period.first_closed_on, assignment.handed_out_on
    if closed_on is not None and given_on is not None and closed_on <= given_on:
        return False
    if not earlier:
        return True
    newest = max(earlier, key=lambda report: report.period.ends_on)
    return newest.percent < 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_the_database_counts_as_one_would_by_hand(
    programme, coordinator, make_action, administration, information, make_report, seed
):
    dice = random.Random(seed)
    writer = make_user("writer", "寫的人")
    quarters = list(periods.lay_out(programme, by=coordinator, at=NOW))
    for quarter in quarters:
        periods.open_period(quarter, by=coordinator, at=NOW)
        if dice.random() < 0.6:
            closed_at = datetime(2026, dice.randint(4, 12), dice.randint(1, 28), tzinfo=UTC)
            periods.close_period(quarter, by=coordinator, at=closed_at)
            if dice.random() < 0.4:
                periods.reopen_period(quarter, because="更正", by=coordinator, at=NOW)
    for _ in range(6):
        make_action([administration, information])
    for assignment in Assignment.objects.all():
        if dice.random() < 0.7:
            assignment.handed_out_on = date(2026, dice.randint(1, 12), dice.randint(1, 28))
            assignment.save()
        for quarter in quarters:
            if dice.random() < 0.4:
                percent = dice.choice([0, 55, 100])
                state = dice.choice(ReportState.values)
                make_report(assignment, quarter, writer, percent=percent, state=state)
    reports = list(ProgressReport.objects.select_related("period"))
    for quarter in quarters:
        by_database = set(Assignment.objects.expected_in(quarter).values_list("pk", flat=True))
        by_hand = {
            assignment.pk
            for assignment in Assignment.objects.all()
            if plainly_owed(assignment, quarter, reports)
        }
        assert by_database == by_hand


def test_everybody_sees_the_same(late, quarters, manager):
    visible = access.visible_assignments(manager)
    assert not visible.owing(quarters[2]).filter(pk=late.pk).exists()
    assert visible.owing(quarters[3]).filter(pk=late.pk).exists()
