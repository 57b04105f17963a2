"""What the dashboard counts of assignments, for the departments: one statement.

Departments have many assignments whose columns say the same: these are grouped before their light
is worked out, in the order of an index that has all these columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet

from items.lights import LIGHT_OF_SEVERITY
from items.models import AssignmentKind, Period
from items.models.assignment_queries import AssignmentQuerySet
from items.models.copied_figures import FILING_STATES
from items.models.filing_states import OUTSTANDING
from items.models.grouping import OfGroup
from items.models.kept_queries import KeptQueries, key_of_rows
from items.models.light_basis import LightBasis
from items.models.prepared import PreparedOfRows
from items.models.sub_select import WrittenSelect, written_select
from items.worklists.filing_counts import StateNumbers, filed_by_ways
from reports.counts import AssignmentGroup


@dataclass(frozen=True)
class StateGroup:
    """Assignments of one department with the same light and the same reports behind them."""

    department: int
    severity: int
    is_lead: bool
    has_report: bool
    filing_states: str
    handed_out_on: date | None
    number: int
    actual: int
    planned: int


STATE_COLUMNS = {
    "department": "department_id",
    "severity": "severity_of_group",
    "kind": "kind",
    "reported_until": "newest_until",
    "filing_states": FILING_STATES,
    "handed_out_on": "handed_out_on",
    "actual": "actual_of_group",
    "planned": "planned_of_group",
    "number": "number",
}
"""{column of the table `states`: what it is of rows with the same columns}."""

GROUPED_BY = (
    "department_id",
    FILING_STATES,
    "handed_out_on",
    "kind",
    "deadline",
    "newest_until",
    "newest_percent",
    "newest_planned",
)
"""All that lights and progress depend on, in the order of the index `assignment_of_year`.

SQLite then reads no row and sorts nothing: 20 ms of 100,000 assignments instead of 100.
"""

BY_DEPARTMENT = f"""
SELECT department, severity,
    CASE WHEN kind = '{AssignmentKind.LEAD.value}' THEN 1 ELSE 0 END,
    CASE WHEN reported_until IS NULL THEN 0 ELSE 1 END,
    filing_states, handed_out_on,
    SUM(number), SUM(number * actual), SUM(number * planned)
FROM states
GROUP BY 1, 2, 3, 4, 5, 6
"""  # nosec B608

_OF_DEPARTMENTS = KeptQueries[WrittenSelect]()


def states_of(assignments: AssignmentQuerySet, basis: LightBasis) -> list[StateGroup]:
    """The controlled assignments of the year of `basis`, in one query."""
    key = key_of_rows(assignments, basis)
    if key is None:
        return []
    statement = _OF_DEPARTMENTS.get(key, lambda: written_states(assignments, basis))
    groups = []
    for department, severity, is_lead, has_report, states, day, *sums in statement.rows():
        number, actual, planned = [int(figure) for figure in sums]
        groups.append(
            StateGroup(
                department=department,
                severity=severity,
                is_lead=bool(is_lead),
                has_report=bool(has_report),
                filing_states=states,
                handed_out_on=_day(day),
                number=number,
                actual=actual,
                planned=planned,
            )
        )
    return groups


def _day(day: date | str | None) -> date | None:
    """A day as a bare statement gives it: SQLite keeps days as text."""
    if isinstance(day, str):
        return date.fromisoformat(day)
    return day


def written_states(assignments: AssignmentQuerySet, basis: LightBasis) -> WrittenSelect:
    """The statement of `states_of`."""
    rows = assignments.of_own_year(basis.programme.pk).not_released()
    names = list(GROUPED_BY)
    if basis.has_entries:
        # What was entered is of one assignment, whatever its columns say.
        names.append("pk")
    groups: Any = rows.with_light(basis, only_controlled=True).order_by().values(*names)
    groups = groups.annotate(number=Count("pk")).annotate(
        severity_of_group=OfGroup(F("severity"), IntegerField()),
        actual_of_group=OfGroup(F("actual"), IntegerField()),
        planned_of_group=OfGroup(F("planned"), IntegerField()),
    )
    states = groups.values_list(*STATE_COLUMNS.values())
    return written_select(states, "states", list(STATE_COLUMNS), BY_DEPARTMENT)


def assignment_groups(states: Sequence[StateGroup]) -> list[AssignmentGroup]:
    groups = []
    for group in states:
        groups.append(
            AssignmentGroup(
                department=group.department,
                light=LIGHT_OF_SEVERITY[group.severity],
                is_lead=group.is_lead,
                has_report=group.has_report,
                number=group.number,
                actual=group.actual,
                planned=group.planned,
            )
        )
    return groups


def filing_of(
    states: Sequence[StateGroup], period: Period | None, periods: Sequence[Period]
) -> Mapping[int, StateNumbers]:
    """{key of a department: how many of its assignments are in which 填報狀態 of the period}"""
    if period is None:
        return {}
    ways = []
    for group in states:
        ways.append(
            {
                "department": group.department,
                FILING_STATES: group.filing_states,
                "handed_out_on": group.handed_out_on,
                "number": group.number,
            }
        )
    filed = filed_by_ways(lambda programme: ways, periods)
    if filed is None:
        return {}
    return filed.numbers[period.pk]


def owing_by_support_alone(
    assignments: AssignmentQuerySet,
    basis: LightBasis,
    states: Sequence[StateGroup],
    *,
    period: Period | None,
    periods: Sequence[Period],
) -> int:
    """How many actions owe a report of a supporting department, and none of a lead.

    `states` are those of the same assignments. No query where no supporting department owes one.
    """
    if period is None:
        return 0
    supporting = [group for group in states if not group.is_lead]
    numbers = filing_of(supporting, period, periods)
    if not any(of_department[state] for of_department in numbers.values() for state in OUTSTANDING):
        return 0
    # One row, or none where leads owe all of them, too.
    return sum(row["number"] for row in _BY_SUPPORT_ALONE(assignments, period, basis))


def _by_support_alone(
    assignments: AssignmentQuerySet, period: Period, basis: LightBasis
) -> QuerySet[Any]:
    of_year = assignments.of_own_year(basis.programme.pk).not_released()
    owing = of_year.with_filing(period, basis).filter(is_sent=False, is_expected=True)
    by_lead = owing.lead().filter(action=OuterRef("action"))
    # What a lead owes too is counted with the leads.
    alone: QuerySet[Any] = owing.filter(kind=AssignmentKind.SUPPORT).filter(~Exists(by_lead))
    # All rows have this one year: the database sends a number instead of a row for each item.
    return alone.order_by().values("of_year").annotate(number=Count("action", distinct=True))


_BY_SUPPORT_ALONE = PreparedOfRows[Any](_by_support_alone)
