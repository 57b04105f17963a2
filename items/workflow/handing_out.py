"""分辦 of actions that go to every department."""

from django.db import transaction

from items.models import Action, Assignment, ControlStatus, Department, Door
from items.workflow import history


@transaction.atomic
def hand_out_to_every_department(action, deadline, deadline_text, *, by, at, door=Door.PAGE):
    """各單位: one assignment for each active department that has none yet; existing ones stay as they are."""
    have = set(action.assignments.values_list("department_id", flat=True))
    departments = Department.objects.filter(is_active=True).exclude(pk__in=have)
    return [
        history.save(
            Assignment(
                action=action,
                department=department,
                position=department.position,
                deadline=deadline,
                deadline_text=deadline_text,
            ),
            by=by,
            at=at,
            door=door,
        )
        for department in departments
    ]


@transaction.atomic
def hand_out_to_new_department(department, *, by, at, today, door=Door.PAGE):
    """A department that starts work gets what is handed out to 各單位 in the programmes that still run."""
    actions = Action.objects.filter(
        every_department=True,
        control_status=ControlStatus.UNDER_CONTROL,
        plan__method__strategy__programme__ends_on__gte=today,
    ).exclude(assignments__department=department)
    for action in actions.with_path():
        sibling = action.assignments.lead().first()
        if sibling:
            history.save(
                Assignment(
                    action=action,
                    department=department,
                    position=department.position,
                    deadline=sibling.deadline,
                    deadline_text=sibling.deadline_text,
                ),
                by=by,
                at=at,
                door=door,
            )
