"""填報期: how a year is laid out, and what each step refuses."""

from datetime import date

import pytest

from items.workflow import Refusal, WorkflowError, periods
from tests.making import NOW


@pytest.mark.parametrize(
    ("frequency", "number", "name", "starts_on", "ends_on", "due_on"),
    [
        ("quarter", 1, "第1季", date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 7)),
        ("quarter", 4, "第4季", date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 7)),
        ("half", 1, "上半年", date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 7)),
        ("half", 2, "下半年", date(2026, 7, 1), date(2026, 12, 31), date(2027, 1, 7)),
        ("month", 2, "2月", date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 7)),
        ("month", 12, "12月", date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 7)),
    ],
)
def test_a_year_is_laid_out_by_its_frequency(
    programme, coordinator, frequency, number, name, starts_on, ends_on, due_on
):
    programme.frequency = frequency
    laid_out = periods.lay_out(programme, by=coordinator, at=NOW)
    assert len(laid_out) == {"quarter": 4, "half": 2, "month": 12}[frequency]
    period = laid_out.get(number=number)
    assert (period.name, period.starts_on, period.ends_on) == (name, starts_on, ends_on)
    assert period.due_on == due_on


def test_what_a_step_refuses_has_a_reason_that_code_can_ask_for(programme, quarters, coordinator):
    who = {"by": coordinator, "at": NOW}
    refused = [
        (lambda: periods.lay_out(programme, **who), Refusal.PERIODS_LAID_OUT_ALREADY),
        (lambda: periods.open_period(quarters[3], **who), Refusal.PERIOD_OPEN_ALREADY),
        (lambda: periods.close_period(quarters[0], **who), Refusal.PERIOD_NOT_OPEN),
    ]
    for step, reason in refused:
        with pytest.raises(WorkflowError) as refusal:
            step()
        assert refusal.value.reason is reason


def test_a_period_that_is_opened_again_keeps_when_it_was_opened_first(quarters, coordinator, admin):
    first = quarters[0]
    opened_at, opened_by = first.opened_at, first.opened_by
    reopened = periods.open_period(first, by=admin, at=NOW)
    assert reopened.is_open
    assert (reopened.opened_at, reopened.opened_by) == (opened_at, opened_by)
