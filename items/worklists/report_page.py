"""One 辦理情形: what its writer and its reader have beside it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import DateField

from items import access
from items.access.prepared import PreparedForPerson
from items.day_words import days_left
from items.models import Assignment, Membership, Period, ProgressReport, User
from items.models.closing import PeriodClosing, closing_in_force
from items.models.earlier_deadlines import show_earlier
from items.models.light_basis import LightBasis
from items.models.period_line import PeriodLine
from items.models.prepared import Slot
from items.models.progress import ProgressReportQuerySet
from items.models.row_light import light_up
from items.roc import format_roc
from items.worklists.whose_turn import HeadNames, Turn, departments_with_head, turn_of_report

EARLIER_SHOWN = 4
"""How many earlier reports stand beside the form: a year of quarters."""


def assignment_with_light(user: User, key: int, basis: LightBasis) -> Assignment:
    assignments = access.visible_assignments(user).with_light(basis).with_contact()
    return assignments.with_path().get(pk=key)


@dataclass(frozen=True)
class ReportSurroundings:
    """What the plan says around a report: as it is now, or as it was when the period was closed."""

    strategy: str
    method: str
    plan: str
    action: str
    expected_benefit: str
    department: str
    deadline_words: str
    light: str
    light_reason: str
    planned: int | None
    state_words: str
    """「115年第3季 關閉時（115年10月20日）的內容」; empty where it is the plan of now.

    Of a draft it says that closing has kept no text of it.
    """


def surroundings_of(
    report: ProgressReport, assignment: Assignment, planned: int
) -> ReportSurroundings:
    """What stands around a report, in one query or two; for a closed period always the same.

    `assignment` has its light; `planned` is what the report is held against now.
    """
    closing = closing_in_force(report.period)
    if closing is not None and not report.is_unlocked:
        kept_line = closing.lines.filter(assignment_key=assignment.pk).first()
        if kept_line is not None:
            return _kept_surroundings(kept_line.line, _state_words(closing, kept_line.line))
    # The words of a kept state say it already.
    show_earlier([assignment], report.period.programme)
    action = assignment.action
    plan = action.plan
    deadline_words = assignment.deadline_text
    day = format_roc(assignment.deadline)
    if day != assignment.deadline_text:
        deadline_words = f"{assignment.deadline_text}（{day}）"
    return ReportSurroundings(
        strategy=str(plan.method.strategy),
        method=plan.method.title,
        plan=plan.title,
        action=action.title,
        expected_benefit=action.expected_benefit,
        department=str(assignment.department),
        deadline_words=deadline_words,
        light=assignment.light,
        light_reason=assignment.light_reason,
        planned=planned,
        state_words="",
    )


def _state_words(closing: PeriodClosing, line: PeriodLine) -> str:
    """What the kept words around a report are; the text itself is kept where it was sent."""
    if line.report is not None:
        return closing.words
    closed_on = format_roc(closing.closed_on)
    return (
        f"這一份在{closing.period_name}關閉時（{closed_on}）還沒有送出，沒有列入關閉時的內容，"
        "只有本單位看得到；計畫文字、單位與期限是關閉時的。"
    )


def _kept_surroundings(line: PeriodLine, words: str) -> ReportSurroundings:
    return ReportSurroundings(
        strategy=f"{line.strategy_number}. {line.strategy}",
        method=line.method,
        plan=line.plan,
        action=line.action,
        expected_benefit=line.expected_benefit,
        department=line.department,
        deadline_words=line.deadline_words,
        light=line.light,
        light_reason=line.light_reason,
        planned=line.planned,
        state_words=words,
    )


def with_light_and_contact(assignment: Assignment, basis: LightBasis) -> None:
    """Set the light, and whether its 承辦人 still can write it, on a row that is at hand."""
    light_up([assignment], basis)
    # What `with_contact` annotates, for a row that was fetched without it.
    assignment.contact_can_write = False
    if assignment.contact_id is not None:
        writers = Membership.objects.who_can_write().filter(department=assignment.department_id)
        assignment.contact_can_write = writers.filter(user=assignment.contact_id).exists()


_OTHERS = PreparedForPerson(
    lambda user: (
        access.visible_assignments(user)
        .filter(action=Slot("action"))
        .exclude(pk=Slot("own"))
        .select_related("department")
        .order_by("kind", "position", "pk")
    )
)


def other_departments(user: User, assignment: Assignment, basis: LightBasis) -> list[Assignment]:
    """The other departments' assignments of the same action, leads first."""
    rows = _OTHERS(user, action=assignment.action_id, own=assignment.pk)
    for row in rows:
        row.action = assignment.action
    light_up(rows, basis)
    return rows


def earlier_reports(user: User, assignment: Assignment, period: Period) -> ProgressReportQuerySet:
    """What the assignment submitted for the periods before, newest first."""
    # Sent ones alone: what a draft of an earlier period said was never reported.
    return (
        access.readable_reports(user)
        .submitted()
        .filter(assignment=assignment)
        .before(period)
        .select_related("period")
    )


_FIRST_EARLIER = PreparedForPerson(
    lambda user: (
        access.readable_reports(user)
        .submitted()
        .filter(assignment=Slot("assignment"))
        .ended_before(Slot("ends_on", DateField()))
        .select_related("period")[:EARLIER_SHOWN]
    )
)


def first_earlier(user: User, assignment: Assignment, period: Period) -> list[ProgressReport]:
    """The newest `EARLIER_SHOWN` of `earlier_reports`."""
    return _FIRST_EARLIER(user, assignment=assignment.pk, ends_on=period.ends_on)


def deadline_note(assignment: Assignment, today: date) -> str:
    """「115年12月31日，剩 39 天」, which stands behind the deadline as written.

    The day is left out where the deadline is written as a day. A deadline that has passed has no
    note: the light beside it says so.
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
    turn = turn_now(report, today)
    if turn is None:
        return "待研考審核"
    return turn.next_words


def turn_now(report: ProgressReport, today: date) -> Turn | None:
    """Whose turn it is with one report that was sent; one query where it waits for a head."""
    heads = HeadNames.of(departments_with_head([report]), today)
    return turn_of_report(report, report.assignment, heads, today)
