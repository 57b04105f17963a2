"""The light of rows that are at hand already, worked out in Python from the same rules.

A page that shows one item, or the items of one page, needs no expression for it: to build and to
compile that of `AssignmentQuerySet.with_light` takes 11,000 function calls, as many as a whole page
of a few queries. Where the database has to sort or to count by light, `with_light` is the way.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple, Protocol

from items.lights import SEVERITY, Light
from items.models.assignments import Assignment
from items.models.conditions import Check, check_of
from items.models.light_basis import LightBasis
from items.models.light_rules import light_rules, linear_percent_of
from items.models.periods import NEWEST_PERIOD_FIRST
from items.models.planned_progress import PlannedProgress
from items.models.programme import Programme


class EnteredPercent(NamedTuple):
    """An entry of 預定進度: the last day of its period, and what should be done by then."""

    until: date
    percent: int


EnteredOf = Mapping[int, Sequence[EnteredPercent]]
"""{key of the assignment: its entries of 預定進度, the newest period first}"""


class HeldAgainstPlan(Protocol):
    """An assignment or its values: whether its newest report keeps what it was held against."""

    @property
    def pk(self) -> int: ...

    @property
    def newest_planned(self) -> int | None: ...


class Lightable(HeldAgainstPlan, Protocol):
    """An assignment or its values: all that its light depends on, beside 列管狀態 of its item."""

    @property
    def deadline(self) -> date: ...

    @property
    def handed_out_on(self) -> date | None: ...

    @property
    def newest_until(self) -> date | None: ...

    @property
    def newest_percent(self) -> int | None: ...


class LitFigures(NamedTuple):
    """What `with_light` annotates of one assignment, as numbers."""

    severity: int
    actual: int
    planned: int


class SeverityCheck(NamedTuple):
    """A rule of 燈號: how bad its light is, and whether it holds of a row."""

    holds: Check
    severity: int


def light_up(
    assignments: Collection[Assignment], basis: LightBasis, *, entered: EnteredOf | None = None
) -> None:
    """Set on each row what `with_light` would have annotated.

    The rows are of the programme of `basis`, and have their action. Costs no query, and one for all
    of them where 預定進度 was entered and the caller has no `entered_for` of them.
    """
    if entered is None:
        entered = entered_for(assignments, basis)
    Lamp(basis).light_up(assignments, entered)


class Lamp:
    """The rules of one basis, taken apart once for all rows that they are asked about."""

    def __init__(self, basis: LightBasis) -> None:
        self.basis = basis

    @cached_property
    def _rules(self) -> list[SeverityCheck]:
        # Only where a row is lit: a page whose rows are kept as HTML asks about none.
        rules = []
        for rule in light_rules(self.basis):
            rules.append(SeverityCheck(check_of(rule.condition), SEVERITY[rule.light]))
        return rules

    def light_up(self, assignments: Iterable[Assignment], entered: EnteredOf) -> None:
        """`light_up` of some of the rows of a page."""
        basis = self.basis
        for assignment in assignments:
            figures = self.light(
                assignment,
                control_status=assignment.action.control_status,
                entered=entered.get(assignment.pk),
            )
            assignment.reported_until = assignment.newest_until
            assignment.severity = figures.severity
            assignment.actual = figures.actual
            assignment.planned = figures.planned
            assignment.behind_by = figures.planned - figures.actual
            assignment.light_days = (assignment.deadline - basis.today).days
            due = basis.newest_due(assignment.handed_out_on)
            assignment.due_period = None
            assignment.due_closed_at = None
            if due is not None:
                assignment.due_period = due.name_with_year
                assignment.due_closed_at = due.closed_at

    def light(
        self,
        assignment: Lightable,
        *,
        control_status: str,
        entered: Sequence[EnteredPercent] | None,
    ) -> LitFigures:
        """The light of one row; `entered` are its entries of 預定進度, the newest period first."""
        basis = self.basis
        actual = assignment.newest_percent or 0
        planned = assignment.newest_planned
        if planned is None:
            until = assignment.newest_until or basis.today
            planned = planned_by(
                assignment,
                until,
                basis.programme,
                last_day=basis.today,
                entered=entered,
            )
        due = basis.newest_due(assignment.handed_out_on)
        due_until = None
        if due is not None:
            due_until = due.ends_on
        values = {
            "action__control_status": control_status,
            "deadline": assignment.deadline,
            "reported_until": assignment.newest_until,
            "actual": actual,
            "behind_by": planned - actual,
            "due_until": due_until,
        }
        severity = SEVERITY[Light.OK]
        for rule in self._rules:
            if rule.holds(values):
                severity = rule.severity
                break
        return LitFigures(severity, actual, planned)


def planned_by(
    assignment: Lightable,
    until: date,
    programme: Programme,
    last_day: date,
    *,
    entered: Sequence[EnteredPercent] | None,
) -> int:
    """`AssignmentQuerySet.with_planned` of one row; `entered` are its entries, the newest first."""
    for entry in entered or []:
        if entry.until <= until:
            return entry.percent
    return linear_percent_of(
        assignment.deadline, until, starts_on=programme.starts_on, last_day=last_day
    )


def entered_for(assignments: Iterable[HeldAgainstPlan], basis: LightBasis) -> EnteredOf:
    """The entries of those that are not held against what a report keeps; no query without any."""
    entered: dict[int, list[EnteredPercent]] = {}
    if not basis.has_entries:
        return entered
    keys = [assignment.pk for assignment in assignments if assignment.newest_planned is None]
    if not keys:
        return entered
    entries = PlannedProgress.objects.filter(assignment__in=keys).order_by(*NEWEST_PERIOD_FIRST)
    for key, until, percent in entries.values_list("assignment_id", "period__ends_on", "percent"):
        entered.setdefault(key, []).append(EnteredPercent(until, percent))
    return entered
