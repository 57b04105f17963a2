"""One 辦理情形: what its writer and its reader have beside it."""

from datetime import date

from items import access
from items.day_words import days_left
from items.models import Assignment, Membership, Period, ProgressReport, ReportState, User
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from items.models.row_light import light_up
from items.roc import format_roc
from items.workflow import reporting
from items.worklists.deputy_names import DeputyNames


def assignment_with_light(user: User, key: int, basis: LightBasis) -> Assignment:
    assignments = access.visible_assignments(user).with_light(basis).with_contact()
    return assignments.with_path().get(pk=key)


def with_light_and_contact(assignment: Assignment, basis: LightBasis) -> None:
    """Set the light, and whether its 承辦人 still can write it, on a row that is at hand."""
    light_up([assignment], basis)
    assignment.contact_can_write = False
    if assignment.contact_id is not None:
        writers = Membership.objects.who_can_write().filter(department=assignment.department_id)
        assignment.contact_can_write = writers.filter(user=assignment.contact_id).exists()


def other_departments(user: User, assignment: Assignment, basis: LightBasis) -> list[Assignment]:
    """The other departments' assignments of the same action, leads first."""
    others = access.visible_assignments(user).filter(action=assignment.action_id)
    others = others.exclude(pk=assignment.pk).select_related("department")
    rows = list(others.order_by("kind", "position"))
    for row in rows:
        row.action = assignment.action
    light_up(rows, basis)
    return rows


def earlier_reports(user: User, assignment: Assignment, period: Period) -> ProgressReportQuerySet:
    """What the assignment submitted for the periods before, newest first."""
    return (
        access.readable_reports(user)
        .submitted()
        .filter(assignment=assignment)
        .before(period)
        .select_related("period")
    )


def deadline_note(assignment: Assignment, today: date) -> str:
    """「115年12月31日，剩 39 天」, for behind the deadline as written.

    The day is left out where the deadline is written as a day. Nothing is said of a deadline that
    has passed: the light beside it says so.
    """
    notes = []
    day = format_roc(assignment.deadline)
    if day != assignment.deadline_text:
        notes.append(day)
    if assignment.deadline >= today:
        notes.append(days_left(assignment.deadline, today, on_the_day="今天到期"))
    return "，".join(notes)


def next_step_words(report: ProgressReport, today: date) -> str:
    """Whose turn it is after a report was sent: 「待陳處長核可」, or 「待陳處長（蔡淑芬代理）核可」."""
    if report.state != ReportState.WITH_HEAD:
        return "待研考審核"
    heads = reporting.heads_for(report).select_related("user")
    deputies = DeputyNames.of(today)
    words = [deputies.words_for(head.user_id, str(head.user)) for head in heads]
    names = "、".join(words)
    return f"待{names}核可"
