"""The columns of the official table: their headings are the Chinese names of the models' fields."""

from collections.abc import Iterable
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
from items.models.department_names import NOT_HANDED_OUT

# For the readers of the table, which know no models.
from items.models.department_names import is_not_handed_out as is_not_handed_out
from items.models.labels import field_label

STRATEGY = field_label(Strategy, "title")
METHOD = field_label(Method, "title")
PLAN = field_label(Plan, "title")
ACTION = field_label(Action, "title")
DEADLINE = field_label(Assignment, "deadline")
LEAD = f"{AssignmentKind.LEAD.label}單位"
SUPPORT = f"{AssignmentKind.SUPPORT.label}單位"
BENEFIT = field_label(Action, "expected_benefit")
CODE = field_label(Action, "code")

OFFICIAL = (STRATEGY, METHOD, PLAN, ACTION, DEADLINE, LEAD, BENEFIT)
"""The seven columns of the approved document, in its order."""
HANDED_OUT = {DEADLINE, LEAD, SUPPORT}
"""The cells that say who has an item, and until when."""
REPORTED = tuple(
    field_label(ProgressReport, name)
    for name in (
        "percent",
        "text",
        "delay_factor",
        "delay_reason",
        "remedy",
        "coordination",
        "catch_up_month",
    )
)
"""What departments report: in the table with progress, and never read from a plan's file."""
PROGRESS_FILE = ("預定進度", "燈號")
"""What stands beside `REPORTED` in the table with progress that the product itself writes."""


class OfficialColumn(NamedTuple):
    """A column of the official table.

    `field_path` leads from an Action to what the column shows. The history of an action
    (`Change.fields`) keeps a changed cell under it, so that a new heading leaves old entries right.
    """

    heading: str
    field_path: str


OFFICIAL_COLUMNS = (
    OfficialColumn(heading=CODE, field_path="code"),
    OfficialColumn(heading=STRATEGY, field_path="plan.method.strategy"),
    OfficialColumn(heading=METHOD, field_path="plan.method"),
    OfficialColumn(heading=PLAN, field_path="plan"),
    OfficialColumn(heading=ACTION, field_path="title"),
    OfficialColumn(heading=DEADLINE, field_path="assignments.deadline"),
    OfficialColumn(heading=LEAD, field_path="assignments.lead"),
    OfficialColumn(heading=SUPPORT, field_path="assignments.support"),
    OfficialColumn(heading=BENEFIT, field_path="expected_benefit"),
)
"""Every column that is read: the seven of the document, and the two that an office may add."""
FIELD_PATHS = {column.heading: column.field_path for column in OFFICIAL_COLUMNS}


class PrintedLead(NamedTuple):
    """A leading department and its deadline, both as the table prints them."""

    department: str
    deadline: str


class LeadCells(NamedTuple):
    """完成期限 and 主辦單位 of one action, one entry per printed line."""

    deadlines: tuple[str, ...]
    names: tuple[str, ...]


# Most actions have the same few departments and deadlines, and the import asks twice for each row.
@lru_cache(maxsize=10_000)
def lead_cells(
    every_department: bool, separate_deadlines: bool, leads: tuple[PrintedLead, ...]
) -> LeadCells:
    """What the official table prints for `leads`, in their order.

    The import compares with this and the export prints it, so that what goes out comes in as
    unchanged. 各單位 whose deadlines have come to differ are printed by name: one line for each is
    the only way to say who has which.
    """
    if not leads:
        # As a word, since a blank cell in the middle of a table is a forgotten one.
        return LeadCells((), (NOT_HANDED_OUT,))
    deadlines = tuple(lead.deadline for lead in leads)
    names = tuple(lead.department for lead in leads)
    common_deadline = deadlines[:1]
    if len(set(deadlines)) > 1:
        return LeadCells(deadlines, names)
    if every_department:
        return LeadCells(common_deadline, (EVERY_DEPARTMENT,))
    if separate_deadlines:
        return LeadCells(deadlines, names)
    return LeadCells(common_deadline, names)


def strategy_cell(number: int, title: str) -> str:
    """實施策略 as printed, with its number."""
    return f"{number}. {title}"


def printed(parts: Iterable[str]) -> str:
    """Several deadlines or departments in one cell, one per line as on paper."""
    return "\n".join(parts)
