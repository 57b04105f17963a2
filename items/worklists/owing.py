"""催辦: who still owes something for a period, and the words to remind them with.

Pages, commands and mail take the same words from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from items import access
from items.day_words import days_left
from items.models import (
    Assignment,
    Department,
    Membership,
    MembershipRole,
    Period,
    ReportState,
    User,
)
from items.roc import format_roc


class ReminderKind(Enum):
    """What somebody is reminded of."""

    TO_REPORT = "to_report"
    """An open period: the department still has to send."""
    TO_ENDORSE = "to_endorse"
    """An open period: the head still has to endorse or return."""
    CLOSED = "closed"
    """A closed period: the department did not send, and can no longer do it by itself."""


@dataclass(frozen=True)
class SystemAddresses:
    """Whole addresses of the pages to turn to, for a text that is read outside the system."""

    todo: str
    inbox: str


@dataclass(frozen=True)
class Reminder:
    """What one department still owes for a period, with the text to copy.

    `people` are the names of those who have to do it; empty where the department has nobody.
    """

    kind: ReminderKind
    department: Department
    period: Period
    today: date
    assignments: list[Assignment]
    people: list[str]
    address: str

    @property
    def heading(self) -> str:
        """「行政處・第4季未送出 6 件」, for the list of reminders."""
        what = f"{self.period.name}未送出"
        if self.kind is ReminderKind.TO_ENDORSE:
            what = f"{self.period.name}待主管核可"
        if self.kind is ReminderKind.CLOSED:
            what = f"{self.period.name}已關閉，未送出"
        return f"{self.department}・{what} {len(self.assignments)} 件"

    @property
    def text(self) -> str:
        """A message that can be pasted into mail or LINE as it stands."""
        lines = [self._first_line()]
        if self.people:
            lines.append(f"{self.people_label}：{'、'.join(self.people)}")
        lines.extend(self._item_lines())
        lines.append(self._last_line())
        lines.append(self.address)
        return "\n".join(lines)

    @property
    def people_label(self) -> str:
        if self.kind is ReminderKind.TO_ENDORSE:
            return "單位主管"
        return "承辦人"

    def _first_line(self) -> str:
        number = len(self.assignments)
        start = f"【催辦】{self.department}：{self.period}"
        # Else the department would take it for the mistake of an old quarter.
        if self.period.is_reopened:
            start = f"{start}（重新開放）"
        if self.kind is ReminderKind.CLOSED:
            return f"{start}已關閉，仍有 {number} 件未送出。"
        due = format_roc(self.period.due_on)
        when = days_left(self.period.due_on, self.today)
        if self.kind is ReminderKind.TO_ENDORSE:
            return f"{start}有 {number} 件等主管核可，填報期限 {due}（{when}）。"
        return f"{start}尚有 {number} 件未送出，填報期限 {due}（{when}）。"

    def _item_lines(self) -> list[str]:
        lines = []
        for assignment in self.assignments:
            line = f"{assignment.action.code} {assignment.action.title}"
            # Else somebody who has written it already would take the reminder for a mistake.
            if assignment.report_state == ReportState.RETURNED:
                line += "（退回待補正）"
            # Several people read one text: each looks for the own name.
            if self.kind is not ReminderKind.TO_ENDORSE and assignment.named_contact is not None:
                line += f"（{assignment.named_contact}）"
            lines.append(line)
        return lines

    def _last_line(self) -> str:
        if self.kind is ReminderKind.CLOSED:
            return "填報期已關閉，無法自行補填，請洽研考。"
        if self.kind is ReminderKind.TO_ENDORSE:
            return "請登入計畫管考系統「待我核可」同意或退回，謝謝。"
        return "請登入計畫管考系統「我的填報」完成填報，謝謝。"


def reminders(
    user: User, period: Period, today: date, addresses: SystemAddresses
) -> list[Reminder]:
    """Of an open period, who has to send and then who has to endorse; of a closed one, who did not.

    Each part in the order of the departments; three queries.
    """
    if not period.opened_at:
        return []
    people = _people_by_department()
    if period.is_closed:
        return _to_report(user, period, today, addresses, kind=ReminderKind.CLOSED, people=people)
    to_report = _to_report(
        user, period, today, addresses, kind=ReminderKind.TO_REPORT, people=people
    )
    return to_report + _to_endorse(user, period, today, addresses, people=people)


def all_texts(every: Sequence[Reminder]) -> str:
    """The texts of all reminders below each other, for one press of 全部複製."""
    return "\n\n".join(reminder.text for reminder in every)


def _to_report(
    user: User,
    period: Period,
    today: date,
    addresses: SystemAddresses,
    *,
    kind: ReminderKind,
    people: dict[int, list[Membership]],
) -> list[Reminder]:
    owing = (
        access.visible_assignments(user)
        .owing(period)
        .with_report(period)
        .with_contact()
        .with_path()
        .in_order()
    )
    by_department: dict[Department, list[Assignment]] = {}
    for assignment in owing:
        by_department.setdefault(assignment.department, []).append(assignment)
    to_report = []
    for department in _in_their_order(by_department):
        assignments = by_department[department]
        names = _who_reports(assignments, people.get(department.pk, []))
        to_report.append(
            Reminder(
                kind=kind,
                department=department,
                period=period,
                today=today,
                assignments=assignments,
                people=names,
                address=addresses.todo,
            )
        )
    return to_report


def _who_reports(assignments: Sequence[Assignment], memberships: Sequence[Membership]) -> list[str]:
    """The names of the 承辦人, and of all reporters where an item is nobody's in particular."""
    # As a set that keeps its order: one person has several items.
    names: dict[str, None] = {}
    is_everybodys = False
    for assignment in assignments:
        if assignment.named_contact is None:
            is_everybodys = True
        else:
            names[str(assignment.named_contact)] = None
    if is_everybodys:
        for membership in memberships:
            if membership.role == MembershipRole.REPORTER:
                names[str(membership.user)] = None
    return list(names)


def _to_endorse(
    user: User,
    period: Period,
    today: date,
    addresses: SystemAddresses,
    *,
    people: dict[int, list[Membership]],
) -> list[Reminder]:
    waiting = (
        access.visible_reports(user)
        .filter(period=period, state=ReportState.WITH_HEAD)
        .with_path()
        .order_by("assignment__action__code", "assignment_id")
    )
    by_department: dict[Department, list[Assignment]] = {}
    # As a set in the order of the accounts: two heads may wait for each other's endorsement.
    heads_of: dict[Department, dict[str, None]] = {}
    for report in waiting:
        department = report.assignment.department
        heads = []
        for membership in people.get(department.pk, []):
            is_writer = membership.user_id == report.written_by_id
            if membership.role == MembershipRole.HEAD and not is_writer:
                heads.append(str(membership.user))
        # Where no head is left, the plan office endorses: there is nobody to remind.
        if heads:
            assignment = report.assignment
            assignment.report_state = report.state
            by_department.setdefault(department, []).append(assignment)
            heads_of.setdefault(department, {}).update(dict.fromkeys(heads))
    to_endorse = []
    for department in _in_their_order(by_department):
        to_endorse.append(
            Reminder(
                kind=ReminderKind.TO_ENDORSE,
                department=department,
                period=period,
                today=today,
                assignments=by_department[department],
                people=list(heads_of[department]),
                address=addresses.inbox,
            )
        )
    return to_endorse


def _people_by_department() -> dict[int, list[Membership]]:
    """{key of a department: its memberships of people who can sign in}"""
    memberships = (
        Membership.objects.filter(user__is_active=True)
        .select_related("user")
        .order_by("user__username")
    )
    people: dict[int, list[Membership]] = {}
    for membership in memberships:
        people.setdefault(membership.department_id, []).append(membership)
    return people


def _in_their_order(by_department: dict[Department, list[Assignment]]) -> list[Department]:
    # Assignments come in the order of the plan; the page lists departments in their own.
    return sorted(by_department, key=lambda department: (department.position, department.pk))
