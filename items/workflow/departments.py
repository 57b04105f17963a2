"""單位: made, named, ordered, ended and begun again, by the same rules at every door."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from items.models import ControlRequest, Department, Door, User
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.handing_out import hand_out_to_new_department
from items.workflow.what_hangs import words_of_what_hangs


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
            # The check of the row itself, and of another press that made it a moment before.
            save_department(department, by=by, at=at, today=today, door=door)
        except ValidationError as error:
            words = "".join(error.messages)
            raise DepartmentsNotMade(f"不能建立單位「{name}」：{words}") from error
        departments.append(department)
    return departments


@transaction.atomic
def save_department(
    department: Department, *, by: User, at: datetime, today: date, door: Door = Door.PAGE
) -> int:
    """Save a department; one that starts work gets what goes to 各單位. Returns how many items."""
    # Asked before the row is written: afterwards nothing tells whether it was active.
    was_active = Department.objects.filter(pk=department.pk, is_active=True).exists()
    history.save(department, by=by, at=at, door=door)
    if was_active or not department.is_active:
        return 0
    return hand_out_to_new_department(department, by=by, at=at, today=today, door=door)


def _lock(department: Department) -> None:
    """Read the row as it is now and hold it until the step is done."""
    department.refresh_from_db(from_queryset=Department.objects.select_for_update())


@transaction.atomic
def rename_department(
    department: Department, name: str, *, by: User, at: datetime, door: Door = Door.PAGE
) -> None:
    """Give it another name; everything refers to the department by its key and follows."""
    _lock(department)
    department.name = name
    history.save(department, by=by, at=at, door=door)


@transaction.atomic
def place_department(
    department: Department,
    *,
    behind: Department | None,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> None:
    """Put a department behind another one, or first of all; the others close up."""
    # All of them: two people who reorder at once would else give the same place twice.
    in_order = list(Department.objects.select_for_update().order_by("position", "id"))
    # As the database has it now: the given object may be older.
    current = in_order.pop(in_order.index(department))
    place = 0
    if behind is not None:
        place = in_order.index(behind) + 1
    in_order.insert(place, current)
    for position, moved in enumerate(in_order, start=1):
        if moved.position != position:
            moved.position = position
            history.save(moved, by=by, at=at, door=door)


@transaction.atomic
def deactivate_departments(
    departments: Iterable[Department], *, by: User, at: datetime, door: Door = Door.PAGE
) -> list[Department]:
    """停用: they get nothing new; what they have stays. Returns those that were still in use."""
    deactivated = []
    for department in departments:
        _lock(department)
        if department.is_active:
            department.is_active = False
            deactivated.append(history.save(department, by=by, at=at, door=door))
    return deactivated


@transaction.atomic
def activate_department(
    department: Department, *, by: User, at: datetime, today: date, door: Door = Door.PAGE
) -> int:
    """啟用 again: it gets what goes to 各單位. Returns how many items."""
    _lock(department)
    department.is_active = True
    return save_department(department, by=by, at=at, today=today, door=door)


def obstacle_to_deletion(department: Department) -> str:
    """Why a department cannot be deleted, as a sentence; empty where it can."""
    asked_to_add = ControlRequest.objects.filter(
        Q(added_department=department) | Q(successors__shares__department=department)
    ).distinct()
    hanging = words_of_what_hangs(
        {
            "位人員": department.memberships.count(),
            "件分辦": department.assignments.count(),
            "案主席裁示": department.directive_answers.count(),
            "件要增列它的管制異動": asked_to_add.count(),
            "則留言": department.questions.count(),
            "張稽催單": department.letters.count(),
        }
    )
    if not hanging:
        return ""
    return f"{department}還有 {hanging}，不能刪除，以免紀錄失去依據；不再使用時請停用。"


@transaction.atomic
def delete_unused(
    department: Department, *, by: User, at: datetime, door: Door = Door.PAGE
) -> None:
    """Delete a department that nothing refers to, such as a name typed twice."""
    _lock(department)
    obstacle = obstacle_to_deletion(department)
    if obstacle:
        raise WorkflowError(obstacle, Refusal.DEPARTMENT_IN_USE)
    history.delete(department, by=by, at=at, door=door)
