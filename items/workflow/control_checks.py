"""What an application lacks before it can be sent, and whether somebody may apply at all."""

from datetime import date

from items.models import Assignment, ControlKind, ControlRequest, ProgrammeState
from items.models.control_settings import ControlSettings, control_settings_of
from items.models.labels import field_label
from items.roc import format_roc
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.successor_rows import missing_in_successors
from plan_tracker.clock import day_of

FIELDS_OF_KIND = {
    ControlKind.EXTEND: ("deadline", "deadline_text"),
    ControlKind.ADJUST: ("title", "expected_benefit", "added_department"),
    ControlKind.WITHDRAW: (),
    ControlKind.RELEASE: (),
    ControlKind.MERGE: (),
    ControlKind.SPLIT: (),
}
"""Which fields of an application say what is asked for; 承接項目 are rows of their own."""


def require_possible(assignment: Assignment) -> None:
    """Raise where nobody can apply for anything about this item now."""
    action = assignment.action
    if not action.is_controlled:
        status = action.get_control_status_display()
        message = f"{action.code} 已經是「{status}」，不必再申請管制異動。"
        raise WorkflowError(message, Refusal.REQUEST_NOT_POSSIBLE)
    programme = action.programme
    if programme.state != ProgrammeState.RUNNING:
        state = programme.get_state_display()
        message = f"{programme.year}年度目前是「{state}」，不能申請管制異動；請洽研考。"
        raise WorkflowError(message, Refusal.REQUEST_NOT_POSSIBLE)


def is_sent_late(request: ControlRequest, rules: ControlSettings, today: date) -> bool:
    """逾期申請: by the day on which it was first sent, `today` where it has not been yet."""
    sent_on = today
    if request.submitted_at is not None:
        sent_on = day_of(request.submitted_at)
    return sent_on > rules.last_day


def missing_in_request(
    request: ControlRequest, today: date, rules: ControlSettings | None = None
) -> dict[str, str]:
    """{field: sentence} of what an application still lacks before it can be sent."""
    programme = request.assignment.action.programme
    if rules is None:
        rules = control_settings_of(programme)
    lacking = {}
    if not request.ground:
        lacking["ground"] = "請選申請事由。"
    if not request.reason.strip():
        lacking["reason"] = "請寫原因說明：為什麼要改、不改會怎樣。"
    if request.kind == ControlKind.EXTEND:
        lacking |= _missing_in_extension(request)
    if request.kind == ControlKind.ADJUST:
        lacking |= _missing_in_adjustment(request)
    if request.has_successors:
        lacking |= missing_in_successors(request)
    if rules.needs_number and not request.document_number.strip():
        label = field_label(ControlRequest, "document_number")
        lacking["document_number"] = f"請填{label}：這一年的申請要有文號。"
    if is_sent_late(request, rules, today) and not request.late_reason.strip():
        last_day = format_roc(rules.last_day)
        lacking["late_reason"] = f"申請截止日 {last_day} 已過，請寫逾期申請原因。"
    return lacking


def _missing_in_extension(request: ControlRequest) -> dict[str, str]:
    label = field_label(ControlRequest, "deadline")
    if request.deadline is None or not request.deadline_text:
        return {"deadline_text": f"請寫{label}，例如 116年3月。"}
    present = request.assignment.deadline
    if request.deadline <= present:
        sentence = f"{label} {format_roc(request.deadline)}要晚於目前的期限 {format_roc(present)}。"
        return {"deadline_text": sentence}
    return {}


def _missing_in_adjustment(request: ControlRequest) -> dict[str, str]:
    department = request.added_department
    action = request.assignment.action
    if department is not None:
        if not department.is_active:
            return {"added_department": department.nothing_new_words()}
        if action.assignments.filter(department=department).exists():
            return {"added_department": f"{department}已經有 {action.code}，不必再增列。"}
        return {}
    # Empty means "leave it as it is": the form empties what equals the plan.
    new_title = request.title not in ("", action.title)
    new_benefit = request.expected_benefit not in ("", action.expected_benefit)
    if new_title or new_benefit:
        return {}
    return {"title": "請寫調整後的文字，或選增列的單位；都和現在一樣就不必申請。"}


def problem_of_ground(ground: str, rules: ControlSettings, stored: str = "") -> str:
    """Why an application cannot have this 申請事由, as a sentence; empty where it can."""
    # What was chosen from an older list stays possible for the application that has it.
    if not ground or ground == stored or ground in rules.ground_list:
        return ""
    return f"申請事由「{ground[:20]}」不在清單裡，請選其中一個：{'、'.join(rules.ground_list)}。"
