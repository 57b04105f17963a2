"""What changed since the last period: 新落後 and 追上."""

from dataclasses import dataclass

from items.lights import Light
from reports.rows import lights_on

SHOWN = 6
LATE = (Light.OVER, Light.BEHIND)
GOOD = (Light.SOON, Light.OK, Light.DONE)
"""未填報 is in neither: without a report nobody knows whether an item fell behind or caught up."""


@dataclass(frozen=True)
class Change:
    """An action whose light moved between two days."""

    item: object
    before: Light
    after: Light


@dataclass(frozen=True)
class Changes:
    """The actions that are 落後 or 逾期 now and were not on the last day of `period`, and those the other way round."""

    period: object
    fell_behind: list
    caught_up: list

    # The page names the first ones of each; the numbers are those of all.

    @property
    def fell_behind_shown(self):
        return self.fell_behind[:SHOWN]

    @property
    def fell_behind_more(self):
        return len(self.fell_behind) - len(self.fell_behind_shown)

    @property
    def caught_up_shown(self):
        return self.caught_up[:SHOWN]

    @property
    def caught_up_more(self):
        return len(self.caught_up) - len(self.caught_up_shown)


def changes_since(periods, current, assignments, items):
    """None where there is no earlier period to compare with.

    Both days are seen with today's deadlines and thresholds, so that what moved is the work and not the plan.
    """
    earlier = [period for period in periods if current and period.number < current.number and period.opened_at]
    if not earlier or not items:
        return None
    period = earlier[-1]
    before = lights_on(assignments, period.ends_on)
    moved = [Change(item, before.get(item.pk), item.light) for item in items if item.light]
    return Changes(
        period,
        [change for change in moved if change.after in LATE and change.before not in LATE],
        [change for change in moved if change.after in GOOD and change.before in LATE],
    )
