"""填報期: laid out once a year, opened, closed and, where it must be, opened again by the plan office."""

from datetime import date, timedelta

from django.db import transaction

from items.models import Door, Frequency, Period
from items.workflow import history
from items.workflow.errors import WorkflowError

MONTHS = {
    Frequency.QUARTER: 3,
    Frequency.HALF_YEAR: 6,
    Frequency.MONTH: 1,
}
DAYS_TO_REPORT = 7


def names(frequency, count):
    """The names of a year's periods: 第1季…, 上半年 and 下半年, 1月…."""
    if frequency == Frequency.HALF_YEAR:
        return ["上半年", "下半年"]
    unit = "季" if frequency == Frequency.QUARTER else "月"
    return [f"第{number}季" if unit == "季" else f"{number}月" for number in range(1, count + 1)]


@transaction.atomic
def lay_out(programme, *, by, at, door=Door.PAGE):
    """Make the year's periods by the programme's frequency; 填報期限 is a week after each one's last day."""
    if programme.periods.exists():
        raise WorkflowError(f"{programme.year}年度的填報期已經建立。")
    months = MONTHS[programme.frequency]
    first_year = programme.year + 1911
    for number, name in enumerate(names(programme.frequency, 12 // months), start=1):
        starts_on = date(first_year, (number - 1) * months + 1, 1)
        after = date(first_year + (number * months) // 12, (number * months) % 12 + 1, 1)
        ends_on = after - timedelta(days=1)
        period = Period(
            programme=programme,
            number=number,
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
            due_on=ends_on + timedelta(days=DAYS_TO_REPORT),
        )
        history.save(period, by=by, at=at, door=door)
    return programme.periods.all()


def _lock(period):
    """The row as it is now, held until the step is done: two coordinators at once do not overwrite each other."""
    period.refresh_from_db(from_queryset=Period.objects.select_for_update())


@transaction.atomic
def open_period(period, *, by, at, due_on=None, door=Door.PAGE):
    """開放填報; also opens a closed period again, which unlocks what was reported in it."""
    _lock(period)
    if period.is_open:
        raise WorkflowError(f"{period}已經開放。")
    if due_on:
        period.due_on = due_on
    period.opened_at, period.opened_by = period.opened_at or at, period.opened_by or by
    period.closed_at = period.closed_by = None
    return history.save(period, by=by, at=at, door=door)


@transaction.atomic
def close_period(period, *, by, at, door=Door.PAGE):
    """關閉: what was reported is frozen."""
    _lock(period)
    if not period.is_open:
        raise WorkflowError(f"{period}目前不在填報中。")
    period.closed_at, period.closed_by = at, by
    return history.save(period, by=by, at=at, door=door)


@transaction.atomic
def set_due(period, due_on, *, by, at, door=Door.PAGE):
    """Move 填報期限."""
    _lock(period)
    period.due_on = due_on
    return history.save(period, by=by, at=at, door=door)
