"""The mean 預定 and 實際進度 at the end of a period."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Case, DateField, F, Q, Value, When

from items.models.assignment_queries import AssignmentKind, AssignmentQuerySet
from items.models.assignments_owing import there_in_time
from items.models.light_basis import LightBasis, handed_out_before
from items.models.periods import Period
from items.models.sub_select import select_from
from items.percents import EqualGroup, MeanProgress, mean_of_means


class EndRow(NamedTuple):
    """Actions of which equally many leads count, for 預定 and for 實際, in one of the periods."""

    place: int
    number: int
    planned_size: int
    planned: int
    actual_size: int
    actual: int


def progress_at_ends(
    periods: Sequence[Period], assignments: AssignmentQuerySet, basis: LightBasis
) -> list[MeanProgress]:
    """For each period the mean over the actions of the means of their leads, at its end.

    預定 is that of the day up to which its reports speak. Both are None without items. One query.
    """
    if not periods:
        return []
    leads = with_ends(assignments.controlled().lead(), periods, basis)
    names = end_columns(len(periods))
    # Ordered by a key: otherwise SQLite reads 100,000 rows from all over its file.
    rows = leads.order_by("action_id").values_list("action_id", *names)
    by_action = f"SELECT {', '.join(end_sums(len(periods)))} FROM leads GROUP BY action"  # nosec B608
    selects = " UNION ALL ".join(end_selects(len(periods)))
    sql = f", by_action AS ({by_action}) {selects}"
    groups = [EndRow(*row) for row in select_from(rows, "leads", ["action", *names], sql)]
    return means_at_ends(groups, len(periods))


# The pieces of it, for a statement that counts other things of the same rows, too.


def with_ends(
    assignments: AssignmentQuerySet, periods: Sequence[Period], basis: LightBasis
) -> AssignmentQuerySet:
    """Annotate the `end_columns`; NULL of an assignment that does not count."""
    for place, period in enumerate(periods):
        assignments = _with_end(assignments, period, basis)
        # Names of their own: the next period annotates `planned_at_end` anew.
        names = {f"planned_{place}": F("planned_at_end"), f"actual_{place}": F("actual_at_end")}
        assignments = assignments.annotate(**names)
    return assignments


def end_columns(number: int) -> list[str]:
    """The names of what `with_ends` annotates for so many periods."""
    names = []
    for place in range(number):
        names += [f"planned_{place}", f"actual_{place}"]
    return names


def end_sums(number: int) -> list[str]:
    """Columns of a SELECT that groups these by action."""
    sums = []
    for name in end_columns(number):
        sums += [f"COUNT({name}) AS {name}_size", f"SUM({name}) AS {name}_total"]
    return sums


def end_selects(number: int) -> list[str]:
    """For each period a SELECT of its `EndRow`s from `by_action`, which has the `end_sums`."""
    selects = []
    for place in range(number):
        selects.append(
            f"SELECT {place}, COUNT(*), planned_{place}_size, SUM(planned_{place}_total), "
            f"actual_{place}_size, SUM(actual_{place}_total) "
            f"FROM by_action GROUP BY planned_{place}_size, actual_{place}_size"  # nosec B608
        )
    return selects


def means_at_ends(rows: Sequence[EndRow], number: int) -> list[MeanProgress]:
    """The means of so many periods."""
    means = []
    for place in range(number):
        rows_of_period = [row for row in rows if row.place == place]
        means.append(_means(rows_of_period))
    return means


def _with_end(
    assignments: AssignmentQuerySet, period: Period, basis: LightBasis
) -> AssignmentQuerySet:
    """Annotate `planned_at_end` and `actual_at_end`."""
    # Nothing is known of a period to come beyond today.
    day = min(period.ends_on, basis.today)
    last_day = Value(period.ends_on, DateField())
    with_report = assignments.with_report_on(basis.on(day))
    with_plan = with_report.with_planned(
        last_day, basis.programme, period.last_day_of_reports, has_entries=basis.has_entries
    )
    has_report = Q(reported_until__isnull=False)
    # What was handed out after the period counts in it only with a report of its own.
    is_there = Q(kind=AssignmentKind.LEAD) & (there_in_time(period) | has_report)
    # As at the head of the dashboard: what owes nothing yet is no nought.
    has_progress = is_there & (has_report | _owes_by_end(period, basis))
    return with_plan.annotate(
        planned_at_end=Case(When(is_there, then=F("planned"))),
        actual_at_end=Case(When(has_progress, then=F("actual"))),
    )


def _owes_by_end(period: Period, basis: LightBasis) -> Q:
    """Assignments that owe a period that is due today and had ended by the end of this one."""
    days = []
    for due in basis.opened_periods:
        if due.due_on < basis.today and due.ends_on <= period.ends_on:
            if due.first_closed_on is None:
                return Q(pk__isnull=False)
            days.append(due.first_closed_on)
    if not days:
        return Q(pk__isnull=True)
    return handed_out_before(max(days))


def _means(groups: list[EndRow]) -> MeanProgress:
    planned = []
    actual = []
    for group in groups:
        # The sum of no percents is NULL; PostgreSQL adds sums up as decimals.
        planned_total = int(group.planned or 0)
        actual_total = int(group.actual or 0)
        planned.append(EqualGroup(group.number, size=group.planned_size, total=planned_total))
        actual.append(EqualGroup(group.number, size=group.actual_size, total=actual_total))
    return MeanProgress(actual=mean_of_means(actual), planned=mean_of_means(planned))
