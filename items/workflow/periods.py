"""填報期: laid out once a year, opened, closed and, where it must be, opened again."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from items.models import (
    Door,
    Frequency,
    NoticeEvent,
    Period,
    Programme,
    User,
    WorkingCalendar,
)
from items.roc import OFFSET
from items.workflow import closed_figures, closing, history, notices, reopening, years
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.period_checks import (
    lock_period,
    lock_year,
    reason_to_reopen,
    refuse_closed_year,
    take_due_day,
    wait_for_year,
)
from plan_tracker.clock import day_of

MONTHS = {
    Frequency.QUARTER: 3,
    Frequency.HALF_YEAR: 6,
    Frequency.MONTH: 1,
}
"""How many months a period lasts."""

DAYS_TO_REPORT = 7
"""Between a period's last day and its 填報期限."""


def period_names(frequency: Frequency) -> list[str]:
    """The names of a year's periods in order: 第1季…, 上半年 and 下半年, or 1月…."""
    if frequency == Frequency.HALF_YEAR:
        return ["上半年", "下半年"]
    if frequency == Frequency.QUARTER:
        return [f"第{number}季" for number in range(1, 5)]
    return [f"{number}月" for number in range(1, 13)]


def _first_of_month(year: int, months_after_january: int) -> date:
    """The first day of a month that may lie in the next year."""
    years, months = divmod(months_after_january, 12)
    return date(year + years, months + 1, 1)


@transaction.atomic
def lay_out(
    programme: Programme, *, by: User, at: datetime, door: Door = Door.PAGE
) -> QuerySet[Period]:
    """Make the year's periods by its frequency; each is due a week after its last day."""
    wait_for_year(programme)
    # Not `programme.periods`: the page may have fetched them before another press made them.
    if Period.objects.filter(programme=programme).exists():
        raise WorkflowError(
            f"{programme.year}年度的填報期已經建立。", Refusal.PERIODS_LAID_OUT_ALREADY
        )
    year = programme.year + OFFSET
    frequency = Frequency(programme.frequency)
    months = MONTHS[frequency]
    for place, name in enumerate(period_names(frequency)):
        starts_on = _first_of_month(year, place * months)
        next_starts_on = _first_of_month(year, (place + 1) * months)
        ends_on = next_starts_on - timedelta(days=1)
        period = Period(
            programme=programme,
            number=place + 1,
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
            due_on=ends_on + timedelta(days=DAYS_TO_REPORT),
        )
        history.save(period, by=by, at=at, door=door)
    # Asked anew: a programme that was fetched with its periods would still say that it has none.
    return Period.objects.filter(programme=programme)


def _refuse_if_open(period: Period) -> None:
    if period.is_open:
        raise WorkflowError(f"{period}已經開放。", Refusal.PERIOD_OPEN_ALREADY)


@transaction.atomic
def open_period(
    period: Period,
    *,
    by: User,
    at: datetime,
    due_on: date | None = None,
    door: Door = Door.PAGE,
) -> Period:
    """開放填報 for the first time. The first period that is opened starts its year.

    Without `due_on` the day stays for which the period was laid out.
    """
    programme = lock_year(period)
    lock_period(period)
    _refuse_if_open(period)
    if period.is_closed:
        words = f"{period}已經關閉；要再開放，請寫出重新開放的原因。"
        raise WorkflowError(words, Refusal.PERIOD_CLOSED)
    refuse_closed_year(programme, period)
    if due_on is not None:
        take_due_day(period, due_on, at)
    if programme.is_draft:
        # Otherwise departments would have to report in a year that no first page shows.
        years.start(programme, by=by, at=at, door=door)
    period.opened_at = at
    period.opened_by = by
    opened = history.save(period, by=by, at=at, door=door, is_step=True)
    _tell_everybody(opened, NoticeEvent.PERIOD_OPENED, by=by, at=at)
    return opened


def _tell_everybody(period: Period, event: NoticeEvent, *, by: User, at: datetime) -> None:
    """One notice for each person, however many items they report on."""
    people = notices.writers_of_year(period.programme)
    notices.tell(people, event, period, until=period.due_on, by=by, at=at)


@transaction.atomic
def reopen_period(
    period: Period,
    *,
    because: str,
    by: User,
    at: datetime,
    due_on: date | None = None,
    door: Door = Door.PAGE,
) -> Period:
    """重新開放 of a closed period, which unlocks what was reported in it; never without a reason.

    When, and by whom, it was opened first stays. Without `due_on` two weeks are given.
    """
    programme = lock_year(period)
    lock_period(period)
    _refuse_if_open(period)
    if not period.is_closed:
        words = f"{period}還沒有開放過，請用「開放填報」。"
        raise WorkflowError(words, Refusal.PERIOD_NOT_OPEN)
    refuse_closed_year(programme, period)
    reason = reason_to_reopen(period, because)
    if due_on is None:
        # The old day has passed: everybody would read 「已逾期 195 天」.
        today = day_of(at)
        due_on = period.suggested_due_day(today, WorkingCalendar.load())
    take_due_day(period, due_on, at)
    period.closed_at = None
    period.closed_by = None
    closed_figures.forget(period)
    period.reopened_at = at
    period.reopened_by = by
    period.reopened_because = reason
    # The period is open for everybody now: exceptions for single items would have another day.
    reopening.end_all(period, by=by, at=at, door=door)
    reopened = history.save(period, by=by, at=at, door=door, is_step=True)
    _tell_everybody(reopened, NoticeEvent.PERIOD_REOPENED, by=by, at=at)
    return reopened


@transaction.atomic
def close_period(period: Period, *, by: User, at: datetime, door: Door = Door.PAGE) -> Period:
    """關閉: what was reported is frozen."""
    lock_period(period)
    if not period.is_open:
        raise WorkflowError(f"{period}目前不在填報中。", Refusal.PERIOD_NOT_OPEN)
    period.closed_at = at
    period.closed_by = by
    day = day_of(at)
    # What was handed out after the first closing owes nothing for the period, also when the period
    # is opened again: the first day stays.
    if period.first_closed_on is None:
        period.first_closed_on = day
    closed_figures.keep(period, day)
    closed = history.save(period, by=by, at=at, door=door, is_step=True)
    # The reason of an earlier reopening goes along: it explains what differs from the state before.
    closing.keep_state(closed, by=by, at=at, reopened_because=period.reopened_because)
    return closed


@transaction.atomic
def set_due(
    period: Period, due_on: date, *, by: User, at: datetime, door: Door = Door.PAGE
) -> Period:
    """Move 填報期限 of an open period, or of one that is still to come."""
    lock_period(period)
    if due_on == period.due_on:
        # A form of several periods sends those along that nobody has touched.
        return period
    if period.is_closed:
        words = f"{period}已經關閉，不能更改填報期限；請重新開放，同時訂新的期限。"
        raise WorkflowError(words, Refusal.PERIOD_CLOSED)
    take_due_day(period, due_on, at)
    return history.save(period, by=by, at=at, door=door)
