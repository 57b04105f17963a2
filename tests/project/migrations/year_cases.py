"""Years and periods as the released version kept them."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.project.migrations.early_office import AT, a_plan, a_year


@dataclass(frozen=True)
class YearBefore:
    """A year as it was before years had a state, and the state that its periods speak of."""

    year: int
    opened: bool
    closed: bool
    state: str


YEARS_BEFORE = [
    YearBefore(2026, opened=True, closed=False, state="running"),
    YearBefore(2026, opened=False, closed=False, state="running"),
    YearBefore(2027, opened=False, closed=False, state="draft"),
    # Opened before its first day: somebody writes in it already.
    YearBefore(2027, opened=True, closed=False, state="running"),
    YearBefore(2024, opened=True, closed=True, state="closed"),
    YearBefore(2024, opened=True, closed=False, state="running"),
    YearBefore(2024, opened=False, closed=False, state="draft"),
]

FIRST_OF_THEM = 121
"""Their numbers begin here. A year exists once; the state comes from its days, not from its number."""


@dataclass(frozen=True)
class PeriodKeys:
    """The keys of three periods."""

    reopened: int
    """Closed twice."""
    closed: int
    """Without an entry that says so."""
    never: int


def write(office):
    write_years(office)
    return write_closed_periods(office)


def write_years(office):
    for number, before in enumerate(YEARS_BEFORE, start=FIRST_OF_THEM):
        programme = a_year(office.apps, number, begins_in=before.year)
        steps = {}
        if before.opened:
            steps |= {"opened_at": AT, "opened_by": office.user}
        if before.closed:
            steps |= {"closed_at": AT, "closed_by": office.user}
        office.period(
            programme,
            number=1,
            starts_on=date(before.year, 1, 1),
            ends_on=date(before.year, 3, 31),
            **steps,
        )


def write_closed_periods(office):
    programme, _ = a_plan(office.apps, 107)
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 31)}
    reopened = office.period(programme, number=1, **days)
    closed = office.period(programme, number=2, **days)
    never = office.period(programme, number=3, **days)
    for day in (10, 20):
        closing = {"關閉時間": [None, f"2026-04-{day}T17:00:00Z"]}
        office.entry("period", closing, object_id=reopened.pk, at=AT + timedelta(days=day))
    office.entry("period", {"關閉時間": ["2026-04-20T17:00:00Z", None]}, object_id=reopened.pk)
    user = office.user
    office.rows("Period").filter(pk=closed.pk).update(
        opened_at=AT, opened_by=user, closed_at=AT, closed_by=user
    )
    return PeriodKeys(reopened=reopened.pk, closed=closed.pk, never=never.pk)
