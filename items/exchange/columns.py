"""The columns of the official table: their headings are the models' Chinese names, said there and nowhere else."""

from functools import lru_cache
from typing import NamedTuple

from items.models import (
    EVERY_DEPARTMENT,
    Action,
    Assignment,
    AssignmentKind,
    Method,
    Plan,
    ProgressReport,
    Strategy,
)


def _name(model, field):
    return str(model._meta.get_field(field).verbose_name)


STRATEGY = _name(Strategy, "title")
METHOD = _name(Method, "title")
PLAN = _name(Plan, "title")
ACTION = _name(Action, "title")
DEADLINE = _name(Assignment, "deadline")
LEAD = f"{AssignmentKind.LEAD.label}單位"
SUPPORT = f"{AssignmentKind.SUPPORT.label}單位"
BENEFIT = _name(Action, "expected_benefit")
CODE = _name(Action, "code")

OFFICIAL = (STRATEGY, METHOD, PLAN, ACTION, DEADLINE, LEAD, BENEFIT)
"""The seven columns of the approved document, in its order."""
HANDED_OUT = {DEADLINE, LEAD, SUPPORT}
"""The cells that say who has an item, and until when."""
REPORTED = tuple(
    _name(ProgressReport, field) for field in ("percent", "text", "delay_reason", "remedy")
)
"""What departments report: in the table with progress, and never read from a plan's file."""


class LeadCells(NamedTuple):
    """完成期限 and 主辦單位 of one action, one entry per printed line."""

    deadlines: tuple
    names: tuple


@lru_cache(maxsize=10_000)
def lead_cells(every_department, separate_deadlines, leads):
    """What the official table prints for `leads`, a tuple of (department name, deadline text) in order.

    The import compares with this and the export prints it, so that what goes out comes in as unchanged. 各單位 whose
    deadlines have come to differ are printed by name: one line each is the only way to say who has which.
    """
    texts = tuple(text for _, text in leads)
    differ = len(set(texts)) > 1
    if every_department and not differ:
        return LeadCells(texts[:1], (EVERY_DEPARTMENT,))
    names = tuple(name for name, _ in leads)
    return LeadCells(
        texts if differ or (separate_deadlines and not every_department) else texts[:1], names
    )


def strategy_cell(number, title):
    """實施策略 as printed, with its number."""
    return f"{number}. {title}"


def printed(parts):
    """Several deadlines or departments in one cell, one per line as on paper."""
    return "\n".join(parts)
