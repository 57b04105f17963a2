"""What an approved 併案 or 分案 does: the item ends, and others stand for it from now on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError

from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    ControlKind,
    ControlRequest,
    ControlSuccessor,
    Department,
    Directive,
    Door,
    Membership,
    NoticeEvent,
    PlannedProgress,
    Programme,
    ProgressReport,
    SuccessorShare,
    User,
)
from items.models.control import STATUS_AFTER
from items.models.labels import field_label
from items.plan_content import ActionContent, ShareContent, content_of, siblings_of
from items.workflow import contacts, editing, history, notices
from items.workflow.control_effects import (
    NO_MORE,
    MovedReports,
    approved_words,
    change_status,
    require_controlled,
    return_sent_reports,
    stop_waiting_reports,
)
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.placing import place_among
from items.workflow.removing import lock_with_assignments
from items.workflow.successor_rows import (
    added_by_merge,
    hold_items,
    problem_of_target,
    require_alone,
    shares_in_words,
    touched_items,
)


def take_over(request: ControlRequest, *, by: User, at: datetime, door: Door) -> MovedReports:
    """Let the successors stand for the item; return the reports that were moved for it.

    The caller holds the application in its transaction. Raises where the plan is no longer what
    the applicant saw: nothing is changed then.
    """
    _hold_running(request.assignment.action.programme)
    held = hold_items(touched_items(request))
    action = held.get(request.assignment.action_id)
    if action is None or lock_with_assignments(action) is None:
        code = request.assignment.action.code
        raise WorkflowError(f"{code} 剛才已經刪除，沒有變動。", Refusal.ITEM_GONE)
    require_controlled(action)
    require_alone(request)
    _require_as_seen(request, action)
    returned = []
    if request.kind == ControlKind.MERGE:
        returned = _merge(request, action, by=by, at=at, door=door)
    else:
        _split(request, action, by=by, at=at, door=door)
    words = _why_nobody_decides(request, action, at)
    stopped = stop_waiting_reports(action, words, by=by, at=at, door=door)
    change_status(action, STATUS_AFTER[ControlKind(request.kind)], by=by, at=at, door=door)
    _move_directives(request, action, by=by, at=at, door=door)
    _tell_departments(request, action, by=by, at=at)
    return MovedReports(returned, stopped)


def _hold_running(programme: Programme) -> None:
    """Hold the year, so that nobody closes it meanwhile.

    It comes before the items, as at the year's end: two orders would be a deadlock.
    """
    current = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    if current.is_running:
        return
    state = current.get_state_display()
    message = f"{current.year}年度目前是「{state}」，不能併案或分案；請先恢復執行。"
    raise WorkflowError(message, Refusal.YEAR_IN_ANOTHER_STATE)


def _require_as_seen(request: ControlRequest, action: Action) -> None:
    """The item still says what it said when the application was sent."""
    changed = []
    if action.title != request.old_title:
        changed.append(field_label(Action, "title"))
    if action.expected_benefit != request.old_expected_benefit:
        changed.append(field_label(Action, "expected_benefit"))
    if shares_in_words(action) != request.old_shares:
        changed.append("分辦單位或完成期限")
    if not changed:
        return
    message = (
        f"{action.code} 的{'、'.join(changed)}在送出申請以後已經改過，"
        "沒有照申請更動；請退回補正，讓單位看過現在的內容再送。"
    )
    raise WorkflowError(message, Refusal.ITEM_CHANGED)


def _not_as_asked(error: ValidationError) -> WorkflowError:
    """What could be when it was sent cannot any more: a department was closed meanwhile."""
    words = "".join(error.messages)
    message = f"沒有照申請更動：{words}請退回補正，或選不通過並寫明原因。"
    return WorkflowError(message, Refusal.REQUEST_NOT_POSSIBLE)


# 併案.


def _merge(
    request: ControlRequest, action: Action, *, by: User, at: datetime, door: Door
) -> list[ProgressReport]:
    """The other item gets the departments that it has not got, and its sent reports go back."""
    successor = request.successors.select_related("action").get()
    target = successor.action
    # Nothing is sent without it.
    assert target is not None
    problem = problem_of_target(action, target)
    if problem:
        message = f"沒有照申請更動：{problem}請退回補正，或選不通過並寫明原因。"
        raise WorkflowError(message, Refusal.REQUEST_NOT_POSSIBLE)
    present = content_of(target)
    # Before others join them: only these have written about the item as it was.
    had = list(present.by_key())
    added = added_by_merge(successor, target)
    if added:
        new_shares = [ShareContent.of(share) for share in added]
        wanted = replace(present, shares=(*present.shares, *new_shares))
        try:
            editing.edit_action(target, wanted, seen=present, by=by, at=at, door=door)
        except ValidationError as error:
            raise _not_as_asked(error) from error
        _carry_contacts(action, target, added, by=by, at=at, door=door)
    return return_sent_reports(had, _why_it_goes_back(request, target, at), by=by, at=at, door=door)


def _why_it_goes_back(request: ControlRequest, target: Action, at: datetime) -> str:
    code = request.assignment.action.code
    return (
        f"{code} 已經併入 {target.code}（{approved_words(request, at)}）。"
        "這份是併案以前寫的，請補上併入的內容，再送出；沒有要補的，直接再送。"
    )


# 分案.


def _split(request: ControlRequest, action: Action, *, by: User, at: datetime, door: Door) -> None:
    """Make the new items, in the plan right behind the one that they come from."""
    programme = action.programme
    place = content_of(action).place
    for successor in request.successors.prefetch_related("shares").order_by("number"):
        shares = list(successor.shares.all())
        contents = [ShareContent.of(share) for share in shares]
        wanted = ActionContent(
            plan_id=action.plan_id,
            # Behind the others at first; where it belongs is counted below.
            place=0,
            title=successor.title,
            expected_benefit=successor.expected_benefit,
            every_department=_is_for_every_department(action, shares),
            shares=tuple(contents),
        )
        try:
            created = editing.create_action(programme, wanted, by=by, at=at, door=door)
        except ValidationError as error:
            raise _not_as_asked(error) from error
        place += 1
        siblings = siblings_of(action.plan_id)
        place_among(created, siblings, place, by=by, at=at, door=door)
        _carry_contacts(action, created, shares, by=by, at=at, door=door)
        _carry_planned(action, created, by=by, at=at, door=door)
        # No history entry of its own: the entry of the application lists all successors.
        ControlSuccessor.objects.filter(pk=successor.pk).update(action=created)


def _is_for_every_department(action: Action, shares: Sequence[SuccessorShare]) -> bool:
    """Whether a part of 各單位 goes to all of them again: it is printed so, and a new one gets it."""
    if not action.every_department:
        return False
    leads = {share.department_id for share in shares if share.kind == AssignmentKind.LEAD}
    active = Department.objects.filter(is_active=True).values_list("pk", flat=True)
    return leads.issuperset(active)


def _carry_planned(action: Action, created: Action, *, by: User, at: datetime, door: Door) -> None:
    """預定進度 that was entered goes along where department and deadline stay the same.

    Closed periods are left out, since nobody asks for their figures any more. With another
    deadline the percents would be wrong: 預定進度 is linear up to the new one then.
    """
    before = {one.department_id: one for one in action.assignments.all()}
    for assignment in created.assignments.all():
        old = before.get(assignment.department_id)
        if old is None or old.deadline != assignment.deadline:
            continue
        entries = PlannedProgress.objects.filter(assignment=old, period__closed_at=None)
        for entry in entries.select_related("period").order_by("period__ends_on"):
            carried = PlannedProgress(
                assignment=assignment, period=entry.period, percent=entry.percent
            )
            history.save(carried, by=by, at=at, door=door)


# What both have in common.


def _why_nobody_decides(request: ControlRequest, action: Action, at: datetime) -> str:
    """「115-01 已經併入 115-02（…核准）。這份不必再審…；要回報的請寫在 115-02。」"""
    codes = list(request.successors.order_by("number").values_list("action__code", flat=True))
    others = "、".join(codes)
    happened = "分成"
    if request.kind == ControlKind.MERGE:
        happened = "併入"
    approved = approved_words(request, at)
    return (
        f"{action.code} 已經{happened} {others}（{approved}）。{NO_MORE}要回報的請寫在 {others}。"
    )


def _carry_contacts(
    action: Action,
    successor: Action,
    shares: Iterable[SuccessorShare],
    *,
    by: User,
    at: datetime,
    door: Door,
) -> None:
    """承辦人 goes along with the department, unless that person has left it."""
    departments = [share.department_id for share in shares]
    contact_of = {}
    with_contact = action.assignments.filter(contact__isnull=False, department__in=departments)
    for assignment in with_contact.select_related("contact"):
        contact_of[assignment.department_id] = assignment.contact
    for assignment in successor.assignments.filter(department__in=list(contact_of)).with_path():
        contact = contact_of[assignment.department_id]
        writers = Membership.objects.who_can_write().filter(department=assignment.department_id)
        if writers.filter(user=contact).exists():
            contacts.set_contact(assignment, contact, by=by, at=at, door=door)


def _move_directives(
    request: ControlRequest, action: Action, *, by: User, at: datetime, door: Door
) -> None:
    """Open instructions go on at the first successor; those that have ended stay what they were."""
    successor = request.successors.select_related("action").order_by("number").first()
    assert successor is not None
    for directive in Directive.objects.open().filter(action=action).order_by("pk"):
        directive.action = successor.action
        history.save(directive, by=by, at=at, door=door)


def _tell_departments(request: ControlRequest, action: Action, *, by: User, at: datetime) -> None:
    """Tell everybody who writes about the item or about one of its successors.

    The applicant is left out: the decision on the application tells them anyway.
    """
    successors = request.successors.values_list("action_id", flat=True)
    shares = Assignment.objects.filter(action__in=[action.pk, *successors])
    keys_of_departments = shares.order_by().values("department")
    departments = Department.objects.filter(pk__in=keys_of_departments, is_active=True)
    told_anyway = notices.people_of(request.assignment, request.written_by, request.written_for)
    people = []
    for writer in notices.writers_of(departments):
        if writer not in told_anyway:
            people.append(writer)
    notices.tell(people, NoticeEvent.ITEM_TAKEN_OVER, request, by=by, at=at)
