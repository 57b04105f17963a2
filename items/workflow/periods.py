"""填報期: laid out once a year, opened, closed and, where it must be, opened again."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from items.models import Door, Frequency, Period, Programme, User
from items.roc import OFFSET
from items.workflow import history, years
from items.workflow.errors import Refusal, WorkflowError

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
    if programme.periods.exists():
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
    return programme.periods.all()


def _lock(period: Period) -> None:
    """Read the row as it is now and hold it until the step is done.

    Else two coordinators who act at once would overwrite each other.
    """
    period.refresh_from_db(from_queryset=Period.objects.select_for_update())


@transaction.atomic
def open_period(
    period: Period,
    *,
    by: User,
    at: datetime,
    due_on: date | None = None,
    door: Door = Door.PAGE,
) -> Period:
    """開放填報; also opens a closed period again, which unlocks what was reported in it.

    The first period that is opened starts its year.
    """
    # Before the period: whoever closes or deletes the year at the same time locks it first, too.
    programme = Programme.objects.select_for_update().get(pk=period.programme_id)
    _lock(period)
    if period.is_open:
        raise WorkflowError(f"{period}已經開放。", Refusal.PERIOD_OPEN_ALREADY)
    if programme.is_closed:
        words = f"{programme.year}年度已經結案；要再開放{period.name}，請先恢復執行這個年度。"
        raise WorkflowError(words, Refusal.YEAR_CLOSED)
    if programme.is_draft:
        # Else departments would have something to fill in, in a year that is nobody's home.
        years.start(programme, by=by, at=at, door=door)
    if due_on is not None:
        period.due_on = due_on
    if period.opened_at is None:
        # A period that is opened again keeps when, and by whom, it was opened first.
        period.opened_at = at
        period.opened_by = by
    period.closed_at = None
    period.closed_by = None
    return history.save(period, by=by, at=at, door=door)


@transaction.atomic
def close_period(period: Period, *, by: User, at: datetime, door: Door = Door.PAGE) -> Period:
    """關閉: what was reported is frozen."""
    _lock(period)
    if not period.is_open:
        raise WorkflowError(f"{period}目前不在填報中。", Refusal.PERIOD_NOT_OPEN)
    period.closed_at = at
    period.closed_by = by
    if period.first_closed_on is None:
        period.first_closed_on = timezone.localtime(at).date()
    return history.save(period, by=by, at=at, door=door)


@transaction.atomic
def set_due(
    period: Period, due_on: date, *, by: User, at: datetime, door: Door = Door.PAGE
) -> Period:
    """Move 填報期限."""
    _lock(period)
    period.due_on = due_on
    return history.save(period, by=by, at=at, door=door)
