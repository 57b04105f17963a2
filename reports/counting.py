"""The dashboard's counts, grouped in the database: no row for each item comes into Python.

Two statements. One for both, which had to keep 100,000 rows with their lights for two orders, took
SQLite twice as long.
"""

from collections.abc import Sequence

from items.models import Period
from items.models.assignment_queries import AssignmentQuerySet
from items.models.light_basis import LightBasis
from reports.counted_actions import counted_actions
from reports.counted_departments import (
    assignment_groups,
    filing_of,
    owing_by_support_alone,
    states_of,
)
from reports.counts import PlanCounts


def counts_of(
    assignments: AssignmentQuerySet,
    basis: LightBasis,
    *,
    before: LightBasis | None,
    period: Period | None,
    periods: Sequence[Period],
    ends: Sequence[Period],
) -> PlanCounts:
    """Count the controlled assignments of the year of `basis`.

    In two queries, and a third where supporting departments owe reports. `periods` are all of the
    year; see `counted_actions` for the others.
    """
    actions = counted_actions(assignments, basis, before=before, period=period, ends=ends)
    states = states_of(assignments, basis)
    by_support = owing_by_support_alone(assignments, basis, states, period=period, periods=periods)
    return PlanCounts(
        actions=actions.groups,
        assignments=assignment_groups(states),
        owing_actions=actions.owing + by_support,
        worst=actions.worst,
        moved=actions.moved,
        at_ends=actions.at_ends,
        filing=filing_of(states, period, periods),
    )
