"""填報期: how a year is laid out, and what each step refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from items.models import Change
from items.workflow import Refusal, WorkflowError, periods
from tests.making import NOW

YESTERDAY = date(2026, 11, 21)


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

    def reopen(period, because, due_on=None):
        periods.reopen_period(period, because=because, due_on=due_on, **who)

    refused = [
        (lambda: periods.lay_out(programme, **who), Refusal.PERIODS_LAID_OUT_ALREADY),
        (lambda: periods.open_period(quarters[3], **who), Refusal.PERIOD_OPEN_ALREADY),
        (lambda: periods.close_period(quarters[0], **who), Refusal.PERIOD_NOT_OPEN),
        (lambda: periods.open_period(quarters[0], **who), Refusal.PERIOD_CLOSED),
        (lambda: periods.set_due(quarters[0], date(2026, 12, 9), **who), Refusal.PERIOD_CLOSED),
        (lambda: reopen(quarters[3], "更正"), Refusal.PERIOD_OPEN_ALREADY),
        (lambda: reopen(quarters[0], "  "), Refusal.REASON_MISSING),
        (lambda: reopen(quarters[0], "長" * 501), Refusal.REASON_TOO_LONG),
        (lambda: reopen(quarters[0], "更正", YESTERDAY), Refusal.DUE_DAY_NOT_POSSIBLE),
        (lambda: periods.set_due(quarters[3], YESTERDAY, **who), Refusal.DUE_DAY_NOT_POSSIBLE),
    ]
    for step, reason in refused:
        with pytest.raises(WorkflowError) as refusal:
            step()
        assert refusal.value.reason is reason


def test_a_period_that_is_opened_again_says_who_when_and_why(quarters, coordinator, admin):
    first = quarters[0]
    opened_at, opened_by = first.opened_at, first.opened_by
    reopened = periods.reopen_period(first, because=" 更正第1季件數 ", by=admin, at=NOW)
    assert reopened.is_reopened
    assert (reopened.opened_at, reopened.opened_by) == (opened_at, opened_by)
    assert reopened.reopened_words == ("系統管理員 115年11月22日 10:00 重新開放：「更正第1季件數」")
    entry = Change.objects.filter(model="period", object_id=first.pk).first()
    assert entry.fields["reopened_because"] == ["", "更正第1季件數"]
    assert entry.by == admin


def test_a_period_that_is_opened_again_is_due_on_a_working_day_in_two_weeks(quarters, coordinator):
    # 115年12月6日 would be a Sunday.
    reopened = periods.reopen_period(quarters[0], because="更正", by=coordinator, at=NOW)
    assert reopened.due_on == date(2026, 12, 7)


def test_the_day_that_stands_already_may_have_passed(q4, coordinator):
    at = NOW + timedelta(days=30)
    assert periods.set_due(q4, date(2026, 12, 1), by=coordinator, at=at).due_on == q4.due_on


def test_the_database_refuses_an_opening_again_without_a_reason(q3, coordinator):
    q3.reopened_at = NOW
    q3.reopened_by = coordinator
    with pytest.raises(IntegrityError), transaction.atomic():
        q3.save()
