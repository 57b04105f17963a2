"""The form of a report as its writer finds it: stored, begun, carried over, or chosen from two."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from items.forms.report import ReportForm
from items.models import Assignment, Period, ProgressReport, User
from items.roc_month import months_from
from items.workflow.report_checks import factors_of, mismatch
from items.worklists.carry_over import with_earlier_text, without_progress
from items.worklists.report_page import earlier_reports
from items.worklists.two_texts import chosen

SUBMIT, AUTOSAVE = "submit", "autosave"
CARRY_OVER, NO_PROGRESS = "carry_over", "no_progress"
CHOOSE, EDIT = "choose", "edit"
"""What the form is sent for (`intent`); anything else saves a draft."""

UNSAVED = (CARRY_OVER, NO_PROGRESS, EDIT)
"""What only brings the form back, with something more in it or as it was."""


def make_form(
    period: Period,
    report: ProgressReport | None,
    today: date,
    *,
    data: Mapping[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> ReportForm:
    """The form with what may be chosen in it; what the `report` has already stays a choice."""
    factor = month = ""
    if report is not None:
        factor = report.delay_factor
        month = report.catch_up_month
    months = months_from(today)
    # Chosen in the quarter before, it may be past: without it the form would refuse its own report.
    if month and month not in months:
        months.insert(0, month)
    return ReportForm(data, initial=initial, factors=factors_of(period, factor), months=months)


def first_form(
    assignment: Assignment,
    period: Period,
    report: ProgressReport | None,
    *,
    user: User,
    today: date,
) -> ReportForm:
    """The report as it is stored; a new one begins with the 辦理狀態 of the last."""
    initial: dict[str, Any] = {"version": 0}
    if report is not None:
        initial = report.content() | {"version": report.version}
    if report is None or report.is_empty_draft:
        # 辦理狀態 seldom changes from one period to the next; what was done is asked for anew.
        last = earlier_reports(user, assignment, period).first()
        if last is not None:
            initial["work_status"] = last.work_status
    return make_form(period, report, today, initial=initial)


def first_period_to_start_from(
    report: ProgressReport | None, earlier: Sequence[ProgressReport]
) -> Period | None:
    """The period whose 辦理狀態 a form begins with, while nothing was written for this one."""
    is_begun = report is not None and not report.is_empty_draft
    if is_begun or not earlier:
        return None
    return earlier[0].period


def form_with_more(
    assignment: Assignment,
    period: Period,
    report: ProgressReport | None,
    *,
    posted: Mapping[str, str],
    user: User,
    today: date,
) -> ReportForm:
    """What was posted, with the text of the period before or the question why nothing was done."""
    content = dict(posted)
    earlier = earlier_reports(user, assignment, period).first()
    if posted.get("intent") == NO_PROGRESS:
        content = without_progress(content, earlier)
    elif posted.get("intent") == CARRY_OVER and earlier is not None:
        content["text"] = with_earlier_text(content.get("text", ""), earlier)
    form = make_form(period, report, today, initial=content)
    # The cursor waits where one goes on writing.
    form.fields["text"].widget.attrs["autofocus"] = True
    return form


def content_after_choice(
    posted: Mapping[str, str], report: ProgressReport | None
) -> Mapping[str, str]:
    """What was posted; where somebody chose between two texts, what they chose."""
    if posted.get("intent") != CHOOSE or report is None:
        return posted
    # Saved once more since the choice was offered: then both are shown again, as they are now.
    if posted.get("version") != str(report.version):
        return posted
    return chosen(posted, report)


def words_of_mismatch(form: ReportForm) -> str:
    """That percent and 辦理狀態 do not fit each other; empty where that stands there as an error."""
    if form.errors:
        return ""
    percent = str(form["percent"].value() or "")
    if not percent.isdecimal():
        return ""
    return mismatch(int(percent), str(form["work_status"].value() or ""))
