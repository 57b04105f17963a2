"""The mean 預定 and 實際進度 at the end of a period."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, DateField, F, Q, Value, When
from django.db.models.functions import Coalesce

from items.models.assignment_queries import AssignmentQuerySet
from items.models.assignments_owing import there_in_time
from items.models.grouping import in_groups_of_actions
from items.models.light_basis import LightBasis, handed_out_before
from items.models.packed_sums import ROOM, packed_count, packed_sum, unpacked
from items.models.periods import Period
from items.models.sub_select import select_from
from items.percents import EqualGroup, MeanProgress, mean_of_means


@dataclass(frozen=True)
class EndGroup:
    """Actions of which equally many leads count, for 預定 and for 實際, in each of the periods."""

    number: int
    sizes: Sequence[int]
    """How many leads of each action count, in the order of `end_columns`."""
    totals: Sequence[int]
    """The sums of their percents, in the same order."""


def progress_at_ends(
    periods: Sequence[Period], assignments: AssignmentQuerySet, basis: LightBasis
) -> list[MeanProgress]:
    """For each period the mean over the actions of the means of their leads, at its end.

    預定 is that of the day up to which its reports speak. Both are None without items. One query.
    """
    if not periods:
        return []
    leads = with_ends(assignments.controlled().lead(), periods, basis)
    number = len(periods)
    sums = end_sums(number)
    by_action = in_groups_of_actions(leads).annotate(**sums).values_list(*sums)
    sizes = ", ".join(end_sizes(number))
    totals = ", ".join(end_totals(number))
    sql = f"SELECT COUNT(*), {sizes}, {totals} FROM by_action GROUP BY {sizes}"  # nosec B608
    groups = []
    for number_of_actions, *figures in select_from(by_action, "by_action", list(sums), sql=sql):
        groups.append(end_group(number_of_actions, figures))
    return means_at_ends(groups, number)


# The pieces of it, for a statement that counts other things of the same rows, too.


def with_ends(
    assignments: AssignmentQuerySet, periods: Sequence[Period], basis: LightBasis
) -> AssignmentQuerySet:
    """Annotate the `end_columns` of leads; NULL of one that does not count."""
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


def end_sums(number: int) -> dict[str, Coalesce]:
    """{name: a packed sum of one of these columns}, to be annotated of actions."""
    sums = {}
    for name in end_columns(number):
        sums[f"{name}_sum"] = packed_sum(name)
    return sums


def end_sizes(number: int) -> list[str]:
    """What actions are grouped by once more, of a table that has the `end_sums`.

    Both counts of a period in one number: SQLite sorts by fewer columns.
    """
    sizes = []
    for place in range(number):
        planned = packed_count(f"planned_{place}_sum", figures=1)
        actual = packed_count(f"actual_{place}_sum", figures=1)
        sizes.append(f"({planned} * {ROOM} + {actual})")
    return sizes


def end_totals(number: int) -> list[str]:
    """What is summed of such a group, in the order of `end_columns`."""
    return [f"SUM({unpacked(name, 1, figures=1)})" for name in end_sums(number)]


def end_group(number: int, figures: Sequence[int]) -> EndGroup:
    """So many actions; `figures` are their `end_sizes`, and then the `end_totals`."""
    # A size and two totals for each period.
    number_of_ends = len(figures) // 3
    sizes: list[int] = []
    for size in figures[:number_of_ends]:
        sizes += divmod(size, ROOM)
    # PostgreSQL adds sums up as decimals.
    totals = [int(total) for total in figures[number_of_ends:]]
    return EndGroup(number, sizes=sizes, totals=totals)


def means_at_ends(groups: Sequence[EndGroup], number: int) -> list[MeanProgress]:
    """The means of so many periods."""
    means = []
    places = {name: place for place, name in enumerate(end_columns(number))}
    for period in range(number):
        planned = _mean_at(groups, places[f"planned_{period}"])
        actual = _mean_at(groups, places[f"actual_{period}"])
        means.append(MeanProgress(actual=actual, planned=planned))
    return means


def _mean_at(groups: Sequence[EndGroup], place: int) -> int | None:
    """The mean of what stands at this place of `end_columns`."""
    equal_groups = []
    for group in groups:
        equal = EqualGroup(group.number, size=group.sizes[place], total=group.totals[place])
        equal_groups.append(equal)
    return mean_of_means(equal_groups)


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
    is_there = there_in_time(period) | has_report
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
