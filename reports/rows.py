"""What the dashboard counts: small rows of assignments and actions, one query for each kind.

Only actions that are 列管中 are in counts and means; what was released, withdrawn or carried over
is shown as one figure beside them. The means are product.md's: an action's is that of its lead
assignments, a strategy's and the year's that of its actions, a department's that of all its
assignments, supporting ones too.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Protocol

from items.lights import ATTENTION, LIGHT_OF_SEVERITY, SEVERITY, Light, counts_in_means
from items.models import AssignmentKind, ControlStatus
from items.models.actions import ActionQuerySet
from items.models.assignments import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.percents import exact_mean, mean_percent

# As tuples, because mypy knows no annotated names: written out in the call, it would refuse them.
STANDING_FIELDS: tuple[str, ...] = (
    "action",
    "department",
    "kind",
    "severity",
    "actual",
    "planned",
    "deadline",
    "reported_until",
)
SEVERITY_FIELDS: tuple[str, ...] = ("action", "severity")


@dataclass(frozen=True)
class AssignmentOnDay:
    """One assignment as it stood on a day; `action` and `department` are primary keys."""

    action: int
    department: int
    is_lead: bool
    light: Light
    actual: int
    """Whole percents, as `planned`."""
    planned: int
    deadline: date
    has_report: bool
    """Whether a report was ever submitted."""

    @property
    def counts_in_means(self) -> bool:
        return counts_in_means(self.light, has_report=self.has_report)


@dataclass(frozen=True)
class ControlledAction:
    """One action that is 列管中, with its lead assignments."""

    pk: int
    code: str
    title: str
    strategy: int
    """The number of the strategy, as the document prints it."""
    leads: tuple[AssignmentOnDay, ...]

    # Cached, because counts, bars, sentence and changes all ask: every light is searched once.

    @cached_property
    def light(self) -> Light | None:
        """The worst light of the leads; None where nobody is in the lead yet.

        An action without a light is in no light's count, as in the plan table.
        """
        lights = [lead.light for lead in self.leads]
        if not lights:
            return None
        return max(lights, key=SEVERITY.__getitem__)

    @cached_property
    def actual(self) -> Fraction | None:
        """The exact mean of 實際進度: it goes into further means, which round once.

        None where no lead has anything to report yet: the action is then in no further mean.
        """
        return exact_mean(lead.actual for lead in self.leads if lead.counts_in_means)

    @cached_property
    def planned(self) -> Fraction | None:
        """The exact mean of 預定進度."""
        return exact_mean(lead.planned for lead in self.leads if lead.counts_in_means)

    def gravity(self, today: date) -> tuple[int, int, int]:
        """Sorts the worst first: by light, then by days overdue, then by points behind."""
        if self.light is None:
            return (0, 0, 0)
        severity = SEVERITY[self.light]
        # The figures of the leads that gave the action its light: what another one is behind
        # explains nothing of it.
        worst = [lead for lead in self.leads if lead.light == self.light]
        points_behind = max(lead.planned - lead.actual for lead in worst)
        days_overdue = 0
        if self.light == Light.OVER:
            earliest = min(lead.deadline for lead in worst)
            days_overdue = (today - earliest).days
        # Negative, because the smallest is sorted first.
        return (-severity, -days_overdue, -points_behind)


class HasProgress(Protocol):
    """An assignment or an action: whatever has 實際 and 預定 in percent, or None for both."""

    @property
    def actual(self) -> Fraction | int | None: ...

    @property
    def planned(self) -> Fraction | int | None: ...


@dataclass(frozen=True)
class MeanProgress:
    """Mean 實際 and 預定 in whole percents; both None of nothing."""

    actual: int | None
    planned: int | None


def mean_progress(rows: Iterable[HasProgress]) -> MeanProgress:
    """The means over the rows; those without progress are left out."""
    actual = []
    planned = []
    # An action without a lead counts neither as 0% nor at all: it would pull the mean down.
    for row in rows:
        if row.actual is not None and row.planned is not None:
            actual.append(row.actual)
            planned.append(row.planned)
    return MeanProgress(mean_percent(actual), mean_percent(planned))


def assignments_today(assignments: AssignmentQuerySet, basis: LightBasis) -> list[AssignmentOnDay]:
    """Every controlled assignment as it stands today, in no order."""
    rows = assignments.controlled().with_light(basis).order_by()
    standings = []
    for row in rows.values_list(*STANDING_FIELDS, named=True):
        standing = AssignmentOnDay(
            action=row.action,
            department=row.department,
            is_lead=row.kind == AssignmentKind.LEAD,
            light=LIGHT_OF_SEVERITY[row.severity],
            actual=row.actual,
            planned=row.planned,
            deadline=row.deadline,
            has_report=row.reported_until is not None,
        )
        standings.append(standing)
    return standings


def lights_on(assignments: AssignmentQuerySet, basis: LightBasis) -> dict[int, Light]:
    """{action: its light} on the earlier day of `basis`, of what is controlled now."""
    # Only the leads: an action shows the worst of their lights, as `ControlledAction.light` does.
    rows = assignments.controlled().lead().with_light_on(basis).order_by()
    worst: dict[int, int] = {}
    for row in rows.values_list(*SEVERITY_FIELDS, named=True):
        worst_so_far = worst.get(row.action, 0)
        worst[row.action] = max(row.severity, worst_so_far)
    lights = {}
    for action, severity in worst.items():
        lights[action] = LIGHT_OF_SEVERITY[severity]
    return lights


def controlled_actions(
    actions: ActionQuerySet, standings: list[AssignmentOnDay]
) -> list[ControlledAction]:
    """The controlled actions in the order of the official table, each with its leads."""
    leads = defaultdict(list)
    for standing in standings:
        if standing.is_lead:
            leads[standing.action].append(standing)
    rows = actions.filter(control_status=ControlStatus.UNDER_CONTROL).in_order()
    named = rows.values_list("pk", "code", "title", "plan__method__strategy__number", named=True)
    controlled = []
    for row in named:
        action = ControlledAction(
            pk=row.pk,
            code=row.code,
            title=row.title,
            strategy=row.plan__method__strategy__number,
            leads=tuple(leads[row.pk]),
        )
        controlled.append(action)
    return controlled


def in_trouble(actions: list[ControlledAction]) -> list[ControlledAction]:
    """The actions that management asks about."""
    return [action for action in actions if action.light in ATTENTION]
