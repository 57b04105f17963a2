"""The way of an application: 草稿 → 待主管 → 待研考 → 通過 or 不通過, with 退回補正 and 撤回."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from items import access
from items.models import (
    Assignment,
    ChangeKind,
    ControlKind,
    ControlRequest,
    ControlStep,
    Door,
    Membership,
    NoticeEvent,
    ProgressReport,
    RequestState,
    RequestStepKind,
    User,
)
from items.models.control import ON_ITS_WAY, REQUEST_EDITABLE, WORDS_LENGTH
from items.models.control_settings import control_settings_of
from items.workflow import control_effects, history, notices
from items.workflow.control_checks import missing_in_request, require_possible
from items.workflow.control_files import mark_files_sent
from items.workflow.control_writing import (
    IncompleteRequest,
    begin,
    empty_field,
    hold_request,
    require_request_state,
    write,
)
from items.workflow.errors import Refusal, WorkflowError


@dataclass(frozen=True)
class ManagerDecision:
    """首長核定, as the plan office records it: the day and the 文號 of the document."""

    on: date | None = None
    number: str = ""


@dataclass(frozen=True)
class Approval:
    """An application that was approved, and the reports that went back for it."""

    request: ControlRequest
    returned: list[ProgressReport]


@transaction.atomic
def submit_request(
    request: ControlRequest,
    *,
    by: User,
    at: datetime,
    version: int | None = None,
    door: Door = Door.PAGE,
) -> ControlRequest:
    """送出: to the head, or straight to the plan office where no other head can endorse it."""
    held = hold_request(request, version)
    require_request_state(held, *REQUEST_EDITABLE)
    require_possible(held.assignment)
    lacking = missing_in_request(held, timezone.localtime(at).date())
    if lacking:
        raise IncompleteRequest(lacking)
    _keep_what_is_seen(held)
    if held.submitted_at is None:
        held.submitted_at = at
    heads = Membership.objects.who_can_endorse(held.assignment.department_id, held.written_by)
    to_state = RequestState.WITH_COORDINATOR
    if heads.exists():
        to_state = RequestState.WITH_HEAD
    moved = _take_step(held, RequestStepKind.SUBMIT, to_state, by=by, at=at, door=door)
    mark_files_sent(moved, by=by, at=at, door=door)
    return moved


@transaction.atomic
def write_and_submit_request(
    assignment: Assignment,
    content: Mapping[str, Any],
    *,
    written: ControlRequest | None,
    version: int,
    by: User,
    at: datetime,
    sends: bool,
) -> ControlRequest:
    """One click, one transaction: saved, and where it `sends` sent on, or neither.

    `written` is the application that is written further; None for a new one.
    """
    if written is None:
        saved = begin(assignment, content, by=by, at=at)
    else:
        saved = write(written, content, version=version, by=by, at=at)
    if sends:
        saved = submit_request(saved, by=by, at=at)
    return saved


def _keep_what_is_seen(request: ControlRequest) -> None:
    """Write down what the plan says now of that which is to be changed."""
    for name in ControlRequest.SEEN_WHEN_SENT:
        empty_field(request, name)
    assignment = request.assignment
    if request.kind == ControlKind.EXTEND:
        request.old_deadline = assignment.deadline
        request.old_deadline_text = assignment.deadline_text
    if request.kind == ControlKind.ADJUST:
        request.old_title = assignment.action.title
        request.old_expected_benefit = assignment.action.expected_benefit


@transaction.atomic
def endorse_request(
    request: ControlRequest,
    *,
    words: str = "",
    by: User,
    at: datetime,
    version: int | None = None,
    door: Door = Door.PAGE,
) -> ControlRequest:
    """主管同意."""
    held = hold_request(request, version)
    require_request_state(held, RequestState.WITH_HEAD)
    absent = access.endorses_for(by, held)
    writer = held.written_by_id
    if by.pk == writer or (absent is not None and absent.pk == writer):
        message = f"這件是{held.written_by}寫的，要由另一位主管核可。"
        raise WorkflowError(message, Refusal.WRITER_ENDORSES)
    to_state = RequestState.WITH_COORDINATOR
    return _take_step(held, RequestStepKind.ENDORSE, to_state, by=by, at=at, door=door, words=words)


@transaction.atomic
def return_request(
    request: ControlRequest,
    *,
    words: str,
    by: User,
    at: datetime,
    version: int | None = None,
    door: Door = Door.PAGE,
) -> ControlRequest:
    """退回補正: never without a reason."""
    held = hold_request(request, version)
    require_request_state(held, *ON_ITS_WAY)
    reason = _reason(words, "請寫退回補正的原因，讓單位知道要補什麼。")
    to_state = RequestState.RETURNED
    return _take_step(held, RequestStepKind.RETURN, to_state, by=by, at=at, door=door, words=reason)


@transaction.atomic
def withdraw_request(
    request: ControlRequest,
    *,
    words: str = "",
    by: User,
    at: datetime,
    version: int | None = None,
    door: Door = Door.PAGE,
) -> ControlRequest:
    """撤回 by the department, until somebody has decided. It stays readable."""
    held = hold_request(request, version)
    require_request_state(held, *ON_ITS_WAY, RequestState.RETURNED)
    to_state = RequestState.WITHDRAWN
    return _take_step(
        held, RequestStepKind.WITHDRAW, to_state, by=by, at=at, door=door, words=words
    )


@transaction.atomic
def approve_request(
    request: ControlRequest,
    *,
    words: str = "",
    manager: ManagerDecision | None = None,
    by: User,
    at: datetime,
    version: int | None = None,
    door: Door = Door.PAGE,
) -> Approval:
    """通過: the plan is changed in the same transaction, by nothing else than this."""
    held = hold_request(request, version)
    require_request_state(held, RequestState.WITH_COORDINATOR)
    require_possible(held.assignment)
    _record_manager(held, manager, day=timezone.localtime(at).date(), is_needed=True)
    held.decided_at = at
    held.decided_by = by
    returned = control_effects.carry_out(held, by=by, at=at, door=door)
    to_state = RequestState.APPROVED
    moved = _take_step(
        held, RequestStepKind.APPROVE, to_state, by=by, at=at, door=door, words=words
    )
    return Approval(moved, returned)


@transaction.atomic
def reject_request(
    request: ControlRequest,
    *,
    words: str,
    manager: ManagerDecision | None = None,
    by: User,
    at: datetime,
    version: int | None = None,
    door: Door = Door.PAGE,
) -> ControlRequest:
    """不通過, with a reason; the plan stays as it is."""
    held = hold_request(request, version)
    require_request_state(held, RequestState.WITH_COORDINATOR)
    reason = _reason(words, "請寫不通過的原因。")
    _record_manager(held, manager, day=timezone.localtime(at).date(), is_needed=False)
    held.decided_at = at
    held.decided_by = by
    to_state = RequestState.REJECTED
    return _take_step(held, RequestStepKind.REJECT, to_state, by=by, at=at, door=door, words=reason)


def _record_manager(
    request: ControlRequest, manager: ManagerDecision | None, *, day: date, is_needed: bool
) -> None:
    """Keep the day and the 文號 of the 首長's decision; raise where they are needed and missing."""
    rules = control_settings_of(request.assignment.action.programme)
    if manager is None:
        manager = ManagerDecision()
    number = manager.number.strip()
    kind = request.get_kind_display()
    is_given = manager.on is not None and bool(number)
    is_half_given = not is_given and (manager.on is not None or bool(number))
    if is_half_given or (is_needed and rules.manager_decides(request.kind) and not is_given):
        message = f"{kind}由首長核定，請填首長核定日期與首長核定文號。"
        raise WorkflowError(message, Refusal.DECISION_INCOMPLETE)
    if manager.on is not None and manager.on > day:
        message = "首長核定日期在今天以後，請檢查日期。"
        raise WorkflowError(message, Refusal.DECISION_INCOMPLETE)
    request.manager_on = manager.on
    request.manager_number = number


def _reason(words: str, sentence: str) -> str:
    reason = words.strip()
    if not reason:
        raise WorkflowError(sentence, Refusal.RETURN_WITHOUT_REASON)
    return reason


# What all steps share.


def _take_step(
    request: ControlRequest,
    kind: RequestStepKind,
    to_state: RequestState,
    *,
    by: User,
    at: datetime,
    door: Door,
    words: str = "",
) -> ControlRequest:
    """Move a held application, keep the step with its content, and write the history."""
    words = words.strip()
    if len(words) > WORDS_LENGTH:
        message = f"說明有 {len(words)} 個字，最多 {WORDS_LENGTH} 個字，請縮短。"
        raise WorkflowError(message, Refusal.REASON_TOO_LONG)
    from_state = request.state
    for_whom = _for_whom(request, kind, by)
    last_step = request.steps.order_by("-number").first()
    request.state = to_state
    request.since = at
    request.version += 1
    request.save()
    content = json.loads(json.dumps(request.content(), cls=DjangoJSONEncoder))
    ControlStep.objects.create(
        request=request,
        number=request.version,
        kind=kind,
        from_state=from_state,
        to_state=to_state,
        by=by,
        for_whom=for_whom,
        at=at,
        door=door,
        words=words,
        content=content,
    )
    # A draft leaves no entry: the history begins with what was first sent.
    if last_step is None:
        entry_kind, before = ChangeKind.CREATED, None
    else:
        entry_kind, before = ChangeKind.CHANGED, last_step.content
    fields = history.differences(before, content)
    history.entry(request, entry_kind, fields, by=by, at=at, door=door).save()
    _tell_the_applicant(request, kind, by=by, at=at)
    return request


TOLD_TO_APPLICANT = {
    RequestStepKind.RETURN: NoticeEvent.REQUEST_RETURNED,
    RequestStepKind.APPROVE: NoticeEvent.REQUEST_APPROVED,
    RequestStepKind.REJECT: NoticeEvent.REQUEST_REJECTED,
}
"""The steps that the applicant learns of by a notice."""


def _tell_the_applicant(
    request: ControlRequest, kind: RequestStepKind, *, by: User, at: datetime
) -> None:
    event = TOLD_TO_APPLICANT.get(kind)
    if event is None:
        return
    people = notices.people_of(request.assignment, request.written_by, request.written_for)
    notices.tell(people, event, request, by=by, at=at)


def _for_whom(request: ControlRequest, kind: RequestStepKind, by: User) -> User | None:
    """Whom `by` stands in for with this step (代理); the plan office's steps are its own."""
    if kind in (RequestStepKind.SUBMIT, RequestStepKind.WITHDRAW):
        return access.writes_for(by, request.assignment)
    if request.state == RequestState.WITH_HEAD:
        return access.endorses_for(by, request)
    return None
