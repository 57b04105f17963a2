"""分辦 of actions that go to every department."""

from datetime import date, datetime

from django.db import transaction

from items.models import (
    Action,
    Assignment,
    ControlStatus,
    Department,
    Door,
    ProgrammeState,
    User,
)
from items.workflow import history


@transaction.atomic
def hand_out_to_every_department(
    action: Action,
    deadline: date,
    deadline_text: str,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> list[Assignment]:
    """各單位: one assignment for each active department that has none yet.

    Assignments that are there stay as they are: a department may have a deadline of its own.
    """
    departments_with_it = set(action.assignments.values_list("department_id", flat=True))
    active = Department.objects.filter(is_active=True)
    assignments = []
    for department in active.exclude(pk__in=departments_with_it):
        assignment = _assignment(action, department, deadline, deadline_text)
        assignments.append(history.save(assignment, by=by, at=at, door=door))
    return assignments


@transaction.atomic
def hand_out_to_new_department(
    department: Department, *, by: User, at: datetime, today: date, door: Door = Door.PAGE
) -> int:
    """A department that starts work gets what goes to 各單位 in the programmes that still run.

    Returns how many items it got.
    """
    handed_out = 0
    actions = Action.objects.filter(
        every_department=True,
        control_status=ControlStatus.UNDER_CONTROL,
        plan__method__strategy__programme__ends_on__gte=today,
    )
    # A year may be closed before its last day.
    actions = actions.exclude(plan__method__strategy__programme__state=ProgrammeState.CLOSED)
    for action in actions.exclude(assignments__department=department).with_path():
        sibling = action.assignments.lead().first()
        # The deadline is taken from a department that has the item already. Without one nothing
        # says the day, and the plan office hands the item out itself.
        if sibling is None:
            continue
        assignment = _assignment(action, department, sibling.deadline, sibling.deadline_text)
        history.save(assignment, by=by, at=at, door=door)
        handed_out += 1
    return handed_out


def _assignment(
    action: Action, department: Department, deadline: date, deadline_text: str
) -> Assignment:
    """A new lead assignment, at the department's place in the list of departments."""
    return Assignment(
        action=action,
        department=department,
        position=department.position,
        deadline=deadline,
        deadline_text=deadline_text,
    )
