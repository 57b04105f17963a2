"""預定進度 that a report is held against."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import DateField, OuterRef, QuerySet, Value

from items.models import Assignment, Period, PlannedProgress, ProgressReport
from items.models.assignment_queries import AssignmentQuerySet
from items.models.light_rules import linear_percent_of
from items.models.periods import NEWEST_PERIOD_FIRST
from items.models.prepared import Prepared, Slot


def newest_entry(assignment: Slot | OuterRef, until: Slot) -> QuerySet[PlannedProgress]:
    """What the plan office entered: as `with_planned` takes it for many rows at once."""
    entries = PlannedProgress.objects.filter(assignment=assignment, period__ends_on__lte=until)
    return entries.order_by(*NEWEST_PERIOD_FIRST)[:1]


_NEWEST_ENTRY = Prepared(lambda: newest_entry(Slot("assignment"), Slot("until", DateField())))


def planned_for(
    assignment: Assignment, period: Period, today: date, *, has_entries: bool = True
) -> int:
    """預定進度 in percent that a report for this period is held against if it is sent today.

    That of the day up to which it speaks: the period's last day, or today while the period runs, at
    the latest its 填報期限. `has_entries=False` says that nothing was entered in this year, and
    spares the query.
    """
    entered = None
    if has_entries:
        entry = _NEWEST_ENTRY.first(assignment=assignment.pk, until=period.ends_on)
        if entry is not None:
            entered = entry.percent
    return planned_by(entered, assignment, period, today)


def planned_by(entered: int | None, assignment: Assignment, period: Period, today: date) -> int:
    """As `planned_for`, where it is known what the plan office has `entered`, if anything."""
    if entered is not None:
        return entered
    return linear_percent_of(
        assignment.deadline,
        period.ends_on,
        starts_on=period.programme.starts_on,
        last_day=min(today, period.due_on),
    )


def planned_in(period: Period, today: date, keys: Collection[int] | None = None) -> dict[int, int]:
    """{key of an assignment: `planned_for` it} of these, or of all in the period's programme."""
    rows = _with_planned(period, today)
    if keys is None:
        rows = rows.for_programme(period.programme)
    else:
        rows = rows.filter(pk__in=keys)
    # Any, since django-stubs looks for the annotation among the fields.
    assignments: QuerySet[Any] = rows
    return dict(assignments.order_by().values_list("pk", "planned"))


def _with_planned(period: Period, today: date) -> AssignmentQuerySet:
    until = Value(period.ends_on, DateField())
    last_day = min(today, period.due_on)
    return Assignment.objects.with_planned(until, period.programme, last_day)


def held_against(report: ProgressReport, today: date) -> int:
    """預定進度 that stands beside a report: what it kept when it was sent, else that of today."""
    if report.is_submitted and report.planned_percent is not None:
        return report.planned_percent
    return planned_for(report.assignment, report.period, today)
