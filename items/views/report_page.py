"""Reading one 辦理情形, and the steps that it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.diff import Piece, has_common_words, new_clauses
from items.forms.steps import WordsForm
from items.models import ProgressReport
from items.models.light_basis import LightBasis
from items.models.quality_flags import RaisedFlag
from items.models.reopening import reopening_of
from items.requests import OfficeRequest
from items.workflow import StaleReport, WorkflowError, reporting
from items.workflow.report_planned import held_against
from items.worklists.evidence import evidence_of
from items.worklists.flag_counts import flags_today
from items.worklists.locks import CLOSED_NOW, lock_of
from items.worklists.report_page import (
    assignment_with_light,
    earlier_reports,
    surroundings_of,
    turn_now,
)
from items.worklists.report_steps import return_sentence, steps_to_read, told_steps
from items.worklists.whose_turn import words_of


@dataclass(frozen=True)
class ReportStepButton:
    """One button of the page: the verb, the right to it, and the words when it is done.

    `right` is the name of an annotation of `access.visible_reports`.
    """

    verb: Callable[..., ProgressReport]
    right: str
    done: str
    takes_words: bool = True


ENDORSE, ACCEPT, RETURN, RECALL = "endorse", "accept", "return", "recall"
"""The steps as they stand in the address."""

BUTTONS = {
    ENDORSE: ReportStepButton(reporting.endorse, "endorsable", "已同意，送研考審核"),
    ACCEPT: ReportStepButton(reporting.accept, "acceptable", "已備查"),
    RETURN: ReportStepButton(
        reporting.send_back, "returnable", "已退回，承辦人會在「我的填報」看到原因"
    ),
    RECALL: ReportStepButton(
        reporting.recall, "recallable", "已撤回，可以繼續修改", takes_words=False
    ),
}


@require_safe
def report(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """One report: what is new since the period before, its way so far, and the step that is due."""
    shown = get_report_of_year(request, year, pk)
    return show_report(request, shown, WordsForm(initial={"version": shown.version}))


def get_report_of_year(request: OfficeRequest, year: int, pk: int) -> ProgressReport:
    programme = access.get_programme(year)
    report = access.get_report(request.user, pk)
    if report.period.programme_id != programme.pk:
        raise Http404
    return report


def show_report(request: OfficeRequest, report: ProgressReport, form: WordsForm) -> HttpResponse:
    earlier = earlier_reports(request.user, report.assignment, report.period).first()
    changes: list[Piece] = []
    if earlier is not None:
        changes = new_clauses(earlier.text, report.text)
    # Marked from end to end, a text says no more than without marks.
    if not has_common_words(changes):
        changes = []
    # Where 備查 and 同意 are pressed, as in the lists that lead to this page.
    flags: tuple[RaisedFlag, ...] = ()
    if report.endorsable or report.acceptable or report.returnable:
        flags = flags_today(report, report.assignment, report.period.programme, request.today)
    steps = steps_to_read(request.user, report)
    # Until it is met, also after the report was sent again: those who decide read it, too.
    returned_because = ""
    if report.reasons_readable:
        returned_because = return_sentence(steps, report.period)
    basis = LightBasis.of(report.period.programme, request.today)
    assignment = assignment_with_light(request.user, report.assignment_id, basis)
    around = surroundings_of(report, assignment, held_against(report, request.today))
    evidence = evidence_of(report)
    context = {
        "programme": report.period.programme,
        "report": report,
        "evidence": evidence,
        "assignment": assignment,
        "around": around,
        "lock": lock_of(
            report.period,
            report,
            reopening_of(report.assignment_id, report.period),
            request.today,
        ),
        "earlier": earlier,
        "changes": changes,
        "turn_words": words_of(turn_now(report, request.today)),
        "steps": told_steps(steps, report, evidence),
        "return_sentence": returned_because,
        "may_run_periods": access.can_run_periods(request.user),
        "flags": flags,
        "form": form,
        "planned": around.planned,
    }
    return render(request, "items/report.html", context)


@require_POST
def report_step(request: OfficeRequest, year: int, pk: int, step: str) -> HttpResponse:
    """One step of one report; whether this person may take it is asked of the row itself."""
    if step not in BUTTONS:
        raise Http404
    button = BUTTONS[step]
    report = get_report_of_year(request, year, pk)
    form = WordsForm(request.POST)
    if not getattr(report, button.right):
        return refuse_step(request, report, form)
    if not form.is_valid():
        return show_report(request, report, form)
    details: dict[str, Any] = {"version": form.cleaned_data["version"]}
    if button.takes_words:
        details["words"] = form.cleaned_data["words"]
    # Taking back needs no words; the other steps keep them with the step.
    try:
        moved = button.verb(report, by=request.user, at=request.now, **details)
    except StaleReport:
        code = report.assignment.action.code
        messages.error(request, f"{code} 剛才有人更新過，請看過目前內容再決定。")
        return redirect("report", year, pk)
    except WorkflowError as error:
        # What a return lacks is its reason; of the other steps no field is at fault.
        field = None
        if step == RETURN:
            field = "words"
        form.add_error(field, str(error))
        return show_report(request, report, form)
    messages.success(request, f"{moved.assignment} {button.done}。")
    if step == RECALL:
        return redirect("report_form", year, moved.assignment_id, moved.period.number)
    return redirect(list_that_led_here(request, step), year)


def list_that_led_here(request: OfficeRequest, step: str) -> str:
    """填報審核 or 待我核可: a coordinator who also heads a department endorses from the latter."""
    if not request.user.is_coordinator:
        return "inbox"
    if step == ENDORSE and access.is_head(request.user):
        return "inbox"
    return "review"


def refuse_step(request: OfficeRequest, report: ProgressReport, form: WordsForm) -> HttpResponse:
    """403 for a stranger; for somebody whose page is stale, the report as it stands now."""
    departments = access.departments_of(request.user)
    is_own = departments.filter(department=report.assignment.department_id).exists()
    access.require(is_own or request.user.is_coordinator)
    code = report.assignment.action.code
    problem = f"{code} 剛才有人更新過，目前是「{report.state_words}」。"
    if report.is_locked:
        # Closing moves no version: the page that they saw had this button all the same.
        problem = f"{code} 沒有處理：{report.period}{CLOSED_NOW}"
    else:
        # The page that they saw may have had this button: then somebody else was faster.
        version_seen = form.data.get("version")
        has_changed = bool(version_seen) and version_seen != str(report.version)
        access.require(has_changed)
    messages.error(request, problem)
    return redirect("report", report.period.programme.year, report.pk)
