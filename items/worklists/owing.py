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
    Department,
    Membership,
    MembershipRole,
    Period,
    ProgressReport,
    ReportState,
    User,
)
from items.roc import format_roc
from items.worklists.deputy_names import DeputyNames


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
class OwedAssignment:
    """One line of a reminder; `contact` is the 承辦人 by name, empty where it is everybody's.

    As values, since the text of a whole period names thousands of them.
    """

    code: str
    title: str
    is_returned: bool
    contact: str


@dataclass(frozen=True)
class Reminder:
    """What one department still owes for a period, with the text to copy.

    `people` are the names of those who have to do it; empty where the department has nobody.
    """

    kind: ReminderKind
    department: Department
    period: Period
    today: date
    assignments: list[OwedAssignment]
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
            line = f"{assignment.code} {assignment.title}"
            # Else somebody who has written it already would take the reminder for a mistake.
            if assignment.is_returned:
                line += "（退回待補正）"
            # Several people read one text: each looks for the own name.
            if assignment.contact:
                line += f"（{assignment.contact}）"
            lines.append(line)
        return lines

    def _last_line(self) -> str:
        if self.kind is ReminderKind.CLOSED:
            return "填報期已關閉，無法自行補填，請洽研考。"
        if self.kind is ReminderKind.TO_ENDORSE:
            return "請登入計畫管考系統「待我核可」同意或退回，謝謝。"
        return "請登入計畫管考系統「我的填報」完成填報，謝謝。"


@dataclass(frozen=True)
class Addressees:
    """The departments in their order, and who of each can sign in."""

    departments: list[Department]
    people: dict[int, list[Membership]]
    """{key of a department: its memberships}"""
    deputies: DeputyNames

    def name_of(self, person: User) -> str:
        """「陳志明（蔡淑芬代理）」: the reminder is for whoever is there."""
        return self.deputies.words_for(person.pk, str(person))


def reminders(
    user: User, period: Period, today: date, addresses: SystemAddresses
) -> list[Reminder]:
    """Of an open period, who has to send and then who has to endorse; of a closed one, who did not.

    Each part in the order of the departments; five queries.
    """
    return reminders_of(user, [period], today, addresses)


def reminders_of(
    user: User, periods: Sequence[Period], today: date, addresses: SystemAddresses
) -> list[Reminder]:
    """The reminders of several periods, one period after the other.

    Three queries, and two more for each open period, one for each closed one.
    """
    to = Addressees(
        departments=list(Department.objects.order_by("position", "pk")),
        people=_people_by_department(),
        deputies=DeputyNames.of(today),
    )
    every: list[Reminder] = []
    for period in periods:
        if period.opened_at is None:
            continue
        kind = ReminderKind.CLOSED if period.is_closed else ReminderKind.TO_REPORT
        every += _to_report(user, period, today, addresses, kind=kind, to=to)
        if period.is_open:
            every += _to_endorse(user, period, today, addresses, to=to)
    return every


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
    to: Addressees,
) -> list[Reminder]:
    owing = access.visible_assignments(user).owing(period).with_report(period).with_contact()
    rows = owing.in_order().values(
        "department",
        "action__code",
        "action__title",
        "report_state",
        "contact",
        "contact__full_name",
        "contact__username",
        "contact_can_write",
    )
    by_department: dict[int, list[OwedAssignment]] = {}
    for row in rows:
        contact = ""
        if row["contact_can_write"]:
            # As `str` of a person.
            name = row["contact__full_name"] or row["contact__username"]
            contact = to.deputies.words_for(row["contact"], name)
        owed = OwedAssignment(
            code=row["action__code"],
            title=row["action__title"],
            is_returned=row["report_state"] == ReportState.RETURNED,
            contact=contact,
        )
        by_department.setdefault(row["department"], []).append(owed)
    to_report = []
    for department in to.departments:
        assignments = by_department.get(department.pk)
        if not assignments:
            continue
        to_report.append(
            Reminder(
                kind=kind,
                department=department,
                period=period,
                today=today,
                assignments=assignments,
                people=_who_reports(assignments, department, to),
                address=addresses.todo,
            )
        )
    return to_report


def _who_reports(
    assignments: Sequence[OwedAssignment], department: Department, to: Addressees
) -> list[str]:
    """The names of the 承辦人, and of all reporters where an item is nobody's in particular."""
    # As a set that keeps its order: one person has several items.
    names: dict[str, None] = {}
    is_everybodys = False
    for assignment in assignments:
        if assignment.contact:
            names[assignment.contact] = None
        else:
            is_everybodys = True
    if is_everybodys:
        for membership in to.people.get(department.pk, []):
            if membership.role == MembershipRole.REPORTER:
                names[to.name_of(membership.user)] = None
    return list(names)


def _to_endorse(
    user: User, period: Period, today: date, addresses: SystemAddresses, *, to: Addressees
) -> list[Reminder]:
    visible = ProgressReport.objects.filter(access.can_see_report(user))
    waiting = visible.filter(period=period, state=ReportState.WITH_HEAD)
    in_order = waiting.order_by("assignment__action__code", "assignment_id")
    rows = in_order.values(
        "assignment__department",
        "assignment__action__code",
        "assignment__action__title",
        "written_by",
    )
    by_department: dict[int, list[OwedAssignment]] = {}
    # As a set in the order of the accounts: two heads may wait for each other's endorsement.
    heads_of: dict[int, dict[str, None]] = {}
    for row in rows:
        department_key = row["assignment__department"]
        heads = []
        for membership in to.people.get(department_key, []):
            is_writer = membership.user_id == row["written_by"]
            if membership.role == MembershipRole.HEAD and not is_writer:
                heads.append(to.name_of(membership.user))
        # Where no head is left, the plan office endorses: there is nobody to remind.
        if heads:
            # It waits for the head, whoever has written it.
            to_endorse = OwedAssignment(
                code=row["assignment__action__code"],
                title=row["assignment__action__title"],
                is_returned=False,
                contact="",
            )
            by_department.setdefault(department_key, []).append(to_endorse)
            heads_of.setdefault(department_key, {}).update(dict.fromkeys(heads))
    every = []
    for department in to.departments:
        assignments = by_department.get(department.pk)
        if not assignments:
            continue
        every.append(
            Reminder(
                kind=ReminderKind.TO_ENDORSE,
                department=department,
                period=period,
                today=today,
                assignments=assignments,
                people=list(heads_of[department.pk]),
                address=addresses.inbox,
            )
        )
    return every


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
