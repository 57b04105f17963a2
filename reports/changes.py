"""What changed since the last period: what fell behind, and what caught up."""

from collections.abc import Callable
from dataclasses import dataclass

from items.lights import Light
from items.models import Period
from items.models.assignments import AssignmentQuerySet
from items.models.light_basis import LightBasis
from reports.rows import ControlledAction, lights_on

LATE = (Light.OVER, Light.BEHIND)
FINE = (Light.SOON, Light.OK)
SHOWN_CHANGES = 5
"""Of each group on the page; the rest is counted."""


def _is_newly_over(before: Light, after: Light) -> bool:
    return after == Light.OVER and before != Light.OVER


def _is_newly_behind(before: Light, after: Light) -> bool:
    # From 逾期 to 落後 is no news for the worse: the deadline was moved.
    return after == Light.BEHIND and before not in LATE


def _is_newly_unreported(before: Light, after: Light) -> bool:
    return after == Light.UNREPORTED and before != Light.UNREPORTED


def _has_caught_up(before: Light, after: Light) -> bool:
    return after in FINE and before in LATE


def _is_newly_done(before: Light, after: Light) -> bool:
    return after == Light.DONE and before != Light.DONE


@dataclass(frozen=True)
class LightChangeRule:
    """A name for a change of light, and when it applies."""

    name: str
    is_worse: bool
    applies: Callable[[Light, Light], bool]


RULES = (
    LightChangeRule("新逾期", is_worse=True, applies=_is_newly_over),
    LightChangeRule("新落後", is_worse=True, applies=_is_newly_behind),
    LightChangeRule("新未填報", is_worse=True, applies=_is_newly_unreported),
    LightChangeRule("追上", is_worse=False, applies=_has_caught_up),
    LightChangeRule("新完成", is_worse=False, applies=_is_newly_done),
)
"""No change of light fits two of them: no action is counted twice."""


@dataclass(frozen=True)
class LightChange:
    """An action whose light moved between two days."""

    action: ControlledAction
    before: Light
    after: Light


@dataclass(frozen=True)
class LightChangeGroup:
    """The changes of one name."""

    name: str
    is_worse: bool
    changes: list[LightChange]

    @property
    def count(self) -> int:
        return len(self.changes)

    @property
    def shown(self) -> list[LightChange]:
        return self.changes[:SHOWN_CHANGES]

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


@dataclass(frozen=True)
class ChangesSincePeriod:
    """The groups that are not empty, since the last day of `period`."""

    period: Period
    groups: list[LightChangeGroup]


def changes_since_last_period(
    periods: list[Period],
    current: Period | None,
    basis: LightBasis,
    *,
    assignments: AssignmentQuerySet,
    actions: list[ControlledAction],
) -> ChangesSincePeriod | None:
    """None where there is no earlier period to compare with, or no action.

    Both days are seen with today's deadlines and thresholds, so that what moved is the work and
    not the plan.
    """
    period = _period_before(periods, current)
    if period is None or not actions:
        return None
    changes = _light_changes(assignments, basis.on(period.ends_on), actions)
    # Groups in the order of RULES, the worse ones first: the sentence reads them in this order.
    groups = []
    for rule in RULES:
        chosen = [change for change in changes if rule.applies(change.before, change.after)]
        if chosen:
            groups.append(LightChangeGroup(rule.name, rule.is_worse, chosen))
    return ChangesSincePeriod(period, groups)


def _period_before(periods: list[Period], current: Period | None) -> Period | None:
    """The newest opened period before the current one; `periods` are in the order of the year."""
    if current is None:
        return None
    before = None
    for period in periods:
        if period.opened_at and period.number < current.number:
            before = period
    return before


def _light_changes(
    assignments: AssignmentQuerySet, basis: LightBasis, actions: list[ControlledAction]
) -> list[LightChange]:
    """What every action with a lead showed on that day and shows today; both may be equal."""
    lights_before = lights_on(assignments, basis)
    changes = []
    for action in actions:
        if action.light is not None:
            changes.append(LightChange(action, lights_before[action.pk], action.light))
    return changes
