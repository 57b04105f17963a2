"""Who shall have an item and until when, as one row of a file says it."""

from datetime import date
from typing import NamedTuple

from items.exchange.columns import LeadCells, PrintedLead, lead_cells
from items.models import Department


class WantedAssignment(NamedTuple):
    """One department that shall have the item."""

    department_id: int
    name: str
    deadline: date
    deadline_text: str


def wanted_of(department: Department, deadline: date, deadline_text: str) -> WantedAssignment:
    return WantedAssignment(
        department_id=department.pk,
        name=department.name,
        deadline=deadline,
        deadline_text=deadline_text,
    )


class HandingOut(NamedTuple):
    """Who shall have the item of one row.

    `supports` is None where the file has no such column: then those of the plan stay.
    """

    every_department: bool
    separate_deadlines: bool
    leads: tuple[WantedAssignment, ...]
    supports: tuple[WantedAssignment, ...] | None

    @property
    def cells(self) -> LeadCells:
        leads = tuple(PrintedLead(lead.name, lead.deadline_text) for lead in self.leads)
        return lead_cells(self.every_department, self.separate_deadlines, leads)

    @property
    def department_ids(self) -> set[int]:
        wanted = self.leads + (self.supports or ())
        return {assignment.department_id for assignment in wanted}
