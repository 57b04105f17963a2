"""What an approved application does: it alone changes deadline, wording, departments or status."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.core.exceptions import ValidationError

from items.models import (
    SUBMITTED,
    Action,
    Assignment,
    ControlKind,
    ControlRequest,
    ControlStatus,
    Door,
    ProgressReport,
    ReportState,
    User,
)
from items.models.control import STATUS_AFTER
from items.models.labels import field_label
from items.models.reopening import UNLOCKED
from items.plan_content import ActionContent, ShareContent, content_of
from items.roc import format_roc
from items.workflow import editing, history, reporting
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.removing import lock_with_assignments
from plan_tracker.clock import day_of

NO_MORE = "這份不必再審，也不必再送；寫好的內容留在這裡。"
"""What becomes of a report that waited, of an item that has ended."""


@dataclass(frozen=True)
class MovedReports:
    """Reports that an approval has moved: back to be mended, and off the lists for good."""

    returned: list[ProgressReport] = field(default_factory=list)
    stopped: list[ProgressReport] = field(default_factory=list)


def carry_out(request: ControlRequest, *, by: User, at: datetime, door: Door) -> MovedReports:
    """Change the plan as the application asks; return the reports that were moved for it.

    The caller holds the application in its transaction. Raises where the plan is no longer what
    the applicant saw: nothing is changed then.
    """
    action = lock_with_assignments(request.assignment.action)
    if action is None:
        code = request.assignment.action.code
        raise WorkflowError(f"{code} 剛才已經刪除，沒有變動。", Refusal.ITEM_GONE)
    require_controlled(action)
    present = content_of(action)
    _require_as_seen(request, present)
    kind = ControlKind(request.kind)
    if kind in STATUS_AFTER:
        stopped = []
        # 解除列管 rests on what was reported, so that this is still decided.
        if kind == ControlKind.WITHDRAW:
            words = f"{action.code} 已經撤銷管制（{approved_words(request, at)}）。{NO_MORE}"
            stopped = stop_waiting_reports(action, words, by=by, at=at, door=door)
        change_status(action, STATUS_AFTER[kind], by=by, at=at, door=door)
        return MovedReports(stopped=stopped)
    if kind == ControlKind.EXTEND:
        wanted = _with_new_deadline(request, present)
    else:
        wanted = _with_new_wording(request, present)
    try:
        editing.edit_action(action, wanted, seen=present, by=by, at=at, door=door)
    except ValidationError as error:
        # What could be when it was sent cannot any more: the department was closed meanwhile.
        words = "".join(error.messages)
        message = f"沒有照申請更動：{words}請退回補正，或選不通過並寫明原因。"
        raise WorkflowError(message, Refusal.REQUEST_NOT_POSSIBLE) from error
    returned = _send_reports_back(request, present, by=by, at=at, door=door)
    return MovedReports(returned=returned)


def require_controlled(action: Action) -> None:
    """Raise where the item is no longer under control: then nothing can be approved about it."""
    if action.is_controlled:
        return
    status = action.get_control_status_display()
    message = f"{action.code} 已經是「{status}」，這件申請不能再通過；請選不通過，並寫明原因。"
    raise WorkflowError(message, Refusal.REQUEST_NOT_POSSIBLE)


def _require_as_seen(request: ControlRequest, present: ActionContent) -> None:
    """The plan still says what it said when the application was sent."""
    share = _own_share(request, present)
    changed = []
    if request.kind == ControlKind.EXTEND:
        deadline_when_sent = (request.old_deadline, request.old_deadline_text)
        if (share.deadline, share.deadline_text) != deadline_when_sent:
            changed.append(field_label(Assignment, "deadline"))
    if request.kind == ControlKind.ADJUST:
        if request.title and present.title != request.old_title:
            changed.append(field_label(Action, "title"))
        if request.expected_benefit and present.expected_benefit != request.old_expected_benefit:
            changed.append(field_label(Action, "expected_benefit"))
        departments = [one.department_id for one in present.shares]
        if request.added_department_id in departments:
            changed.append(field_label(Assignment, "department"))
    if not changed:
        return
    message = (
        f"{request.assignment}的{'、'.join(changed)}在送出申請以後已經改過，"
        "沒有照申請更動；請退回補正，讓單位看過現在的內容再送。"
    )
    raise WorkflowError(message, Refusal.ITEM_CHANGED)


def _own_share(request: ControlRequest, present: ActionContent) -> ShareContent:
    return present.by_key()[request.assignment_id]


def _with_new_deadline(request: ControlRequest, present: ActionContent) -> ActionContent:
    # Nothing is sent without it.
    assert request.deadline is not None
    shares = []
    for share in present.shares:
        if share.key == request.assignment_id:
            share = replace(share, deadline=request.deadline, deadline_text=request.deadline_text)
        shares.append(share)
    return replace(present, shares=tuple(shares))


def _with_new_wording(request: ControlRequest, present: ActionContent) -> ActionContent:
    shares = list(present.shares)
    if request.added_department_id is not None:
        share_of_applicant = _own_share(request, present)
        # Like the department that has applied: the form asks for no other kind or deadline.
        added = replace(share_of_applicant, key=None, department_id=request.added_department_id)
        shares.append(added)
    return replace(
        present,
        title=request.title or present.title,
        expected_benefit=request.expected_benefit or present.expected_benefit,
        shares=tuple(shares),
    )


def change_status(
    action: Action, status: ControlStatus, *, by: User, at: datetime, door: Door
) -> None:
    """Give a held item another 列管狀態, with its entry."""
    action.control_status = status
    history.save(action, by=by, at=at, door=door)


# Reports that were written against what the plan said before.


def _send_reports_back(
    request: ControlRequest, before: ActionContent, *, by: User, at: datetime, door: Door
) -> list[ProgressReport]:
    if request.kind == ControlKind.EXTEND:
        keys = [request.assignment_id]
    elif request.title or request.expected_benefit:
        keys = list(before.by_key())
    else:
        # Another department beside them changes nothing for those who have the item already.
        return []
    words = _why_it_goes_back(request, at)
    return return_sent_reports(keys, words, by=by, at=at, door=door)


def return_sent_reports(
    assignments: Sequence[int], words: str, *, by: User, at: datetime, door: Door
) -> list[ProgressReport]:
    """Send back what these assignments have sent for open periods; `words` say why."""
    sent = ProgressReport.objects.with_path().filter(
        assignment__in=assignments,
        period__opened_at__isnull=False,
        period__closed_at__isnull=True,
        state__in=SUBMITTED,
    )
    returned = []
    for report in sent.order_by("pk"):
        returned.append(reporting.send_back(report, words=words, by=by, at=at, door=door))
    return returned


def stop_waiting_reports(
    action: Action, words: str, *, by: User, at: datetime, door: Door
) -> list[ProgressReport]:
    """Take what waits of an item that ends off the lists of head and plan office; `words` say why.

    Called while the item is still under control. What was accepted stays, and so do drafts.
    """
    waiting = ProgressReport.objects.with_path().filter(
        UNLOCKED,
        assignment__action=action,
        state__in=[ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR],
    )
    stopped = []
    for report in waiting.order_by("pk"):
        stopped.append(reporting.stop_waiting(report, words=words, by=by, at=at, door=door))
    return stopped


def approved_words(request: ControlRequest, at: datetime) -> str:
    """「115年11月22日核准，文號 …」, for the reasons of reports that go back."""
    words = f"{format_roc(day_of(at))}核准"
    if request.manager_number:
        words = f"{words}，文號 {request.manager_number}"
    return words


def _why_it_goes_back(request: ControlRequest, at: datetime) -> str:
    approved = approved_words(request, at)
    if request.kind == ControlKind.EXTEND:
        return (
            f"完成期限由 {request.old_deadline_text} 展延為 {request.deadline_text}（{approved}）。"
            "這份是照原期限寫的，請看預定進度與落後說明是否還正確，再送出。"
        )
    return (
        f"{request.assignment.action.code} 的內容已經調整（{approved}）。"
        "這份是照原內容寫的，請對照調整後的文字，再送出。"
    )
