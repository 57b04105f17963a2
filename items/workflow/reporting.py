"""The way of a report: 草稿 → 待主管 → 待研考 → 備查, with 退回 and 撤回; `report_writing` writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Unpack

from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, QuerySet, Subquery

from items import access
from items.models import (
    EDITABLE,
    Assignment,
    Door,
    Membership,
    NoticeEvent,
    Period,
    ProgressReport,
    ReportState,
    StepKind,
    User,
)
from items.models.prepared import Prepared, Slot
from items.workflow.errors import IncompleteReport, Refusal, StaleReport, WorkflowError
from items.workflow.report_checks import missing
from items.workflow.report_flags import flags_to_keep
from items.workflow.report_planned import newest_entry, planned_by
from items.workflow.report_steps import take_step
from items.workflow.report_writing import (
    as_changed,
    changes_of,
    current,
    report_of,
    write_in_transaction,
)
from items.workflow.step_taken import StepTaken


def require_state(report: ProgressReport, *states: ReportState) -> None:
    """Raise where a step starts from other states than the one that the report is in."""
    if report.state not in states:
        state = report.get_state_display()
        message = f"「{report.assignment}」目前是「{state}」，這個步驟已經不適用。"
        raise WorkflowError(message, Refusal.REPORT_IN_ANOTHER_STATE)


# Who endorses it.


def heads_of(assignment: Assignment, writer: User) -> QuerySet[Membership]:
    """The heads who can endorse what `writer` writes for this assignment."""
    return Membership.objects.who_can_endorse(assignment.department_id, writer)


def heads_for(report: ProgressReport) -> QuerySet[Membership]:
    """The heads who can endorse this report."""
    return heads_of(report.assignment, report.written_by)


# The steps.


@dataclass(frozen=True)
class Sending:
    """What becomes of a report that is sent: where it goes, and what is kept of it."""

    to_state: ReportState
    planned: int
    flags: str


def _before_sending() -> QuerySet[Any]:
    heads = Membership.objects.who_can_endorse(OuterRef("department"), Slot("writer"))
    entry = newest_entry(OuterRef("pk"), Slot("until", DateField()))
    return (
        Assignment.objects.filter(pk=Slot("assignment"))
        .order_by()
        .values(entered=Subquery(entry.values("percent")), has_head=Exists(heads))
    )


_BEFORE_SENDING = Prepared[Any](_before_sending)
"""What was entered as 預定進度, and whether any head can endorse it: one query for both."""


def sending_of(report: ProgressReport, today: date) -> Sending:
    """Raises where the report, which need not be saved, still lacks something."""
    period = report.period
    [known] = _BEFORE_SENDING(
        assignment=report.assignment_id, writer=report.written_by_id, until=period.ends_on
    )
    planned = planned_by(known["entered"], report.assignment, period, today)
    lacking = missing(report, today, planned)
    if lacking:
        raise IncompleteReport(lacking)
    to_state = ReportState.WITH_COORDINATOR
    if known["has_head"]:
        to_state = ReportState.WITH_HEAD
    return Sending(to_state, planned, flags=flags_to_keep(report, planned))


def submit(report: ProgressReport, *, today: date, **step: Unpack[StepTaken]) -> ProgressReport:
    """送出: to the head, or straight to the coordinator where no other head can endorse it."""
    sending = sending_of(report, today)
    return take_step(
        report,
        StepKind.SUBMIT,
        sending.to_state,
        planned=sending.planned,
        flags=sending.flags,
        **step,
    )


def write_and_submit(
    assignment: Assignment,
    period: Period,
    content: Mapping[str, Any],
    *,
    version: int,
    by: User,
    at: datetime,
    today: date,
    door: Door = Door.PAGE,
    before: ProgressReport | None = None,
) -> ProgressReport:
    """One click, one transaction: the text is saved and sent on, or neither.

    A caller that has just read the report gives it as `before`.
    """
    if version == 0:
        with transaction.atomic():
            report = write_in_transaction(assignment, period, content, version=0, by=by, at=at)
            return submit(report, by=by, at=at, today=today, door=door)
    if before is None:
        before = report_of(assignment, period)
    if before is None:
        raise ProgressReport.DoesNotExist
    reports = ProgressReport.objects.filter(pk=before.pk).order_by()
    changes = changes_of(content, assignment, reports, by=by, at=at)
    # Everything that can be read is read before anything is held: others who write wait from then.
    sending = sending_of(as_changed(before, changes), today)
    if before.version != version or before.state not in EDITABLE:
        raise StaleReport(current(before))
    return take_step(
        before,
        StepKind.SUBMIT,
        sending.to_state,
        by=by,
        at=at,
        version=version,
        door=door,
        planned=sending.planned,
        flags=sending.flags,
        changes=changes,
    )


def endorse(
    report: ProgressReport, *, words: str = "", **step: Unpack[StepTaken]
) -> ProgressReport:
    """主管同意."""
    require_state(report, ReportState.WITH_HEAD)
    by = step["by"]
    if report.written_by_id == by.pk:
        message = "自己寫的辦理情形要由另一位主管核可。"
        raise WorkflowError(message, Refusal.WRITER_ENDORSES)
    # A deputy acts as the person who is away: the four eyes would be two.
    absent = access.endorses_for(by, report)
    if absent is not None and absent.pk == report.written_by_id:
        message = f"這份是{absent}寫的，代理{absent}的人不能核可，要由另一位主管核可。"
        raise WorkflowError(message, Refusal.WRITER_ENDORSES)
    return take_step(report, StepKind.ENDORSE, ReportState.WITH_COORDINATOR, words=words, **step)


def accept(report: ProgressReport, *, words: str = "", **step: Unpack[StepTaken]) -> ProgressReport:
    """研考備查."""
    require_state(report, ReportState.WITH_COORDINATOR)
    return take_step(report, StepKind.ACCEPT, ReportState.ACCEPTED, words=words, **step)


def send_back(report: ProgressReport, *, words: str, **step: Unpack[StepTaken]) -> ProgressReport:
    """退回: never without a reason."""
    require_state(report, ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR, ReportState.ACCEPTED)
    _require_sendable(report, "退回")
    reason = words.strip()
    if not reason:
        message = "請寫退回原因，讓承辦人知道要補什麼。"
        raise WorkflowError(message, Refusal.RETURN_WITHOUT_REASON)
    return take_step(report, StepKind.RETURN, ReportState.RETURNED, words=reason, **step)


def stop_waiting(
    report: ProgressReport, *, words: str, **step: Unpack[StepTaken]
) -> ProgressReport:
    """退回 of what nobody has to decide, or to send, any more: its item is about to end."""
    require_state(report, ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR)
    return take_step(
        report,
        StepKind.RETURN,
        ReportState.RETURNED,
        words=words,
        event=NoticeEvent.REPORT_STOPPED,
        **step,
    )


def _require_sendable(report: ProgressReport, step: str) -> None:
    """Raise where the department could never send again what it would get back."""
    action = report.assignment.action
    if action.is_controlled:
        return
    status = action.get_control_status_display()
    message = (
        f"{action.code} 已經是「{status}」，{step}以後單位不能再送，所以不能{step}；"
        "請照現在的內容核可或備查，要補充的寫在說明。"
    )
    raise WorkflowError(message, Refusal.REPORT_NOT_TO_BE_SENT)


def recall(report: ProgressReport, **step: Unpack[StepTaken]) -> ProgressReport:
    """撤回 by the department, as long as nobody has acted on it since it was submitted.

    The report is again what it was before it was sent: a draft, or one that was returned, whose
    reason still has to be met.
    """
    require_state(report, ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR)
    _require_sendable(report, "撤回")
    # Once a head has agreed, the writer would take back a decision of somebody else.
    last_step = report.steps.order_by("-number").first()
    if last_step is None or last_step.kind != StepKind.SUBMIT:
        message = "主管或研考已經處理這份辦理情形，不能撤回；需要更正請聯絡研考退回。"
        raise WorkflowError(message, Refusal.REPORT_HANDLED_ALREADY)
    to_state = ReportState(last_step.from_state)
    return take_step(report, StepKind.RECALL, to_state, **step)
