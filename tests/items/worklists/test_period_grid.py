"""The plan office's grid as plain data: what is owed, what was sent, and what the heading says."""

from datetime import date

import pytest

from items.models import Assignment, ReportState
from items.workflow import periods
from items.worklists.period_grid import columns_in_order, period_grid
from items.worklists.period_summary import PeriodSummary, number_unaccepted
from tests.making import NOW, TODAY


@pytest.fixture
def plan(make_action, administration, information):
    """Three actions of 行政處, one of 資訊室."""
    for department in (administration, administration, administration, information):
        make_action([department])


def counts(cell):
    return [(count.word, count.number) for count in cell.state_counts]


def report_in(programme, make_report, quarter, writer, states):
    assignments = programme_assignments(programme)
    for assignment, state in zip(assignments, states, strict=False):
        make_report(assignment, quarter, writer, state=state)


def programme_assignments(programme):
    return Assignment.objects.for_programme(programme).order_by("pk")


def test_a_cell_counts_what_is_missing_and_what_is_on_its_way(
    programme, plan, make_report, mei, quarters
):
    report_in(programme, make_report, quarters[3], mei, [ReportState.DRAFT, ReportState.ACCEPTED])
    administration_row, information_row = period_grid(quarters).rows
    assert administration_row.department_name == "行政處"
    cell = administration_row.cells[3]
    assert counts(cell) == [("未填", 1), ("草稿", 1), ("備查", 1)]
    assert (cell.expected, cell.missing, cell.outstanding) == (3, 1, 2)
    assert counts(information_row.cells[3]) == [("未填", 1)]


def test_what_was_accepted_is_locked_in_a_closed_period(
    programme, plan, make_report, mei, quarters
):
    report_in(programme, make_report, quarters[0], mei, [ReportState.ACCEPTED])
    cell = period_grid(quarters).rows[0].cells[0]
    assert counts(cell) == [("未填", 2), ("鎖定", 1)]


def test_a_period_that_was_not_opened_has_no_cells_and_no_total(programme, plan, coordinator):
    quarters = list(periods.lay_out(programme, by=coordinator, at=NOW))
    periods.open_period(quarters[0], by=coordinator, at=NOW)
    grid = period_grid(quarters)
    assert [cell is None for cell in grid.rows[0].cells] == [False, True, True, True]
    assert grid.total(quarters[1]) is None
    assert grid.total(None) is None


def test_the_total_is_that_of_all_departments(programme, plan, make_report, mei, quarters):
    states = [ReportState.RETURNED, ReportState.WITH_HEAD]
    report_in(programme, make_report, quarters[3], mei, states)
    total = period_grid(quarters).total(quarters[3])
    assert counts(total) == [("未填", 2), ("待主管", 1), ("退回", 1)]
    assert total.outstanding == 3


def test_a_department_that_finished_owes_nothing_more(
    programme, plan, make_report, mei, information, quarters
):
    last = programme_assignments(programme).last()
    make_report(last, quarters[2], mei, percent=100, work_status="finished")
    row = next(row for row in period_grid(quarters).rows if row.department_id == information.pk)
    assert row.cells[2] is not None
    assert row.cells[3] is None


def test_before_closing_everything_counts_that_is_not_accepted(
    programme, plan, make_report, mei, q4
):
    states = [ReportState.ACCEPTED, ReportState.WITH_COORDINATOR, ReportState.DRAFT]
    report_in(programme, make_report, q4, mei, states)
    assert number_unaccepted(q4) == 3


def summary(quarter, total, number_waiting=0, today=TODAY):
    return PeriodSummary(quarter, total, number_waiting, today)


def test_the_heading_says_what_is_outstanding_and_what_waits(
    programme, plan, make_report, mei, quarters
):
    q4 = quarters[3]
    total = period_grid(quarters).total(q4)
    assert summary(q4, total).heading == "第4季：還有 4 件未送出"
    assert summary(q4, total, number_waiting=2).heading == "第4季：還有 4 件未送出，2 件等您審核"
    report_in(programme, make_report, q4, mei, [ReportState.WITH_HEAD] * 4)
    assert summary(q4, period_grid(quarters).total(q4)).heading == "第4季：全部送出了"


def test_the_heading_tells_nothing_asked_from_everything_sent_and_from_not_opened(quarters):
    total = period_grid(quarters).total(quarters[3])
    assert total.expected == 0
    assert summary(quarters[3], total).heading == "第4季：沒有應填的項目"
    assert summary(quarters[3], None).heading == "第4季還沒有開放填報"


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (TODAY, "（剩 9 天）"),
        (date(2026, 12, 1), "（今天截止）"),
        (date(2026, 12, 2), "（已逾期 1 天）"),
    ],
)
def test_behind_the_due_day_stands_how_much_time_is_left(q4, today, words):
    assert summary(q4, None, today=today).after_due_day == words


def test_behind_the_due_day_of_a_closed_period_stands_that_it_is_closed(q3):
    assert summary(q3, None).after_due_day == "，已關閉"


def test_the_current_period_stands_first_and_what_is_to_come_last(quarters):
    q1, q2, q3, q4 = quarters
    assert columns_in_order(quarters, TODAY) == [q4, q3, q2, q1]
    for period in (q3, q4):
        period.opened_at = period.closed_at = None
    q2.closed_at = None
    assert columns_in_order(quarters, date(2026, 6, 20)) == [q2, q1, q3, q4]
