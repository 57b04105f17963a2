"""What changed since the last period: what fell behind, and what caught up."""

from dataclasses import dataclass

from items.lights import Light
from reports.rows import lights_on

LATE = (Light.OVER, Light.BEHIND)
FINE = (Light.SOON, Light.OK)
SHOWN = 5


def is_newly(light):
    return lambda before, after: after == light != before


KINDS = (
    ("新逾期", True, is_newly(Light.OVER)),
    ("新落後", True, lambda before, after: after == Light.BEHIND and before not in LATE),
    ("新未填報", True, is_newly(Light.UNREPORTED)),
    ("追上", False, lambda before, after: after in FINE and before in LATE),
    ("新完成", False, is_newly(Light.DONE)),
)
"""(name, whether it is for the worse, the rule); no action is in two of them."""


@dataclass(frozen=True)
class Change:
    """An action whose light moved between two days."""

    item: object
    before: Light
    after: Light


@dataclass(frozen=True)
class Group:
    name: str
    is_worse: bool
    changes: list

    @property
    def count(self):
        return len(self.changes)

    @property
    def shown(self):
        return self.changes[:SHOWN]

    @property
    def more(self):
        return self.count - len(self.shown)


@dataclass(frozen=True)
class Changes:
    """The groups that are not empty, since the last day of `period`."""

    period: object
    groups: list


def changes_since(periods, current, assignments, items):
    """None where there is no earlier period to compare with.

    Both days are seen with today's deadlines and thresholds, so that what moved is the work and not the plan.
    """
    earlier = [
        period
        for period in periods
        if current and period.number < current.number and period.opened_at
    ]
    if not earlier or not items:
        return None
    period = earlier[-1]
    before = lights_on(assignments, period.ends_on)
    moved = [Change(item, before[item.pk], item.light) for item in items if item.light]
    groups = [
        Group(name, is_worse, [change for change in moved if rule(change.before, change.after)])
        for name, is_worse, rule in KINDS
    ]
    return Changes(period, [group for group in groups if group.changes])
