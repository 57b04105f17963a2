"""What every 燈號 of one programme is held against on one day."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value

from items.models.conditions import Alternative, FirstThatHolds
from items.models.kept_queries import columns_of
from items.models.periods import Period, PeriodQuerySet
from items.models.planned_progress import PlannedProgress
from items.models.prepared import Prepared, Slot
from items.models.programme import Programme


def periods_of_year() -> PeriodQuerySet:
    """All periods of the year of a slot, each with `has_entries`: whether 預定進度 was entered for it."""
    entries = PlannedProgress.objects.filter(period=OuterRef("pk")).order_by()
    of_year = Period.objects.filter(programme=Slot("programme"))
    # As a mapping: django-stubs takes the keyword for a second definition of the attribute.
    return of_year.annotate(**{"has_entries": Exists(entries)}).order_by("number")


_PERIODS = Prepared(periods_of_year)


def fetch_periods(programme: Programme) -> list[Period]:
    """All periods of a year in their order, with all that a `LightBasis` needs of them."""
    periods = _PERIODS(programme=programme.pk)
    for period in periods:
        period.programme = programme
    return periods


_ANY_ENTRY = Prepared(
    lambda: (
        PlannedProgress.objects.filter(period__programme=Slot("programme"))
        .order_by()
        .only("pk")[:1]
    )
)


def _has_entries(programme: Programme, periods: Sequence[Period]) -> bool:
    """Whether 預定進度 was entered for any of these, which are all periods of the year."""
    if any(period.has_entries is None for period in periods):
        # Fetched in another way than by `fetch_periods`, so that none of them says it.
        return bool(_ANY_ENTRY(programme=programme.pk))
    return any(period.has_entries for period in periods)


@dataclass(frozen=True)
class LightBasis:
    """The constants of a programme on a day, fetched once for a page.

    A light then needs nothing but the columns of its own row: asked from each row, the same
    sub-queries would run once for each of thousands of assignments.
    """

    programme: Programme
    today: date
    opened_periods: tuple[Period, ...]
    """Those that were opened at some time, the newest first."""
    has_entries: bool
    """Whether the plan office has entered 預定進度 for anything in this year."""

    @classmethod
    def of(
        cls, programme: Programme, today: date, *, periods: Sequence[Period] | None = None
    ) -> LightBasis:
        """One small query; none where the caller has all periods from `fetch_periods`.

        One also where it has all periods of the programme, fetched in another way.
        """
        if periods is None:
            periods = fetch_periods(programme)
        opened = [period for period in periods if period.opened_at is not None]
        opened.sort(key=lambda period: period.ends_on, reverse=True)
        has_entries = _has_entries(programme, periods)
        return cls(programme, today, tuple(opened), has_entries=has_entries)

    @property
    def key(self) -> Hashable:
        """All that a query may depend on which was written for this basis; see `kept_queries.key_of`."""
        periods = [columns_of(period) for period in self.opened_periods]
        # Each new item changes the running number, which no light reads: with it, all rows of 計畫表
        # were drawn anew after each of them, and kept once more.
        programme = columns_of(self.programme, without="last_code")
        return (self.today, self.has_entries, programme, *periods)

    def on(self, day: date) -> LightBasis:
        """The same programme on another day."""
        return replace(self, today=day)

    def last_day_begun(self) -> date | None:
        """The day by which every period has ended that had begun by today, and no other one.

        A report is of a period that had begun where its period ends by this day. None where periods
        overlap, so that no day separates those that had begun from the others.
        """
        begun = [period for period in self.opened_periods if period.starts_on <= self.today]
        last_day = max((period.ends_on for period in begun), default=date.min)
        for period in self.opened_periods:
            if period not in begun and period.ends_on <= last_day:
                return None
        return last_day

    def number_ending_after(self, day: date) -> int:
        """How many opened periods end after this day."""
        return len([period for period in self.opened_periods if period.ends_on > day])

    def due_until(self) -> models.Expression:
        """The last day of the newest period that a row is late for; NULL for none."""
        return self._of_newest_due("ends_on", models.DateField())

    def due_name(self) -> models.Expression:
        """The name of that period, with its year."""
        return self._of_newest_due("name_with_year", models.CharField())

    def due_closed_at(self) -> models.Expression:
        """When that period was closed; NULL while it is open."""
        return self._of_newest_due("closed_at", models.DateTimeField())

    def is_newest(self, period: Period) -> bool:
        """Whether no later period was opened, so that no assignment has a report of one."""
        return all(opened.ends_on <= period.ends_on for opened in self.opened_periods)

    def newest_due(self, handed_out_on: date | None) -> Period | None:
        """The newest period that an assignment handed out on this day is late for."""
        for period in self._due_periods:
            if period.was_owed_by(handed_out_on):
                return period
        return None

    @cached_property
    def _due_periods(self) -> list[Period]:
        """Those that somebody is late for, the newest first; asked for each row that is lit."""
        due = []
        for period in self.opened_periods:
            if period.due_on >= self.today:
                continue
            due.append(period)
            if period.first_closed_on is None:
                # Everybody owes this one, so no older period is the newest of anybody.
                break
        return due

    def _of_newest_due(self, name: str, output_field: models.Field) -> models.Expression:
        alternatives = []
        default = None
        for period in self._due_periods:
            value = getattr(period, name)
            if period.first_closed_on is None:
                default = value
            else:
                condition = handed_out_before(period.first_closed_on)
                alternatives.append(Alternative(condition, value))
        if not alternatives:
            return Value(default, output_field)
        return FirstThatHolds(alternatives, default=default, output_field=output_field)


def handed_out_before(day: date) -> Q:
    """Assignments that owe a period which was closed on this day; see `there_in_time`."""
    return Q(handed_out_on__isnull=True) | Q(handed_out_on__lt=day)
