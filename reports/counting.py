"""The dashboard's counts, grouped in the database: no row for each item comes into Python.

One statement counts everything. Reading the rows with their lights takes three quarters of its time
(100,000 assignments), and several statements would read them several times.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import F, Value

from items.lights import ATTENTION, COUNT_WITHOUT_REPORT, LIGHT_OF_SEVERITY, SEVERITY, Light
from items.models import AssignmentKind, Period
from items.models.assignment_queries import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.models.prepared import KeptQueries, key_of_rows
from items.models.progress_at_end import (
    EndRow,
    end_columns,
    end_selects,
    end_sums,
    means_at_ends,
    with_ends,
)
from items.models.sub_select import WrittenSelect, written_select
from reports.counts import ActionGroup, AssignmentGroup, MovedAction, PlanCounts

SHOWN_CASES = 20
"""On the screen and on paper alike; the plan's table lists the others, too."""

SHOWN_CHANGES = 5
"""How many changes of each group the page names; the rest is counted."""


class CountedRow(NamedTuple):
    """One row of the statement, whose parts give their columns different meanings.

    A UNION has the same columns in all its parts: `_sorted_out` says what they mean in which part.
    """

    part: str
    first: int
    second: int
    third: int
    fourth: int
    number: int
    actual: int
    planned: int
    expected: int
    owing: int


COLUMNS = {
    "action": "action_id",
    "department": "department_id",
    "kind": "kind",
    "severity": "severity_now",
    "severity_before": "severity_before",
    "actual": "actual_now",
    "planned": "planned_now",
    "reported_until": "reported_until_now",
    "days_left": "days_left_now",
    "is_expected": "is_expected",
    "is_sent": "is_sent",
    "strategy": "action__plan__method__strategy__number",
    "method_position": "action__plan__method__position",
    "method": "action__plan__method_id",
    "plan_position": "action__plan__position",
    "plan": "action__plan_id",
    "action_position": "action__position",
}
"""{column of the table `lit`: what it is of an assignment}."""

COUNTS = " OR ".join(
    ["reported_until IS NOT NULL"]
    + [f"severity = {SEVERITY[light]}" for light in COUNT_WITHOUT_REPORT]
)
"""`counts_in_means` of a row of `lit`."""

IS_LEAD = f"kind = '{AssignmentKind.LEAD.value}'"

OFFICIAL_ORDER = "strategy, method_position, method, plan_position, plan, action_position, action"
"""`ActionQuerySet.OFFICIAL_ORDER` in the columns of `by_action`."""

WORST_FIRST = f"worst DESC, days_left, points_behind DESC, {OFFICIAL_ORDER}"
"""By light, then by days overdue, then by points behind."""

# A worse light outweighs any number of points (at most 100) that an action is behind.
POINTS = 1000

BY_ACTION = f"""
SELECT action,
    MAX(severity) AS worst,
    MAX(severity_before) AS before,
    COUNT(CASE WHEN {COUNTS} THEN 1 END) AS counted,
    SUM(CASE WHEN {COUNTS} THEN actual END) AS actual,
    SUM(CASE WHEN {COUNTS} THEN planned END) AS planned,
    -- Of the leads that gave the action its light: what another one is behind explains nothing.
    MAX(severity * {POINTS} + planned - actual) - MAX(severity) * {POINTS} AS points_behind,
    MIN(CASE WHEN severity = {SEVERITY[Light.OVER]} THEN days_left ELSE 0 END) AS days_left,
    MIN(strategy) AS strategy,
    MIN(method_position) AS method_position,
    MIN(method) AS method,
    MIN(plan_position) AS plan_position,
    MIN(plan) AS plan,
    MIN(action_position) AS action_position
"""
"""One row for each action that somebody leads, from `lit`."""

PARTS = (
    """
SELECT 'actions', strategy, worst, before, counted,
    COUNT(*), SUM(actual), SUM(planned), 0, 0
FROM by_action
GROUP BY strategy, worst, before, counted
""",
    f"""
SELECT 'assignments', department, severity,
    CASE WHEN {IS_LEAD} THEN 1 ELSE 0 END,
    CASE WHEN reported_until IS NULL THEN 0 ELSE 1 END,
    COUNT(*), SUM(actual), SUM(planned),
    COUNT(*) FILTER (WHERE is_expected), COUNT(*) FILTER (WHERE is_expected AND NOT is_sent)
FROM lit
GROUP BY 2, 3, 4, 5
""",  # nosec B608
    # Supporters too, which are not in `by_action`.
    """
SELECT 'owing', 0, 0, 0, 0, COUNT(DISTINCT action), 0, 0, 0, 0
FROM lit
WHERE is_expected AND NOT is_sent
""",
    f"""
SELECT 'worst', action, ROW_NUMBER() OVER (ORDER BY {WORST_FIRST}), 0, 0, 0, 0, 0, 0, 0
FROM (
    SELECT * FROM by_action
    WHERE worst IN ({", ".join(str(SEVERITY[light]) for light in ATTENTION)})
    ORDER BY {WORST_FIRST}
    LIMIT {SHOWN_CASES}
) AS the_worst
""",  # nosec B608
    f"""
SELECT 'moved', action, worst, before, 0, 0, 0, 0, 0, 0
FROM (
    SELECT action, worst, before,
        ROW_NUMBER() OVER (PARTITION BY worst, before ORDER BY {OFFICIAL_ORDER}) AS place
    FROM by_action
    WHERE before <> 0 AND before <> worst
) AS moved
WHERE place <= {SHOWN_CHANGES}
""",  # nosec B608
)
"""What is counted of `lit`, the controlled assignments with their lights, and of `by_action`."""


def _statement(number_of_ends: int) -> str:
    """All parts together, with the progress at the ends of so many periods."""
    columns = [BY_ACTION, *end_sums(number_of_ends)]
    parts = list(PARTS)
    for select in end_selects(number_of_ends):
        parts.append(f"SELECT 'ends', ends.*, 0, 0, 0 FROM ({select}) AS ends")  # nosec B608
    written_columns = ", ".join(columns)
    all_parts = " UNION ALL ".join(parts)
    by_action = f"{written_columns} FROM lit WHERE {IS_LEAD} GROUP BY action"
    return f", by_action AS ({by_action}) {all_parts}"


def counts_of(
    assignments: AssignmentQuerySet,
    basis: LightBasis,
    *,
    before: LightBasis | None,
    period: Period | None,
    ends: Sequence[Period],
) -> PlanCounts:
    """Count the controlled assignments, in one query; see `_written`."""
    key = key_of_rows(assignments, basis, before, period, *ends)
    if key is None:
        return _sorted_out([], len(ends))
    statement = _STATEMENTS.get(
        key, lambda: _written(assignments, basis, before=before, period=period, ends=ends)
    )
    counted = []
    for part, *figures in statement.rows():
        # Sums are decimals in PostgreSQL, and NULL where there is nothing to add.
        counted.append(CountedRow(part, *[int(figure or 0) for figure in figures]))
    return _sorted_out(counted, len(ends))


_STATEMENTS = KeptQueries[WrittenSelect]()
"""Writing one takes 28,000 function calls, as many as all the rest of the page but its template."""


def _written(
    assignments: AssignmentQuerySet,
    basis: LightBasis,
    *,
    before: LightBasis | None,
    period: Period | None,
    ends: Sequence[Period],
) -> WrittenSelect:
    """The statement of the counts.

    `before` is the earlier day whose lights today's are compared with, `period` the one whose
    reports are owed now, `ends` are those at whose ends the progress is asked for.
    """
    rows = assignments.controlled().with_light(basis)
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
        rows = rows.with_light_on(before).annotate(severity_before=F("severity"))
    if period is None:
        rows = rows.annotate(is_expected=Value(False), is_sent=Value(False))
    else:
        rows = rows.with_filing(period, basis)
    names = end_columns(len(ends))
    lit = with_ends(rows, ends, basis).order_by().values_list(*COLUMNS.values(), *names)
    return written_select(lit, "lit", [*COLUMNS, *names], _statement(len(ends)))


def _sorted_out(rows: list[CountedRow], number_of_ends: int) -> PlanCounts:
    """The parts of the statement, each as what it means."""
    actions = []
    assignments = []
    owing_actions = 0
    place_of: dict[int, int] = {}
    moved = []
    ends = []
    for row in rows:
        if row.part == "actions":
            actions.append(_action_group(row))
        elif row.part == "assignments":
            assignments.append(_assignment_group(row))
        elif row.part == "owing":
            owing_actions = row.number
        elif row.part == "worst":
            place_of[row.first] = row.second
        elif row.part == "ends":
            ends.append(_end_row(row))
        else:
            before = LIGHT_OF_SEVERITY[row.third]
            moved.append(MovedAction(row.first, before=before, after=LIGHT_OF_SEVERITY[row.second]))
    # The rows of a UNION come in any order: those of the worst carry their place.
    return PlanCounts(
        actions=actions,
        assignments=assignments,
        owing_actions=owing_actions,
        worst=sorted(place_of, key=place_of.__getitem__),
        moved=moved,
        at_ends=means_at_ends(ends, number_of_ends),
    )


def _action_group(row: CountedRow) -> ActionGroup:
    return ActionGroup(
        strategy=row.first,
        light=LIGHT_OF_SEVERITY[row.second],
        # 0 is no light: then there is no earlier day to compare with.
        before=LIGHT_OF_SEVERITY.get(row.third),
        number=row.number,
        counted=row.fourth,
        actual=row.actual,
        planned=row.planned,
    )


def _assignment_group(row: CountedRow) -> AssignmentGroup:
    return AssignmentGroup(
        department=row.first,
        light=LIGHT_OF_SEVERITY[row.second],
        is_lead=bool(row.third),
        has_report=bool(row.fourth),
        number=row.number,
        actual=row.actual,
        planned=row.planned,
        expected=row.expected,
        owing=row.owing,
    )


def _end_row(row: CountedRow) -> EndRow:
    return EndRow(
        place=row.first,
        number=row.second,
        planned_size=row.third,
        planned=row.fourth,
        actual_size=row.number,
        actual=row.actual,
    )
