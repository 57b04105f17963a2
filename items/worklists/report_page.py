"""One 辦理情形: what its writer and its reader have beside it."""

from datetime import date

from items import access
from items.day_words import days_left
from items.models import Assignment, Period, ProgressReport, ReportState, User
from items.models.assignments import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from items.roc import format_roc
from items.workflow import reporting


def assignment_with_light(user: User, key: int, basis: LightBasis) -> Assignment:
    assignments = access.visible_assignments(user).with_light(basis).with_contact()
    return assignments.with_path().get(pk=key)


def other_departments(user: User, assignment: Assignment, basis: LightBasis) -> AssignmentQuerySet:
    """The other departments' assignments of the same action, leads first."""
    return (
        access.visible_assignments(user)
        .filter(action=assignment.action)
        .exclude(pk=assignment.pk)
        .with_light(basis)
        .with_path()
        .order_by("kind", "position")
    )


def earlier_reports(user: User, assignment: Assignment, period: Period) -> ProgressReportQuerySet:
    """What the assignment submitted for the periods before, newest first."""
    return (
        access.visible_reports(user)
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


def next_step_words(report: ProgressReport) -> str:
    """Whose turn it is after a report was sent: 「待陳處長核可」."""
    if report.state != ReportState.WITH_HEAD:
        return "待研考審核"
    heads = reporting.heads_for(report).select_related("user")
    names = "、".join(str(head.user) for head in heads)
    return f"待{names}核可"
