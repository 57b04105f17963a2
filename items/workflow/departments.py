"""單位 that are made outside of the back office, by the same rules as there."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from items.models import Department, Door, User
from items.workflow import history
from items.workflow.errors import WorkflowError
from items.workflow.handing_out import hand_out_to_new_department


class DepartmentsNotMade(WorkflowError):
    """A name cannot be one of a department; nothing was written."""


@transaction.atomic
def make_departments(
    names: Iterable[str], *, by: User, at: datetime, today: date, door: Door = Door.PAGE
) -> list[Department]:
    """Departments of these names behind all others; each gets what goes to 各單位."""
    departments = []
    for name in names:
        department = Department(name=name, position=Department.objects.next_position())
        try:
            department.full_clean()
        except ValidationError as error:
            words = "".join(error.messages)
            raise DepartmentsNotMade(f"不能建立單位「{name}」：{words}") from error
        history.save(department, by=by, at=at, door=door)
        hand_out_to_new_department(department, by=by, at=at, today=today, door=door)
        departments.append(department)
    return departments
