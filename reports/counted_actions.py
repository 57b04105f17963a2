"""What the dashboard counts of items, and which it names: one statement, a group for each item.

SQLite finds the assignments item by item, and so groups them without sorting or keeping them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, IntegerField, Max, Min, Q, Value
from django.db.models.functions import Coalesce

from items.lights import ATTENTION, COUNT_WITHOUT_REPORT, LIGHT_OF_SEVERITY, SEVERITY, Light
from items.models import Action, Method, Period, Plan
from items.models.assignment_queries import AssignmentQuerySet
from items.models.grouping import OfKey, in_groups_of_actions
from items.models.kept_queries import KeptQueries, key_of_rows
from items.models.light_basis import LightBasis
from items.models.packed_sums import ROOM, packed_count, packed_sum, unpacked
from items.models.progress_at_end import (
    end_group,
    end_sizes,
    end_sums,
    end_totals,
    means_at_ends,
    with_ends,
)
from items.models.sub_select import WrittenSelect, written_select
from items.percents import MeanProgress
from reports.cases import SHOWN_CASES
from reports.changes import SHOWN_CHANGES
from reports.counts import ActionGroup, MovedAction


@dataclass(frozen=True)
class CountedActions:
    """What is counted of the controlled actions that somebody leads."""

    groups: list[ActionGroup]
    owing: int
    """Of how many actions a lead owes a report."""
    worst: list[int]
    """The keys of those that management asks about, the worst first; `SHOWN_CASES` at most."""
    moved: list[MovedAction]
    """The first `SHOWN_CHANGES` of the plan for each pair of lights, in no order."""
    at_ends: list[MeanProgress]
    """At the end of each period that was asked for."""


NO_ACTIONS = CountedActions(groups=[], owing=0, worst=[], moved=[], at_ends=[])


class CountedRow(NamedTuple):
    """One row of the statement about items, whose parts give their columns different meanings.

    A UNION has the same columns in all its parts: `counted_actions` says what they mean in which.
    """

    part: str
    first: int
    second: int
    third: int
    number: int
    actual: int
    planned: int
    owing: int


COUNTS = Q(reported_until_now__isnull=False) | Q(
    severity_now__in=[SEVERITY[light] for light in COUNT_WITHOUT_REPORT]
)
"""`counts_in_means` of an assignment."""

# A worse light outweighs any number of points (at most 100) that an action is behind or ahead.
POINTS = 1000
MOST_POINTS = 100

SEVERITIES = 100
"""More than there are, so that two of them fit into a number beside others."""

# What is read off the figures of `by_action`.
WORST = f"((gravity + {MOST_POINTS}) / {POINTS})"
COUNTED = packed_count("progress", figures=2)
ALIKE = f"(((CAST(strategy AS BIGINT) * {SEVERITIES} + {WORST}) * {SEVERITIES} + before) * {ROOM} + {COUNTED})"
"""What actions of one group have in common, in one number: SQLite sorts by one in half the time."""
ACTUAL = unpacked("progress", 1, figures=2)
PLANNED = unpacked("progress", 2, figures=2)

LEAST_WORST = min(SEVERITY[light] for light in ATTENTION) * POINTS - MOST_POINTS
IS_WORST = f"gravity >= {LEAST_WORST}"
"""Of `ATTENTION`: no other light is worse than one of these."""

RANK = f"(gravity - days_left * {POINTS})"
"""By light, then by days overdue, then by points behind; the highest is the worst.

No light is worse than 逾期, of which alone the days count.
"""

PATH = f"""
    JOIN {Action._meta.db_table} AS of_action ON of_action.id = action
    JOIN {Plan._meta.db_table} AS of_plan ON of_plan.id = of_action.plan_id
    JOIN {Method._meta.db_table} AS of_method ON of_method.id = of_plan.method_id
"""
"""Joined only to the few rows that are named: SQLite then reads no action for the counts, and keeps
no keys of the path for 50,000 of them."""

OFFICIAL_ORDER = ", ".join(
    [
        "strategy",
        "of_method.position",
        "of_method.id",
        "of_plan.position",
        "of_plan.id",
        "of_action.position",
        "action",
    ]
)
"""`ActionQuerySet.OFFICIAL_ORDER` in the columns of `by_action` with its `PATH`."""


def _parts(number_of_ends: int) -> list[str]:
    """What is counted of `by_action`, with the progress at the ends of so many periods."""
    sizes = end_sizes(number_of_ends)
    groups = ", ".join([ALIKE, *sizes])
    figures = "".join(f", {figure}" for figure in [*sizes, *end_totals(number_of_ends)])
    nothing = ", 0" * (len(sizes) + len(end_totals(number_of_ends)))
    return [
        f"""
SELECT 'actions', {ALIKE}, 0, 0, COUNT(*), SUM({ACTUAL}), SUM({PLANNED}), SUM(owing){figures}
FROM by_action
GROUP BY {groups}
""",  # nosec B608
        f"""
SELECT 'worst', action, place, 0, 0, 0, 0, 0{nothing}
FROM (
    SELECT action, ROW_NUMBER() OVER (ORDER BY {RANK} DESC, {OFFICIAL_ORDER}) AS place
    FROM by_action {PATH}
    WHERE {IS_WORST} AND {RANK} >= (
        -- The last that is shown, and whatever is as bad: the order of the plan decides.
        SELECT MIN(shown) FROM (
            SELECT {RANK} AS shown FROM by_action
            WHERE {IS_WORST} ORDER BY 1 DESC LIMIT {SHOWN_CASES}
        ) AS all_shown
    )
) AS the_worst
WHERE place <= {SHOWN_CASES}
""",  # nosec B608
        f"""
SELECT 'moved', action, worst, before, 0, 0, 0, 0{nothing}
FROM (
    SELECT action, {WORST} AS worst, before,
        ROW_NUMBER() OVER (PARTITION BY {WORST}, before ORDER BY {OFFICIAL_ORDER}) AS place
    FROM by_action {PATH}
    WHERE before <> 0 AND before <> {WORST}
) AS moved
WHERE place <= {SHOWN_CHANGES}
""",  # nosec B608
    ]


def counted_actions(
    assignments: AssignmentQuerySet,
    basis: LightBasis,
    *,
    before: LightBasis | None,
    period: Period | None,
    ends: Sequence[Period],
) -> CountedActions:
    """Count the actions of the year of `basis`, in one query.

    `before` is the earlier day whose lights today's are compared with, `period` the one whose
    reports are owed now, `ends` are those at whose ends the progress is asked for.
    """
    key = key_of_rows(assignments, basis, before, period, *ends)
    if key is None:
        return NO_ACTIONS
    statement = _STATEMENTS.get(
        key, lambda: written_actions(assignments, basis, before=before, period=period, ends=ends)
    )
    groups = []
    owing = 0
    end_groups = []
    place_of: dict[int, int] = {}
    moved = []
    for part, *columns in statement.rows():
        # Sums are decimals in PostgreSQL.
        figures = [int(column) for column in columns]
        row = CountedRow(part, *figures[:OWN_FIGURES])
        if row.part == "actions":
            groups.append(_action_group(row))
            owing += row.owing
            end_groups.append(end_group(row.number, figures[OWN_FIGURES:]))
        elif row.part == "worst":
            place_of[row.first] = row.second
        else:
            lights = {
                "before": LIGHT_OF_SEVERITY[row.third],
                "after": LIGHT_OF_SEVERITY[row.second],
            }
            moved.append(MovedAction(row.first, **lights))
    return CountedActions(
        groups=groups,
        owing=owing,
        worst=sorted(place_of, key=place_of.__getitem__),
        moved=moved,
        at_ends=means_at_ends(end_groups, len(ends)),
    )


OWN_FIGURES = len(CountedRow._fields) - 1
"""The columns of a row before those of the ends of periods, without `part`."""

_STATEMENTS = KeptQueries[WrittenSelect]()
"""Writing one takes 28,000 function calls, as many as all the rest of the page but its template."""


def written_actions(
    assignments: AssignmentQuerySet,
    basis: LightBasis,
    *,
    before: LightBasis | None,
    period: Period | None,
    ends: Sequence[Period],
) -> WrittenSelect:
    """The statement of the counts."""
    # Through the plan and not by `of_own_year`: the rows then come item by item.
    rows = assignments.for_programme(basis.programme).not_released().lead()
    rows = rows.with_light(basis, only_controlled=True)
    # Copies under other names: lighting the rows for the earlier day annotates the same names anew.
    rows = rows.annotate(
        severity_now=F("severity"),
        actual_now=F("actual"),
        planned_now=F("planned"),
        reported_until_now=F("reported_until"),
        days_left_now=F("light_days"),
    )
    if before is None:
        rows = rows.annotate(severity_before=Value(0))
    else:
        # From here on the names without `now` speak of the earlier day.
        rows = rows.with_light_on(before, only_controlled=True)
        rows = rows.annotate(severity_before=F("severity"))
    if period is None:
        rows = rows.annotate(is_expected=Value(False), is_sent=Value(False))
    else:
        rows = rows.with_filing(period, basis)
    groups = in_groups_of_actions(with_ends(rows, ends, basis))
    sums = {**_sums_of_actions(basis), **end_sums(len(ends))}
    strategy = OfKey(F("action__plan__method__strategy__number"), IntegerField())
    by_action = groups.annotate(**sums).annotate(strategy=strategy)
    columns = {"action": "key_of_action"}
    for name in ("strategy", *sums):
        columns[name] = name
    return written_select(
        by_action.values_list(*columns.values()),
        "by_action",
        list(columns),
        " UNION ALL ".join(_parts(len(ends))),
    )


def _sums_of_actions(basis: LightBasis) -> dict[str, Any]:
    """{column of the table `by_action`: what is worked out of the assignments of an action}.

    Each expression of a row stands here once, or is asked for few rows: SQLite works it out anew
    wherever it stands. What few rows have is filtered, and not a case: SQLite then passes the
    aggregate by.
    """
    # Any: django-stubs takes the sum of two expressions for another class than both.
    severity: Any = F("severity_now")
    # Of the leads that give the action its light: what another one is behind explains nothing.
    gravity = severity * POINTS + F("planned_now") - F("actual_now")
    # What is not past is not 逾期, and needs no look at its light.
    is_over = Q(deadline__lt=basis.today) & Q(severity_now=SEVERITY[Light.OVER])
    is_owing = Q(is_sent=False) & Q(is_expected=True)
    return {
        "gravity": Max(gravity),
        "before": Max("severity_before"),
        "progress": packed_sum("actual_now", "planned_now", where=COUNTS),
        "days_left": Coalesce(Min("days_left_now", filter=is_over), 0),
        "owing": Coalesce(Max(Value(1), filter=is_owing), 0),
    }


def _action_group(row: CountedRow) -> ActionGroup:
    rest, counted = divmod(row.first, ROOM)
    rest, before = divmod(rest, SEVERITIES)
    strategy, worst = divmod(rest, SEVERITIES)
    return ActionGroup(
        strategy=strategy,
        light=LIGHT_OF_SEVERITY[worst],
        # 0 is no light: then there is no earlier day to compare with.
        before=LIGHT_OF_SEVERITY.get(before),
        number=row.number,
        counted=counted,
        actual=row.actual,
        planned=row.planned,
    )
