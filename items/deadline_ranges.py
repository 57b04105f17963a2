"""Ranges of deadlines that people ask for: past, soon, this quarter and later."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q


class Quarter(NamedTuple):
    """A calendar quarter, both days included."""

    first_day: date
    last_day: date


def quarter_of(day: date) -> Quarter:
    """The calendar quarter that a day lies in."""
    first_month = (day.month - 1) // 3 * 3 + 1
    last_month = first_month + 2
    _, days_in_last_month = monthrange(day.year, last_month)
    return Quarter(
        first_day=date(day.year, first_month, 1),
        last_day=date(day.year, last_month, days_in_last_month),
    )


def deadline_ranges(today: date, soon_days: int) -> dict[str, Q]:
    """{key: the deadlines it means} for the choices of `PlanFilter.DEADLINES`."""
    quarter = quarter_of(today)
    return {
        "past": Q(deadline__lt=today),
        "soon": Q(deadline__range=(today, today + timedelta(days=soon_days))),
        "quarter": Q(deadline__range=quarter),
        "later": Q(deadline__gt=quarter.last_day),
    }
