"""An item made or edited as a whole: text, place in the plan, departments and deadlines."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    Change,
    Department,
    Door,
    Method,
    Plan,
    Programme,
    Strategy,
    User,
)
from items.plan_content import ActionContent, ShareContent, content_of, siblings_of
from items.workflow import history
from items.workflow.codes import next_code
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.handing_out import hand_out_to_every_department
from items.workflow.placing import place_among
from items.workflow.removing import lock_with_assignments, require_removable


@dataclass(frozen=True)
class PathContent:
    """實施策略, 推動方法 and 執行計畫 of the first item, to be made with it."""

    number: int
    strategy: str
    method: str
    plan: str


class OvertakenAction(WorkflowError):
    """Somebody saved the item in the meantime. `stored` is what the database holds."""

    def __init__(self, stored: ActionContent, newest: Change | None) -> None:
        self.stored = stored
        self.newest = newest
        super().__init__("這一項剛才已由別人更新，請先看過目前內容再決定。", Refusal.ITEM_CHANGED)


@transaction.atomic
def edit_action(
    action: Action,
    wanted: ActionContent,
    *,
    seen: ActionContent | None,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> None:
    """Write all that differs, each row with its history entry, or nothing at all.

    `seen` is what the person began with, None where that is not known.
    """
    locked = lock_with_assignments(action)
    if locked is None:
        raise WorkflowError(f"{action.code} 剛才已經刪除，沒有儲存。", Refusal.ITEM_GONE)
    stored = content_of(locked)
    # The whole item is compared and not its changed fields alone: two people who each move another
    # deadline could otherwise agree on something that neither of them has seen.
    if seen is not None and seen != stored:
        newest = Change.objects.filter(action=locked).select_related("by").first()
        raise OvertakenAction(stored, newest)
    _write_own_fields(locked, stored, wanted, by=by, at=at, door=door)
    _write_shares(locked, stored, wanted, by=by, at=at, door=door)


@transaction.atomic
def create_action(
    programme: Programme, wanted: ActionContent, *, by: User, at: datetime, door: Door = Door.PAGE
) -> Action:
    """A new item with the next code, behind the others of its 執行計畫 unless it has a place."""
    # Held until the item is there: two people at once get two codes.
    Programme.objects.select_for_update().get(pk=programme.pk)
    plan = Plan.objects.get(pk=wanted.plan_id)
    action = Action(
        plan=plan,
        position=_last_position(plan) + 1,
        code=next_code(programme),
        title=wanted.title,
        expected_benefit=wanted.expected_benefit,
        every_department=wanted.every_department,
        separate_deadlines=_deadlines_differ(wanted),
    )
    history.save(action, by=by, at=at, door=door)
    _write_shares(action, content_of(action), wanted, by=by, at=at, door=door)
    return action


@transaction.atomic
def create_first_action(
    programme: Programme,
    path: PathContent,
    wanted: ActionContent,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> Action:
    """The first item of a year that has no plan yet, with all that stands above it."""
    strategy = Strategy(programme=programme, number=path.number, title=path.strategy)
    history.save(strategy, by=by, at=at, door=door)
    method = Method(strategy=strategy, position=1, title=path.method)
    history.save(method, by=by, at=at, door=door)
    plan = Plan(method=method, position=1, title=path.plan)
    history.save(plan, by=by, at=at, door=door)
    placed = replace(wanted, plan_id=plan.pk)
    return create_action(programme, placed, by=by, at=at, door=door)


def _last_position(plan: Plan) -> int:
    return plan.actions.aggregate(last=Max("position"))["last"] or 0


def _write_own_fields(
    action: Action,
    stored: ActionContent,
    wanted: ActionContent,
    *,
    by: User,
    at: datetime,
    door: Door,
) -> None:
    is_moved = wanted.plan_id != stored.plan_id
    if is_moved:
        action.plan = Plan.objects.get(pk=wanted.plan_id)
        action.position = _last_position(action.plan) + 1
    action.title = wanted.title
    action.expected_benefit = wanted.expected_benefit
    action.every_department = wanted.every_department
    if _lead_words(wanted) != _lead_words(stored):
        # Some documents repeat one deadline for each department. Their way of writing stays until
        # somebody changes a deadline here.
        action.separate_deadlines = _deadlines_differ(wanted)
    history.save(action, by=by, at=at, door=door)
    if not is_moved and wanted.place != stored.place:
        place_among(action, siblings_of(action.plan_id), wanted.place, by=by, at=at, door=door)


def _lead_words(content: ActionContent) -> list[str]:
    return [share.deadline_text for share in content.kept() if share.is_lead]


def _deadlines_differ(content: ActionContent) -> bool:
    return len(set(_lead_words(content))) > 1


def _write_shares(
    action: Action,
    stored: ActionContent,
    wanted: ActionContent,
    *,
    by: User,
    at: datetime,
    door: Door,
) -> None:
    """Write the departments of an item: those that are removed, then all others."""
    stored_by_key = stored.by_key()
    assignments = {}
    for assignment in Assignment.objects.filter(action=action).select_related("department"):
        assignments[assignment.pk] = assignment
    # Removed before others are added: a department that was 協辦 may become 主辦 in the same step,
    # and an item has each department only once.
    for share in wanted.shares:
        if share.removed and share.key in assignments:
            assignment = assignments[share.key]
            require_removable(assignment)
            history.delete(assignment, by=by, at=at, door=door)
    departments = Department.objects.in_bulk([share.department_id for share in wanted.kept()])
    for share in wanted.kept():
        department = departments[share.department_id]
        is_unchanged = share.key is not None and stored_by_key.get(share.key) == share
        if is_unchanged:
            continue
        if share.key in assignments:
            assignment = assignments[share.key]
        else:
            assignment = Assignment(action=action)
        _fill(assignment, share, department, is_every=wanted.every_department)
        history.save(assignment, by=by, at=at, door=door)
    if wanted.every_department:
        first = Assignment.objects.filter(action=action).lead().first()
        if first is not None:
            hand_out_to_every_department(
                action, first.deadline, first.deadline_text, by=by, at=at, door=door
            )


def _fill(
    assignment: Assignment, share: ShareContent, department: Department, *, is_every: bool
) -> None:
    is_new_in_list = assignment._state.adding or assignment.kind != share.kind
    assignment.department = department
    assignment.kind = share.kind
    assignment.deadline = share.deadline
    assignment.deadline_text = share.deadline_text
    if not is_new_in_list:
        return
    if is_every and share.kind == AssignmentKind.LEAD:
        # 各單位 stand in the order of the office.
        assignment.position = department.position
        return
    # Behind the others of its kind, so that the printed order of those stays.
    of_kind = Assignment.objects.filter(action=assignment.action, kind=share.kind)
    last = of_kind.aggregate(last=Max("position"))["last"]
    assignment.position = 0
    if last is not None:
        assignment.position = last + 1
