"""What may go and what stays: a department with reports keeps its item, whatever the door."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction

from items.first_names import first_names
from items.models import Action, Assignment, Door, Method, Plan, Strategy, User
from items.models.actions import ActionQuerySet
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError

CLEAR_PLANNED = "只有預定進度時，請先清空預定進度。"
CODES_NAMED = 5
"""How many items a sentence names."""


def obstacle_to_removal(row: models.Model) -> str:
    """Why an assignment, an item or a part of the plan stays, as a sentence; empty if it may go.

    Rows of other models have no obstacle here. What holds records (reports, applications, messages)
    is `PROTECT` in the database as well, but its words would help nobody.
    """
    if isinstance(row, Assignment):
        names = _names_with_past(Assignment.objects.filter(pk=row.pk))
        if not names:
            return ""
        return (
            f"「{names}」已經有 {row.action.code} 的填報、預定進度或管制異動，不能移除，以免紀錄失去依據；"
            f"{CLEAR_PLANNED}有填報的請保留，另外分辦給接手的單位。"
        )
    if isinstance(row, Action):
        if row.year_end_items.exists():
            return f"{row.code} 在年終決定的清單裡，不能刪除，以免清單失去依據。"
        if row.takes_over.exists():
            return (
                f"有管制異動申請要併入 {row.code}，或由它承接別的項目，不能刪除，以免紀錄失去依據。"
            )
        number_of_directives = row.directives.count()
        if number_of_directives:
            return (
                f"{row.code} 有 {number_of_directives} 案主席裁示，不能刪除，以免裁示失去依據；"
                "裁示與它無關時，請先在會議頁把裁示的項目改掉。"
            )
        number_of_questions = row.questions.count()
        if number_of_questions:
            return (
                f"{row.code} 有 {number_of_questions:,} 則留言，不能刪除，以免往來紀錄失去依據；"
                "項目不再辦理時，請用管制異動撤銷管制。"
            )
        names = _names_with_past(row.assignments.all())
        if not names:
            return ""
        return (
            f"「{names}」已經有 {row.code} 的填報、預定進度或管制異動，不能刪除，以免紀錄失去依據；"
            f"{CLEAR_PLANNED}有填報的項目會留在計畫表上。"
        )
    if isinstance(row, Strategy | Method | Plan):
        return _obstacle_of_part(row)
    return ""


def _names_with_past(assignments: models.QuerySet[Assignment]) -> str:
    """「行政處、資訊室」: those that keep the item, which is what an import asks as well."""
    rows = Assignment.objects.with_past().filter(pk__in=assignments.values("pk"), has_past=True)
    in_order = rows.select_related("department").order_by("kind", "position", "id")
    return "、".join(assignment.department.name for assignment in in_order)


def _obstacle_of_part(part: Strategy | Method | Plan) -> str:
    codes = list(actions_below(part).in_order().values_list("code", flat=True))
    if not codes:
        return ""
    # A strategy may have hundreds of items below it.
    shown = first_names(codes, CODES_NAMED, "項")
    name = part._meta.verbose_name
    return f"這個{name}底下還有 {shown}，不能刪除；請先把項目移到別的執行計畫，或刪除項目。"


def actions_below(part: Strategy | Method | Plan) -> ActionQuerySet:
    """The items that stand under a part of the plan."""
    if isinstance(part, Strategy):
        return Action.objects.filter(plan__method__strategy=part)
    if isinstance(part, Method):
        return Action.objects.filter(plan__method=part)
    return Action.objects.filter(plan=part)


def require_removable(row: models.Model) -> None:
    obstacle = obstacle_to_removal(row)
    if obstacle:
        raise WorkflowError(obstacle, Refusal.HAS_A_PAST)


def lock_with_assignments(action: Action) -> Action | None:
    """The item as it is now, held until the step is done; None where it is gone.

    With its assignments: a report that somebody begins at this moment is there before or after
    the question whether the department may lose the item, and never in between.
    """
    locked = Action.objects.select_for_update().filter(pk=action.pk).first()
    assignments = Assignment.objects.select_for_update().filter(action=action).order_by("pk")
    # A queryset holds nothing until it is evaluated; the keys themselves are not needed.
    list(assignments.values_list("pk", flat=True))
    return locked


@transaction.atomic
def remove_action(action: Action, *, by: User, at: datetime, door: Door = Door.PAGE) -> None:
    """Delete an item that was made by mistake; its code is never given again."""
    lock_with_assignments(action)
    require_removable(action)
    # One by one and not by the cascade, so that each has its entry in the history.
    for assignment in action.assignments.all():
        history.delete(assignment, by=by, at=at, door=door)
    history.delete(action, by=by, at=at, door=door)


@transaction.atomic
def remove_part(
    part: Strategy | Method | Plan, *, by: User, at: datetime, door: Door = Door.PAGE
) -> None:
    """Delete a part of the plan under which no item stands, with the empty parts below it."""
    require_removable(part)
    for child in children_of(part):
        remove_part(child, by=by, at=at, door=door)
    history.delete(part, by=by, at=at, door=door)


def children_of(part: Strategy | Method | Plan) -> Iterable[Method | Plan]:
    """The parts right below one; an 執行計畫 has only items."""
    if isinstance(part, Strategy):
        return part.methods.all()
    if isinstance(part, Method):
        return part.plans.all()
    return []
