"""The mean progress of a period as it was when the period was closed.

Closing keeps it, so that the curve of the year shows for ever what was said then, and so that the
dashboard does not count all reports of the year at every visit. `manage.py check_figures` finds
closed periods without it, which were closed before it was kept.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from items.models import Assignment, Period, PeriodClosing, ProgressReport
from items.models.light_basis import LightBasis
from items.models.progress_at_end import progress_at_ends
from items.percents import MeanProgress
from items.workflow.period_lines import year_as_closed_here
from plan_tracker.clock import day_of

NOTHING = MeanProgress(actual=None, planned=None)


@dataclass(frozen=True)
class ChangedSinceClosing:
    """A closed period whose kept progress is not what the plan says today."""

    period: Period
    now: MeanProgress

    @property
    def words(self) -> str:
        """「115年第3季：關閉時預定 75%、實際 68%，照現在的計畫是預定 74%、實際 68%」"""
        kept = kept_progress(self.period)
        return f"{self.period}：關閉時{_in_words(kept)}，照現在的計畫是{_in_words(self.now)}"


def keep(period: Period, day: date) -> None:
    """Set on a period that is being closed on this day what is kept of it; saves nothing."""
    progress = progress_of_closed(period, day)
    period.closed_planned = progress.planned
    period.closed_actual = progress.actual


def forget(period: Period) -> None:
    """Clear what was kept, of a period that is opened again; saves nothing."""
    period.closed_planned = None
    period.closed_actual = None


def kept_progress(period: Period) -> MeanProgress:
    """The mean progress that was kept when the period was closed."""
    return MeanProgress(actual=period.closed_actual, planned=period.closed_planned)


def progress_of_closed(period: Period, day: date) -> MeanProgress:
    """The mean progress of a period that nobody reports on any more, by what is there on a day."""
    if day < period.starts_on:
        # Opened and closed before its first day: nothing was planned in it yet.
        return NOTHING
    # A report that is missing at closing stays missing: counted as if 填報期限 had passed, also where
    # the period is closed before that day.
    counted_on = max(day, period.due_on + timedelta(days=1))
    programme = period.programme
    basis = LightBasis.of(programme, counted_on, periods=year_as_closed_here(period))
    assignments = Assignment.objects.for_programme(programme)
    [progress] = progress_at_ends([period], assignments, basis)
    reports = ProgressReport.objects.for_programme(programme).submitted()
    if not reports.filter(period__ends_on__lte=period.ends_on).exists():
        # Without any report the mean would be 0%, which reads as if nobody had worked.
        return MeanProgress(actual=None, planned=progress.planned)
    return progress


def periods_without() -> list[Period]:
    """Closed periods of which nothing is kept, although there is something to keep.

    One that was closed before it had an item, and has a state that says so, lacks nothing.
    """
    without = []
    empty = PeriodClosing.objects.filter(
        period=OuterRef("pk"), closed_at=OuterRef("closed_at"), number_of_lines=0
    )
    closed = Period.objects.filter(closed_at__isnull=False, closed_planned__isnull=True)
    closed = closed.exclude(Exists(empty))
    for period in closed.select_related("programme"):
        if _as_closed(period).planned is not None:
            without.append(period)
    return without


@transaction.atomic
def keep_missing() -> int:
    """Keep of these periods what the plan says now; how many there were."""
    periods = periods_without()
    for period in periods:
        progress = _as_closed(period)
        # Not by `history.save`: nobody has done anything to the period.
        Period.objects.filter(pk=period.pk).update(
            closed_planned=progress.planned, closed_actual=progress.actual
        )
    return len(periods)


def changed_since_closing() -> list[ChangedSinceClosing]:
    """Where the plan was changed since: no fault, the kept progress is what counts."""
    changed = []
    kept = Period.objects.filter(closed_at__isnull=False, closed_planned__isnull=False)
    for period in kept.select_related("programme"):
        now = _as_closed(period)
        if now != kept_progress(period):
            changed.append(ChangedSinceClosing(period, now))
    return changed


def _as_closed(period: Period) -> MeanProgress:
    """What closing the period when it was closed would keep, by the plan of today."""
    if period.closed_at is None:
        return NOTHING
    return progress_of_closed(period, day_of(period.closed_at))


def _in_words(progress: MeanProgress) -> str:
    if progress.planned is None:
        return "沒有項目"
    if progress.actual is None:
        return f"預定 {progress.planned}%、沒有填報"
    return f"預定 {progress.planned}%、實際 {progress.actual}%"
