"""What changed since the last period: what fell behind, and what caught up."""

from collections.abc import Callable
from dataclasses import dataclass

from items.lights import Light
from items.models import Action, Period
from items.models.actions import ActionQuerySet
from reports.counts import PlanCounts

SHOWN_CHANGES = 5
"""How many changes of each group the page names; the rest is counted."""

LATE = (Light.OVER, Light.BEHIND)
FINE = (Light.SOON, Light.OK)


def _is_newly_over(before: Light, after: Light) -> bool:
    return after == Light.OVER and before != Light.OVER


def _is_newly_behind(before: Light, after: Light) -> bool:
    # An item that was 逾期 before has not become worse: its deadline was moved.
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

    action: Action
    before: Light
    after: Light


@dataclass(frozen=True)
class LightChangeGroup:
    """The changes of one name: their number, and the first ones in the order of the plan."""

    name: str
    is_worse: bool
    count: int
    shown: list[LightChange]

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


@dataclass(frozen=True)
class ChangesSincePeriod:
    """The groups that are not empty, since the last day of `period`."""

    period: Period
    groups: list[LightChangeGroup]


def period_before(periods: list[Period], current: Period | None) -> Period | None:
    """The newest opened period before the current one; `periods` are in the order of the year."""
    if current is None:
        return None
    before = None
    for period in periods:
        if period.opened_at and period.number < current.number:
            before = period
    return before


def changes_since(
    period: Period | None, counts: PlanCounts, actions: ActionQuerySet
) -> ChangesSincePeriod | None:
    """None where there is no earlier period to compare with.

    Both days are seen with today's deadlines and thresholds, so that what moved is the work and
    not the plan.
    """
    if period is None:
        return None
    named = _named_changes(counts, actions)
    # In the order of RULES, the worse ones first: the sentence names them in this order.
    groups = []
    for rule in RULES:
        number = _number_of(rule, counts)
        if not number:
            continue
        changes = [change for change in named if rule.applies(change.before, change.after)]
        group = LightChangeGroup(
            name=rule.name,
            is_worse=rule.is_worse,
            count=number,
            shown=changes[:SHOWN_CHANGES],
        )
        groups.append(group)
    return ChangesSincePeriod(period, groups)


def _number_of(rule: LightChangeRule, counts: PlanCounts) -> int:
    number = 0
    for group in counts.actions:
        # Without a light of before there is nothing to compare with.
        if group.before is None:
            continue
        if rule.applies(group.before, group.light):
            number += group.number
    return number


def _named_changes(counts: PlanCounts, actions: ActionQuerySet) -> list[LightChange]:
    """The changes that some rule has a name for, in the order of the plan; one query, or none."""
    moved_of = {}
    for moved in counts.moved:
        has_name = any(rule.applies(moved.before, moved.after) for rule in RULES)
        if has_name:
            moved_of[moved.pk] = moved
    if not moved_of:
        return []
    changes = []
    named_actions = actions.filter(pk__in=moved_of).in_order()
    for action in named_actions.only("code", "title"):
        moved = moved_of[action.pk]
        changes.append(LightChange(action, before=moved.before, after=moved.after))
    return changes
