"""What the dashboard counts: one small row per assignment and per action, fetched in one query each.

Only actions that are 列管中 are in counts and means; what was released, withdrawn or carried over is shown as one
figure beside them. The means are product.md's: an action's is that of its lead assignments, a strategy's and the
year's that of its actions, a department's that of all its assignments, supporting ones too.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from items.lights import ATTENTION, SEVERITY, Light
from items.models import AssignmentKind

LIGHT_OF = {severity: light for light, severity in SEVERITY.items()}


@dataclass(frozen=True)
class Share:
    """One assignment on one day. `actual` and `planned` are whole percents, `has_report` that one was ever submitted."""

    action: int
    department: int
    is_lead: bool
    light: Light
    actual: int
    planned: int
    deadline: date
    has_report: bool


@dataclass(frozen=True)
class Item:
    """One action that is 列管中, with the worst light and the mean progress of its lead assignments."""

    pk: int
    code: str
    title: str
    strategy: int
    shares: tuple

    @cached_property
    def light(self):
        """None where nobody is in the lead yet; such an action is in no light's count, as in the plan table."""
        return max((share.light for share in self.shares), key=SEVERITY.get, default=None)

    @cached_property
    def actual(self):
        return mean(share.actual for share in self.shares)

    @cached_property
    def planned(self):
        return mean(share.planned for share in self.shares)

    def gravity(self, today):
        """Sorts the worst first: by light, then by days overdue, then by points behind."""
        worst = [share for share in self.shares if share.light == self.light]
        overdue = (
            max((today - share.deadline).days for share in worst) if self.light == Light.OVER else 0
        )
        return (
            -SEVERITY[self.light],
            -overdue,
            -max(share.planned - share.actual for share in worst),
        )


def mean(numbers):
    """The exact mean, so that means of means are rounded only once; None of nothing."""
    numbers = list(numbers)
    return Fraction(sum(numbers), len(numbers)) if numbers else None


def whole(number):
    """A mean as a whole percent, a half rounded up as in the plan table; None stays None."""
    return None if number is None else int(number + Fraction(1, 2))


@dataclass(frozen=True)
class Progress:
    """Mean 實際 and 預定 in whole percents; both None of nothing."""

    actual: int | None
    planned: int | None

    @classmethod
    def of(cls, rows):
        """`rows`: anything with `actual` and `planned`; those without a value are left out."""
        rows = [row for row in rows if row.actual is not None]
        return cls(
            whole(mean(row.actual for row in rows)), whole(mean(row.planned for row in rows))
        )


def shares_on(assignments, today):
    """Every controlled assignment as it stood on a day.

    Asks for `severity` and reads the light off it: each annotation that repeats the rule costs its sub-queries again.
    """
    rows = assignments.controlled().with_light(today).order_by()
    fields = (
        "action",
        "department",
        "kind",
        "severity",
        "actual",
        "planned",
        "deadline",
        "reported_until",
    )
    return [
        Share(
            action,
            department,
            kind == AssignmentKind.LEAD,
            LIGHT_OF[severity],
            actual,
            planned,
            deadline,
            bool(until),
        )
        for action, department, kind, severity, actual, planned, deadline, until in rows.values_list(
            *fields
        )
    ]


def lights_on(assignments, today):
    """{action: its light} on an earlier day, of what is controlled now."""
    found = {}
    rows = assignments.controlled().lead().with_light(today).order_by()
    for action, severity in rows.values_list("action", "severity"):
        found[action] = max(severity, found.get(action, 0))
    return {action: LIGHT_OF[severity] for action, severity in found.items()}


def items_of(actions, shares):
    """The controlled actions in the order of the official table."""
    leads = defaultdict(list)
    for share in shares:
        if share.is_lead:
            leads[share.action].append(share)
    rows = actions.filter(control_status="under_control").in_order()
    return [
        Item(pk, code, title, strategy, tuple(leads[pk]))
        for pk, code, title, strategy in rows.values_list(
            "pk", "code", "title", "plan__method__strategy__number"
        )
    ]


def troubled(items):
    return [item for item in items if item.light in ATTENTION]
