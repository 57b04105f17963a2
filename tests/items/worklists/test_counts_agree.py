"""One figure, whoever asks: lists, grid, 催辦, hints and dashboard count the same work.

With several open periods, something handed out late, released or finished, and a year beside.
"""

import random
from datetime import date

import pytest

from items.models import (
    Assignment,
    ControlStatus,
    ReportState,
    WorkStatus,
)
from items.models.light_basis import LightBasis
from items.workflow import periods
from items.worklists.closed_work import closed_work_of_departments
from items.worklists.department_reminder import ReminderKind
from items.worklists.elsewhere import number_to_report
from items.worklists.owing import reminders
from items.worklists.period_grid import period_grid
from items.worklists.period_summary import number_unaccepted
from items.worklists.reminding import SystemAddresses
from items.worklists.review_list import OUTSTANDING, UNACCEPTED, assignments_in_state
from items.worklists.to_write import open_work_of
from reports.counting import counts_of
from reports.figures import filing_rates
from tests.making import NOW, TODAY

ADDRESSES = SystemAddresses(todo="t", inbox="i")


@pytest.fixture
def mixed(
    request, make_action, administration, information, make_report, mei, hao, coordinator, quarters
):
    """A year by lot: any state in any quarter, late and released items, Q2 open again."""
    dice = random.Random(request.param)
    for number in range(14):
        action = make_action([administration, information])
        if number % 5 == 4:
            action.control_status = ControlStatus.RELEASED
            action.save()
    for assignment in Assignment.objects.select_related("department"):
        if dice.random() < 0.3:
            assignment.handed_out_on = date(2026, 11, 20)
            assignment.save()
        writer = mei if assignment.department == administration else hao
        for quarter in quarters:
            if dice.random() < 0.6:
                percent = dice.choice([40, 80, 100])
                state = dice.choice(ReportState.values)
                status = WorkStatus.CONTINUOUS
                make_report(
                    assignment, quarter, writer, percent=percent, state=state, work_status=status
                )
    periods.reopen_period(quarters[1], because="更正件數", by=coordinator, at=NOW)
    return list(quarters[0].programme.periods.all())


@pytest.mark.parametrize("mixed", range(4), indirect=True)
def test_what_is_still_to_be_sent_is_one_number(mixed, programme, mei, hao, coordinator):
    grid = period_grid(mixed)
    open_now = [period for period in mixed if period.is_open]
    assert [period.name for period in open_now] == ["第2季", "第4季"]
    works = [open_work_of(person, open_now, TODAY) for person in (mei, hao)]
    for period in open_now:
        in_lists = 0
        for work in works:
            [of_period] = [one for one in work.works if one.period == period]
            in_lists += of_period.number_to_do
        in_grid = grid.total(period).outstanding
        listed = assignments_in_state(coordinator, OUTSTANDING, period, None, today=TODAY).count()
        reminded = 0
        for reminder in reminders(coordinator, period, TODAY, ADDRESSES):
            if reminder.kind is ReminderKind.TO_REPORT:
                reminded += len(reminder.assignments)
        basis = LightBasis.of(programme, TODAY)
        counts = counts_of(
            Assignment.objects.all(), basis, before=None, period=period, periods=mixed, ends=[]
        )
        rate = filing_rates(period, counts).whole
        on_dashboard = rate.expected - rate.filed
        assert in_lists == in_grid == listed == reminded == on_dashboard
    for person, work in zip((mei, hao), works, strict=True):
        assert work.number_to_do == number_to_report(person, programme)
        assert work.works[0].period.name == "第4季"


@pytest.mark.parametrize("mixed", range(4), indirect=True)
def test_what_was_not_accepted_in_time_is_one_number(mixed, programme, mei, hao, coordinator):
    grid = period_grid(mixed)
    closed = [closed_work_of_departments(person, programme) for person in (mei, hao)]
    for cell in grid.closed_unaccepted:
        period = cell.period
        in_lists = 0
        for work in closed:
            in_lists += sum(one.total for one in work.works if one.period == period)
        listed = assignments_in_state(coordinator, UNACCEPTED, period, None, today=TODAY).count()
        assert in_lists == cell.number_unaccepted == listed == number_unaccepted(period)
    assert {cell.period.name for cell in grid.closed_unaccepted} <= {"第1季", "第3季"}
