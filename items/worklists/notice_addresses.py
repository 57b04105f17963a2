"""Where a notice leads to: the page on which the person goes on with what they were told."""

from collections.abc import Callable

from django.urls import reverse

from items import access
from items.models import (
    EDITABLE,
    AnswerState,
    Deputy,
    Directive,
    Notice,
    NoticeEvent,
    Period,
    Programme,
    User,
)


def address_of(user: User, notice: Notice, programme: Programme | None) -> str:
    """The address, asked for when somebody opens it; empty where the thing is gone or not theirs.

    `programme` is the year that the person works in, for what belongs to no year.
    """
    find = ADDRESSES.get(notice.about)
    if find is not None:
        address = find(user, notice, programme)
        if address:
            return address
    # Where a thing has no page of its own, or is gone, the page of its item tells more.
    if notice.action is not None:
        action = notice.action
        return reverse("action", args=[action.programme.year, action.code])
    return ""


def _report(user: User, notice: Notice, programme: Programme | None) -> str:
    """To the form where the department has to write once more, else to the report."""
    reports = access.visible_reports(user).with_path()
    report = reports.filter(pk=notice.about_id).first()
    if report is None:
        return ""
    year = report.period.programme.year
    if report.state in EDITABLE:
        to_report = access.assignments_to_report(user)
        # The reader may have left the department since: the report can be read all the same.
        if to_report.filter(pk=report.assignment_id).exists():
            args = [year, report.assignment_id, report.period.number]
            return reverse("report_form", args=args)
    return reverse("report", args=[year, report.pk])


def _request(user: User, notice: Notice, programme: Programme | None) -> str:
    requests = access.visible_requests(user).with_path()
    request = requests.filter(pk=notice.about_id).first()
    if request is None:
        return ""
    year = request.assignment.action.programme.year
    return reverse("control_request", args=[year, request.pk])


def _directive(user: User, notice: Notice, programme: Programme | None) -> str:
    """To the form where a department has to answer, else to the instruction in its meeting."""
    visible = Directive.objects.filter(meeting__in=access.visible_meetings(user))
    directives = visible.select_related("meeting__programme")
    directive = directives.filter(pk=notice.about_id).first()
    if directive is None:
        return ""
    year = directive.meeting.programme.year
    to_write = access.answers_to_write(user).filter(directive=directive, state=AnswerState.TO_DO)
    # Somebody of two departments begins with the first of them.
    answer = to_write.order_by("department__position", "pk").first()
    if answer is not None:
        return reverse("directive_answer", args=[year, answer.pk])
    meeting = reverse("meeting", args=[year, directive.meeting_id])
    return f"{meeting}#directive-{directive.number}"


def _answer(user: User, notice: Notice, programme: Programme | None) -> str:
    """To the form where the department has to write once more, else to the answer in its meeting."""
    answers = access.visible_answers(user).select_related("directive__meeting__programme")
    answer = answers.filter(pk=notice.about_id).first()
    if answer is None:
        return ""
    year = answer.directive.meeting.programme.year
    if notice.event == NoticeEvent.RELEASE_REFUSED:
        # It may have been written since the notice came.
        to_write = access.answers_to_write(user).to_do()
        if to_write.filter(pk=answer.pk).exists():
            return reverse("directive_answer", args=[year, answer.pk])
    meeting = reverse("meeting", args=[year, answer.directive.meeting_id])
    return f"{meeting}#answer-{answer.pk}"


def _deputy(user: User, notice: Notice, programme: Programme | None) -> str:
    if programme is None or not Deputy.objects.filter(pk=notice.about_id).exists():
        return ""
    return reverse("deputies", args=[programme.year])


def _question(user: User, notice: Notice, programme: Programme | None) -> str:
    questions = access.visible_questions(user).with_path()
    question = questions.filter(pk=notice.about_id).first()
    if question is None:
        return ""
    year = question.action.programme.year
    return reverse("question", args=[year, question.pk])


def _period(user: User, notice: Notice, programme: Programme | None) -> str:
    period = Period.objects.select_related("programme").filter(pk=notice.about_id).first()
    if period is None:
        return ""
    # People who write nothing see on 總覽 what becomes of the period.
    page = "dashboard"
    if access.departments_of(user).exists():
        page = "todo"
    return reverse(page, args=[period.programme.year])


def _letter(user: User, notice: Notice, programme: Programme | None) -> str:
    letters = access.visible_letters(user).select_related("programme")
    letter = letters.filter(pk=notice.about_id).first()
    if letter is None:
        return ""
    return reverse("letter", args=[letter.programme.year, letter.pk])


ADDRESSES: dict[str, Callable[[User, Notice, Programme | None], str]] = {
    "progressreport": _report,
    "controlrequest": _request,
    "directive": _directive,
    "directiveanswer": _answer,
    "deputy": _deputy,
    "period": _period,
    "reminderletter": _letter,
    "question": _question,
}
"""{`Notice.about`: how its page is found}."""
