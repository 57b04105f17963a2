"""The way of an application: 草稿 → 待主管 → 待研考 → 通過 or 不通過, with 退回補正 and 撤回."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Unpack

from django.db import transaction

from items import access
from items.models import (
    Assignment,
    ControlKind,
    ControlRequest,
    Door,
    Membership,
    ProgressReport,
    RequestState,
    RequestStepKind,
    User,
)
from items.models.control import ON_ITS_WAY, REQUEST_EDITABLE
from items.models.control_settings import control_settings_of
from items.workflow import control_effects, successor_effects
from items.workflow.control_checks import missing_in_request, require_possible
from items.workflow.control_files import mark_files_sent
from items.workflow.control_steps import required_reason, take_step
from items.workflow.control_writing import (
    IncompleteRequest,
    begin,
    empty_field,
    hold_request,
    require_request_state,
    write,
)
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.step_taken import StepTaken
from items.workflow.successor_rows import (
    hold_items,
    require_alone,
    shares_in_words,
    take_deadlines_of_now,
    touched_items,
)
from plan_tracker.clock import day_of


@dataclass(frozen=True)
class ManagerDecision:
    """首長核定, as the plan office records it: the day and the 文號 of the document."""

    on: date | None = None
    number: str = ""


@dataclass(frozen=True)
class Approval:
    """An application that was approved, and the reports that were moved for it.

    `returned` are to be mended; `stopped` waited, and nobody has to decide or send them any more.
    """

    request: ControlRequest
    returned: list[ProgressReport]
    stopped: list[ProgressReport]


@transaction.atomic
def submit_request(request: ControlRequest, **step: Unpack[StepTaken]) -> ControlRequest:
    """送出: to the head, or straight to the plan office where no other head can endorse it."""
    held = hold_request(request, step.get("version"))
    require_request_state(held, *REQUEST_EDITABLE)
    require_possible(held.assignment)
    at = step["at"]
    lacking = missing_in_request(held, day_of(at))
    if lacking:
        raise IncompleteRequest(lacking)
    # The items are held until it is sent: when two applications about one item are sent at the same
    # moment, the second finds the first on its way.
    hold_items(touched_items(held))
    require_alone(held)
    _keep_what_is_seen(held)
    # The first sending counts for 逾期申請: what was returned to be mended does not become late.
    if held.submitted_at is None:
        held.submitted_at = at
    heads = Membership.objects.who_can_endorse(held.assignment.department_id, held.written_by)
    to_state = RequestState.WITH_COORDINATOR
    if heads.exists():
        to_state = RequestState.WITH_HEAD
    moved = take_step(held, RequestStepKind.SUBMIT, to_state, **step)
    mark_files_sent(moved, by=step["by"], at=at, door=step.get("door", Door.PAGE))
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
    """Write down what the plan says now about the things that are to be changed."""
    # Emptied first: a returned application may ask for another kind of change than before.
    for name in ControlRequest.SEEN_WHEN_SENT:
        empty_field(request, name)
    assignment = request.assignment
    if request.kind == ControlKind.EXTEND:
        request.old_deadline = assignment.deadline
        request.old_deadline_text = assignment.deadline_text
    if request.kind == ControlKind.ADJUST or request.has_successors:
        request.old_title = assignment.action.title
        request.old_expected_benefit = assignment.action.expected_benefit
    if request.has_successors:
        request.old_shares = shares_in_words(assignment.action)
        take_deadlines_of_now(request)


@transaction.atomic
def endorse_request(
    request: ControlRequest, *, words: str = "", **step: Unpack[StepTaken]
) -> ControlRequest:
    """主管同意."""
    held = hold_request(request, step.get("version"))
    require_request_state(held, RequestState.WITH_HEAD)
    by = step["by"]
    absent = access.endorses_for(by, held)
    writer = held.written_by_id
    # Neither oneself nor by one's deputy: the four eyes would be two.
    is_written_by_absent = absent is not None and absent.pk == writer
    if by.pk == writer or is_written_by_absent:
        message = f"這件是{held.written_by}寫的，要由另一位主管核可。"
        raise WorkflowError(message, Refusal.WRITER_ENDORSES)
    to_state = RequestState.WITH_COORDINATOR
    return take_step(held, RequestStepKind.ENDORSE, to_state, words=words, **step)


@transaction.atomic
def return_request(
    request: ControlRequest, *, words: str, **step: Unpack[StepTaken]
) -> ControlRequest:
    """退回補正: never without a reason."""
    held = hold_request(request, step.get("version"))
    require_request_state(held, *ON_ITS_WAY)
    # Without it the department would send the same once more.
    reason = required_reason(words, "請寫退回補正的原因，讓單位知道要補什麼。")
    to_state = RequestState.RETURNED
    return take_step(held, RequestStepKind.RETURN, to_state, words=reason, **step)


@transaction.atomic
def withdraw_request(
    request: ControlRequest, *, words: str = "", **step: Unpack[StepTaken]
) -> ControlRequest:
    """撤回 by the department, until somebody has decided. It stays readable."""
    held = hold_request(request, step.get("version"))
    require_request_state(held, *ON_ITS_WAY, RequestState.RETURNED)
    to_state = RequestState.WITHDRAWN
    return take_step(held, RequestStepKind.WITHDRAW, to_state, words=words, **step)


@transaction.atomic
def approve_request(
    request: ControlRequest,
    *,
    words: str = "",
    manager: ManagerDecision | None = None,
    **step: Unpack[StepTaken],
) -> Approval:
    """通過: the plan is changed in the same transaction, by nothing else than this."""
    held = hold_request(request, step.get("version"))
    require_request_state(held, RequestState.WITH_COORDINATOR)
    # Asked again: the year may have been closed, or the item released, since it was sent.
    require_possible(held.assignment)
    _keep_decision(held, manager, by=step["by"], at=step["at"], is_needed=True)
    door = step.get("door", Door.PAGE)
    if held.has_successors:
        reports = successor_effects.take_over(held, by=step["by"], at=step["at"], door=door)
    else:
        reports = control_effects.carry_out(held, by=step["by"], at=step["at"], door=door)
    to_state = RequestState.APPROVED
    moved = take_step(held, RequestStepKind.APPROVE, to_state, words=words, **step)
    return Approval(moved, reports.returned, reports.stopped)


@transaction.atomic
def reject_request(
    request: ControlRequest,
    *,
    words: str,
    manager: ManagerDecision | None = None,
    **step: Unpack[StepTaken],
) -> ControlRequest:
    """不通過, with a reason; the plan stays as it is."""
    held = hold_request(request, step.get("version"))
    require_request_state(held, RequestState.WITH_COORDINATOR)
    reason = required_reason(words, "請寫不通過的原因。")
    # An application that the 首長 never saw can be rejected: their decision is not needed for it.
    _keep_decision(held, manager, by=step["by"], at=step["at"], is_needed=False)
    to_state = RequestState.REJECTED
    return take_step(held, RequestStepKind.REJECT, to_state, words=reason, **step)


def _keep_decision(
    request: ControlRequest,
    manager: ManagerDecision | None,
    *,
    by: User,
    at: datetime,
    is_needed: bool,
) -> None:
    """Keep who decided and when, with the day and the 文號 of the 首長's decision.

    Raises where half of the latter is missing, or all of it where it `is_needed`: a kind that the
    首長 decide is not approved without it.
    """
    rules = control_settings_of(request.assignment.action.programme)
    if manager is None:
        manager = ManagerDecision()
    number = manager.number.strip()
    kind = request.get_kind_display()
    has_day = manager.on is not None
    has_number = bool(number)
    is_given = has_day and has_number
    is_half_given = has_day != has_number
    must_be_given = is_needed and rules.manager_decides(request.kind)
    if is_half_given or (must_be_given and not is_given):
        message = f"{kind}由首長核定，請填首長核定日期與首長核定文號。"
        raise WorkflowError(message, Refusal.DECISION_INCOMPLETE)
    if manager.on is not None and manager.on > day_of(at):
        message = "首長核定日期在今天以後，請檢查日期。"
        raise WorkflowError(message, Refusal.DECISION_INCOMPLETE)
    request.manager_on = manager.on
    request.manager_number = number
    request.decided_at = at
    request.decided_by = by
