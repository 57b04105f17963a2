"""The dashboard's counts, grouped in the database: no row for each item comes into Python.

One statement counts everything, because what it costs is to read the rows with their lights: at
100,000 assignments three quarters of it.
"""

from typing import NamedTuple

from django.db.models import F, Value

from items.lights import ATTENTION, COUNT_WITHOUT_REPORT, LIGHT_OF_SEVERITY, SEVERITY, Light
from items.models import AssignmentKind, Period
from items.models.assignments import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.models.sub_select import select_from
from reports.counts import ActionGroup, AssignmentGroup, MovedAction, PlanCounts, WorstAction

SHOWN_CASES = 20
"""On the screen and on paper alike; the plan's table lists the others, too."""

SHOWN_CHANGES = 5
"""Of each group of changes on the page; the rest is counted."""


class CountedRow(NamedTuple):
    """One row of the statement, whose parts give their columns different meanings."""

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

COUNTS = f"""(reported_until IS NOT NULL OR severity IN (
    {", ".join(str(SEVERITY[light]) for light in COUNT_WITHOUT_REPORT)}))"""
"""`counts_in_means` of a row of `lit`."""

OFFICIAL_ORDER = "strategy, method_position, method, plan_position, plan, action_position, action"
"""`ActionQuerySet.OFFICIAL_ORDER` in the columns of `by_action`."""

# A light that is worse by one outweighs any number of points that an action is behind.
POINTS = 1000

STATEMENT = f"""
, by_action AS (
    SELECT action,
        MAX(severity) AS worst,
        MAX(severity_before) AS before,
        COUNT(*) FILTER (WHERE {COUNTS}) AS counted,
        SUM(actual) FILTER (WHERE {COUNTS}) AS actual,
        SUM(planned) FILTER (WHERE {COUNTS}) AS planned,
        -- Of the leads that gave the action its light: what another one is behind explains nothing.
        MAX(severity * {POINTS} + planned - actual) - MAX(severity) * {POINTS} AS points_behind,
        MIN(CASE WHEN severity = {SEVERITY[Light.OVER]} THEN days_left ELSE 0 END) AS days_left,
        MIN(strategy) AS strategy,
        MIN(method_position) AS method_position,
        MIN(method) AS method,
        MIN(plan_position) AS plan_position,
        MIN(plan) AS plan,
        MIN(action_position) AS action_position
    FROM lit
    WHERE kind = '{AssignmentKind.LEAD.value}'
    GROUP BY action
)
SELECT 'actions', strategy, worst, before, counted,
    COUNT(*), COALESCE(SUM(actual), 0), COALESCE(SUM(planned), 0), 0, 0
FROM by_action
GROUP BY strategy, worst, before, counted
UNION ALL
SELECT 'assignments', department, severity,
    CASE WHEN kind = '{AssignmentKind.LEAD.value}' THEN 1 ELSE 0 END,
    CASE WHEN reported_until IS NULL THEN 0 ELSE 1 END,
    COUNT(*), SUM(actual), SUM(planned),
    COUNT(*) FILTER (WHERE is_expected), COUNT(*) FILTER (WHERE is_expected AND NOT is_sent)
FROM lit
GROUP BY 2, 3, 4, 5
UNION ALL
SELECT 'owing', 0, 0, 0, 0, COUNT(DISTINCT action), 0, 0, 0, 0
FROM lit
WHERE is_expected AND NOT is_sent
UNION ALL
SELECT * FROM (
    SELECT 'worst', action, worst, days_left, points_behind, 0, 0, 0, 0, 0
    FROM by_action
    WHERE worst IN ({", ".join(str(SEVERITY[light]) for light in ATTENTION)})
    ORDER BY worst DESC, days_left, points_behind DESC, {OFFICIAL_ORDER}
    LIMIT {SHOWN_CASES}
) AS the_worst
UNION ALL
SELECT 'moved', action, worst, before, 0, 0, 0, 0, 0, 0
FROM (
    SELECT action, worst, before,
        ROW_NUMBER() OVER (PARTITION BY worst, before ORDER BY {OFFICIAL_ORDER}) AS place
    FROM by_action
    WHERE before <> 0 AND before <> worst
) AS moved
WHERE place <= {SHOWN_CHANGES}
"""
"""Reads `lit`, the controlled assignments with their lights: groups of actions and of assignments,
and the few actions that the page names."""


def counts_of(
    assignments: AssignmentQuerySet,
    basis: LightBasis,
    *,
    before: LightBasis | None,
    period: Period | None,
) -> PlanCounts:
    """Count the controlled assignments, in one query.

    `before` is the earlier day whose lights today's are compared with, `period` the one
    whose reports are owed now.
    """
    rows = assignments.controlled().with_light(basis)
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
    # In the order of a key, else SQLite reads 100,000 rows from all over its file.
    lit = rows.order_by("action_id").values_list(*COLUMNS.values())
    rows_back = select_from(lit, "lit", list(COLUMNS), STATEMENT)
    return _sorted_out([CountedRow(*row) for row in rows_back])


def _sorted_out(rows: list[CountedRow]) -> PlanCounts:
    """The parts of the statement, each as what it means."""
    actions = []
    assignments = []
    owing_actions = 0
    worst = []
    moved = []
    for row in rows:
        if row.part == "actions":
            actions.append(_action_group(row))
        elif row.part == "assignments":
            assignments.append(_assignment_group(row))
        elif row.part == "owing":
            owing_actions = row.number
        elif row.part == "worst":
            gravity = (-row.second, row.third, -row.fourth)
            worst.append(WorstAction(row.first, gravity))
        else:
            before = LIGHT_OF_SEVERITY[row.third]
            moved.append(MovedAction(row.first, before=before, after=LIGHT_OF_SEVERITY[row.second]))
    return PlanCounts(
        actions=actions,
        assignments=assignments,
        owing_actions=owing_actions,
        worst=worst,
        moved=moved,
    )


def _action_group(row: CountedRow) -> ActionGroup:
    return ActionGroup(
        strategy=row.first,
        light=LIGHT_OF_SEVERITY[row.second],
        before=LIGHT_OF_SEVERITY.get(row.third),
        number=row.number,
        counted=row.fourth,
        # PostgreSQL adds sums up as decimals.
        actual=int(row.actual),
        planned=int(row.planned),
    )


def _assignment_group(row: CountedRow) -> AssignmentGroup:
    return AssignmentGroup(
        department=row.first,
        light=LIGHT_OF_SEVERITY[row.second],
        is_lead=bool(row.third),
        has_report=bool(row.fourth),
        number=row.number,
        actual=int(row.actual),
        planned=int(row.planned),
        expected=row.expected,
        owing=row.owing,
    )
