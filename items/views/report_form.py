"""Writing one 辦理情形: the form, its drafts and autosaves, and sending it on."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from items import access
from items.attaching import TakenEvidence, evidence_section, take_evidence
from items.forms.base import error_sentences
from items.forms.report import ReportForm
from items.models import Assignment, Period, ProgressReport
from items.models.reopening import reopening_of
from items.requests import OfficeRequest
from items.workflow import StaleReport, WorkflowError, report_writing, reporting
from items.workflow.errors import IncompleteReport
from items.workflow.report_checks import missing
from items.worklists.locks import ReportLock, lock_of
from items.worklists.report_page import next_step_words
from items.worklists.two_texts import TwoTexts
from items.worklists.writing_form import (
    AUTOSAVE,
    SUBMIT,
    UNSAVED,
    content_after_choice,
    first_form,
    form_with_more,
    make_form,
)
from items.worklists.writing_page import around_the_form, parts_around


@require_http_methods(["GET", "HEAD", "POST"])
def report_form(request: OfficeRequest, year: int, pk: int, number: int) -> HttpResponse:
    """The one page on which a department writes; `number` is the period's."""
    place = access.get_place_to_write(request.user, pk, year=year, number=number)
    assignment = place.assignment
    period = place.period
    report = place.report
    request.taken_evidence = TakenEvidence(report)
    if request.method == "POST" and intent(request) not in UNSAVED:
        return save(request, assignment, period, report)
    # Said before anybody writes a text that could not be saved.
    lock = lock_of(period, report, reopening_of(assignment.pk, period), request.today)
    if lock is not None:
        return closed_to_writing(request, period, report, lock=lock)
    if request.method == "POST":
        request.taken_evidence = take_evidence(request, assignment, period, report)
        report = request.taken_evidence.report
        form = form_with_more(
            assignment,
            period,
            report,
            posted=posted_fields(request),
            user=request.user,
            today=request.today,
        )
        return show_form(request, assignment, period, report, form=form, is_unsaved=True)
    form = first_form(assignment, period, report, user=request.user, today=request.today)
    return show_form(request, assignment, period, report, form=form)


def closed_to_writing(
    request: OfficeRequest, period: Period, report: ProgressReport | None, *, lock: ReportLock
) -> HttpResponse:
    """A form that cannot be used is not shown: the reader goes to the report or the list."""
    if report is not None:
        # Which says the same.
        return redirect("report", period.programme.year, report.pk)
    messages.info(request, lock.words)
    return redirect("todo", period.programme.year)


def save(
    request: OfficeRequest, assignment: Assignment, period: Period, report: ProgressReport | None
) -> HttpResponse:
    # Files first, also where the text is wrong: nobody should have to choose them a second time.
    taken = take_evidence(request, assignment, period, report)
    request.taken_evidence = taken
    report = taken.report
    content = content_after_choice(posted_fields(request), report)
    form = make_form(period, report, request.today, data=content)
    is_valid = form.is_valid()
    if intent(request) == SUBMIT:
        # Once it is sent, nothing can be attached any more.
        for problem in taken.problems:
            is_valid = False
            form.add_error(None, problem)
    if not is_valid:
        if intent(request) == SUBMIT:
            # Everything at once: what is missing would else come only in the second round.
            add_what_is_lacking(request, assignment, period, form)
        return answer_invalid(request, assignment, period, report, form=form)
    # Without a report there is no version to be older than: a made-up number is no reason to fail.
    version = form.cleaned_data["version"] if report else 0
    try:
        if intent(request) == SUBMIT:
            return submit(request, assignment, period, report, form=form, version=version)
        return save_draft(request, assignment, period, report, form=form, version=version)
    except StaleReport as stale:
        return answer_stale(request, assignment, period, form=form, stale=stale)
    except WorkflowError as error:
        form.add_error(None, str(error))
        return answer_invalid(request, assignment, period, report, form=form)


def posted_fields(request: OfficeRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items()}


def intent(request: OfficeRequest) -> str:
    return request.POST.get("intent", "")


def add_what_is_lacking(
    request: OfficeRequest, assignment: Assignment, period: Period, form: ReportForm
) -> None:
    """Say at each field what the report still lacks."""
    # Asked of a report that is not saved: what is refused must leave nothing behind.
    as_written = ProgressReport(assignment=assignment, period=period, **form.content_so_far())
    add_lacking(form, missing(as_written, request.today))


def add_lacking(form: ReportForm, lacking: Mapping[str, str]) -> None:
    # What could not be read is not missing: its own error says what is wrong with it.
    refused = set(form.errors)
    for field, sentence in lacking.items():
        if field not in refused:
            form.add_error(field, sentence)


def submit(
    request: OfficeRequest,
    assignment: Assignment,
    period: Period,
    report: ProgressReport | None,
    *,
    form: ReportForm,
    version: int,
) -> HttpResponse:
    """Send it on, or say at each field what is still missing."""
    try:
        sent = reporting.write_and_submit(
            assignment,
            period,
            form.content,
            version=version,
            by=request.user,
            at=request.now,
            today=request.today,
            before=report,
        )
    except IncompleteReport as incomplete:
        add_lacking(form, incomplete.lacking)
        return answer_invalid(request, assignment, period, report, form=form)
    return answer_sent(request, sent)


def save_draft(
    request: OfficeRequest,
    assignment: Assignment,
    period: Period,
    report: ProgressReport | None,
    *,
    form: ReportForm,
    version: int,
) -> HttpResponse:
    written = report_writing.write(
        assignment,
        period,
        form.content,
        version=version,
        by=request.user,
        at=request.now,
        before=report,
    )
    taken = request.taken_evidence
    if intent(request) == AUTOSAVE:
        context = {"version": written.version, "saved_at": request.now}
        if taken.problems:
            context["problem"] = f"文字已自動儲存；{''.join(taken.problems)}"
        return answer_autosave(context)
    code = assignment.action.code
    words = f"{code} 的草稿已儲存，只有{assignment.department}看得到。"
    messages.success(request, words, extra_tags=kept_by_browser(request))
    # The form again, with what could not be done, or with the way to take it back.
    if taken.problems or taken.removed:
        stored = written.content() | {"version": written.version}
        stored_form = make_form(period, written, request.today, initial=stored)
        return show_form(request, assignment, period, written, form=stored_form)
    say_about_evidence(request)
    return redirect("report_form", period.programme.year, assignment.pk, period.number)


def say_about_evidence(request: OfficeRequest) -> None:
    """What became of it, for a page that does not have the part about evidence."""
    taken = request.taken_evidence
    sentences = [taken.attached_words, taken.removed_words, *taken.notes]
    for sentence in sentences:
        if sentence:
            messages.info(request, sentence)
    for problem in taken.problems:
        messages.error(request, problem)


def answer_autosave(context: dict[str, Any]) -> HttpResponse:
    """The line behind the form's heading, with the version that the next save starts from."""
    # Without the request: what every page shows around it costs more than the save.
    return HttpResponse(render_to_string("items/report_form.html#saved", context))


def kept_by_browser(request: OfficeRequest) -> str:
    """Under which name the writer's browser has kept the text, which it now forgets."""
    return f"{request.user.pk} {request.path}"


def answer_invalid(
    request: OfficeRequest,
    assignment: Assignment,
    period: Period,
    report: ProgressReport | None,
    *,
    form: ReportForm,
) -> HttpResponse:
    if intent(request) == AUTOSAVE:
        problem = f"還不能自動儲存：{error_sentences(form)}"
        return answer_autosave({"version": form["version"].value(), "problem": problem})
    return show_form(request, assignment, period, report, form=form)


def answer_sent(request: OfficeRequest, report: ProgressReport) -> HttpResponse:
    """Say what happens next, and offer the next thing to write."""
    code = report.assignment.action.code
    # Whose turn it is: people ask who has it now, and an answer spares the call.
    next_step = next_step_words(report, request.today)
    words = f"{code} 已送出，{next_step}。"
    messages.success(request, words, extra_tags=kept_by_browser(request))
    address = reverse("todo", args=[report.period.programme.year])
    # The list scrolls to the most urgent that is left, and marks it.
    return redirect(f"{address}#next-{report.period.number}")


def answer_stale(
    request: OfficeRequest,
    assignment: Assignment,
    period: Period,
    *,
    form: ReportForm,
    stale: StaleReport,
) -> HttpResponse:
    """Somebody was faster: both texts are shown and nothing is lost."""
    current = stale.current
    # A double click sends the same text twice: the second time is no conflict.
    is_same_writer = current.written_by_id == request.user.pk
    if current.is_submitted and is_same_writer and current.content() == form.content:
        return answer_sent(request, current)
    if intent(request) == AUTOSAVE:
        problem = f"{stale}按「儲存草稿」可以並列比較兩邊的內容。"
        version = form.cleaned_data["version"]
        return answer_autosave({"version": version, "problem": problem})
    say_about_evidence(request)
    # Sent or locked meanwhile: there is nothing to merge into, but the text must not be lost.
    if not current.is_editable:
        context = {
            "programme": period.programme,
            "assignment": assignment,
            "report": current,
            "not_saved": form.content,
        }
        return render(request, "items/report_taken.html", context)
    # The newer version goes along with the choice: the person who then saves has read both.
    context = {
        "programme": period.programme,
        "assignment": assignment,
        "both": TwoTexts(saved=current, content=form.content, reader=request.user),
    }
    return render(request, "items/report/two_texts.html", context)


def unsaved_words(request: OfficeRequest, report: ProgressReport | None, *, is_locked: bool) -> str:
    """What has become of a text that was refused: not more than is true."""
    if is_locked:
        # Nothing on this page mends that, and leaving it would lose the text.
        return "這一頁的文字沒有存檔，還在這裡，請先複製下來："
    if intent(request) != SUBMIT:
        return "還沒有存檔，文字都還在這一頁。請先處理這幾處："
    if report is None:
        return "還沒有送出，也還沒有存成草稿；文字都還在這一頁。請先處理這幾處："
    return "還沒有送出；草稿仍在，文字也都在這一頁。請先處理這幾處："


def show_form(
    request: OfficeRequest,
    assignment: Assignment,
    period: Period,
    report: ProgressReport | None,
    *,
    form: ReportForm,
    is_unsaved: bool = False,
) -> HttpResponse:
    """The form beside what is known of the item: path, other departments, the periods before.

    `is_unsaved` says that the form has what the database has not.
    """
    # Closed while somebody wrote: the form itself is not shown for such a period.
    is_locked = period.is_closed and reopening_of(assignment.pk, period) is None
    percent = None
    if report is not None:
        percent = report.percent
    parts = parts_around(request.user, assignment, report)
    around_it = around_the_form(
        request.user, assignment, period, report, form=form, parts=parts, today=request.today
    )
    report_with_evidence = None
    if parts.evidence:
        report_with_evidence = report
    context = around_it | {
        "programme": period.programme,
        "period": period,
        "form": form,
        "version": form["version"].value(),
        "percent": percent,
        "is_unsaved": is_unsaved or form.is_bound,
        "unsaved_words": unsaved_words(request, report, is_locked=is_locked),
        "evidence": evidence_section(report_with_evidence, period, request.taken_evidence),
    }
    return render(request, "items/report_form.html", context)
