"""催辦: who still owes something for a period, and the words to remind them with.

Pages, commands and mail take the same words from here.
"""

from collections.abc import Collection, Mapping, Sequence
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
    Reopening,
    ReportState,
    User,
)
from items.models.filing_states import OUTSTANDING
from items.models.prepared import Prepared
from items.roc import format_roc
from items.worklists.deputy_names import DeputyNames
from items.worklists.owed_rows import (
    LINES,
    OWED_ASSIGNMENTS,
    OWED_ENDORSEMENTS,
    OwedByDepartment,
    first_owed,
)
from items.worklists.period_grid import PeriodGrid, period_grid


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
    is_returned: bool = False
    contact: str = ""
    reopened_until: date | None = None
    """Until when it can be sent by itself, though its period is closed."""

    @property
    def line(self) -> str:
        """「115-04 設置休憩區（退回待補正）（王美玲）」"""
        line = f"{self.code} {self.title}"
        # Else somebody who has written it already would take the reminder for a mistake.
        if self.is_returned:
            line += "（退回待補正）"
        # Several people read one text: each looks for the own name.
        if self.contact:
            line += f"（{self.contact}）"
        if self.reopened_until is not None:
            line += f"（已個別重新開放，補正期限 {format_roc(self.reopened_until)}）"
        return line


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
    """The first `LINES` of them in the order of the plan."""
    number: int
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
        return f"{self.department}・{what} {self.number} 件"

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
        number = self.number
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
        lines = [assignment.line for assignment in self.assignments]
        unnamed = self.number - len(self.assignments)
        if unnamed:
            lines.append(f"……另有 {unnamed} 件，請登入系統看全部。")
        return lines

    def _last_line(self) -> str:
        if self.kind is ReminderKind.CLOSED:
            return self._way_out_of_closed()
        if self.kind is ReminderKind.TO_ENDORSE:
            return "請登入計畫管考系統「待我核可」同意或退回，謝謝。"
        return "請登入計畫管考系統「我的填報」完成填報，謝謝。"

    def _way_out_of_closed(self) -> str:
        reopened = [one for one in self.assignments if one.reopened_until is not None]
        if not reopened:
            return "填報期已關閉，無法自行補填，請洽研考。"
        if len(reopened) == self.number:
            return "請在補正期限內登入計畫管考系統「我的填報」補正，謝謝。"
        return (
            "已個別重新開放的，請在補正期限內登入計畫管考系統「我的填報」補正；"
            "其餘無法自行補填，請洽研考。"
        )


@dataclass(frozen=True)
class Member:
    """Somebody who can write for a department."""

    pk: int
    name: str
    """With the deputy, as 「陳志明（蔡淑芬代理）」: the reminder is for whoever is there."""
    is_head: bool


@dataclass(frozen=True)
class Addressees:
    """The departments in their order, and who can write for each."""

    departments: Sequence[Department]
    members: Mapping[int, Sequence[Member]]
    """{key of a department: its members in the order of their accounts}"""


@dataclass(frozen=True)
class ReopenedKey:
    """One assignment in one closed period; codes are unique in a year."""

    period: int
    department: int
    code: str


@dataclass(frozen=True)
class Occasion:
    """What all reminders of one page have in common; `grid` is that of the whole year."""

    user: User
    today: date
    addresses: SystemAddresses
    to: Addressees
    grid: PeriodGrid
    reopened: Mapping[ReopenedKey, date]
    """{what can be sent though its period is closed: until when}"""


def reminders(
    user: User, period: Period, today: date, addresses: SystemAddresses
) -> list[Reminder]:
    """Of an open period, who has to send and then who has to endorse; of a closed one, who did not.

    Each part in the order of the departments.
    """
    departments = list(Department.objects.all())
    grid = period_grid(list(period.programme.periods.all()), departments)
    return reminders_of(
        user, [period], today, addresses=addresses, departments=departments, grid=grid
    )


def reminders_of(
    user: User,
    periods: Sequence[Period],
    today: date,
    *,
    addresses: SystemAddresses,
    departments: Sequence[Department],
    grid: PeriodGrid,
) -> list[Reminder]:
    """The reminders of several periods of the grid, one period after the other.

    Three queries, two more for each open period and one for each closed one; and as many again for
    those of which a department has more than `LINES`. `departments` are all, in their order.
    """
    to = Addressees(departments, members_by_department(DeputyNames.of(today)))
    occasion = Occasion(user, today, addresses, to, grid, _reopened())
    every: list[Reminder] = []
    for period in periods:
        if period.opened_at is None:
            continue
        kind = ReminderKind.CLOSED if period.is_closed else ReminderKind.TO_REPORT
        every += _to_report(occasion, period, kind)
        if period.is_open:
            every += _to_endorse(occasion, period)
    return every


def all_texts(every: Sequence[Reminder]) -> str:
    """The texts of all reminders below each other, for one press of 全部複製."""
    return "\n\n".join(reminder.text for reminder in every)


def _to_report(occasion: Occasion, period: Period, kind: ReminderKind) -> list[Reminder]:
    grid = occasion.grid
    if grid.year is None:
        return []
    readable = access.readable_assignments(occasion.user)
    owing = grid.year.in_states(readable, period, OUTSTANDING)
    totals = grid.numbers_in(period, OUTSTANDING)
    is_long = max(totals.values(), default=0) > LINES
    owed_by = first_owed(owing, OWED_ASSIGNMENTS, is_long=is_long, totals=totals)
    returned = grid.year.texts_in_state(period, ReportState.RETURNED)
    every = []
    for department in occasion.to.departments:
        owed = owed_by.get(department.pk)
        if owed is None:
            continue
        members = occasion.to.members.get(department.pk, [])
        name_of = {member.pk: member.name for member in members}
        reminder = Reminder(
            kind=kind,
            department=department,
            period=period,
            today=occasion.today,
            assignments=_assignments_to_report(occasion, period, owed, returned, name_of),
            number=owed.number,
            people=_who_reports(owed, members),
            address=occasion.addresses.todo,
        )
        every.append(reminder)
    return every


_REOPENED = Prepared(
    lambda: (
        Reopening.objects.active()
        .order_by()
        .select_related("assignment__action")
        .only("period_id", "due_on", "assignment__department_id", "assignment__action__code")
    )
)


def _reopened() -> dict[ReopenedKey, date]:
    until = {}
    for one in _REOPENED():
        share = one.assignment
        key = ReopenedKey(one.period_id, share.department_id, share.action.code)
        until[key] = one.due_on
    return until


def _assignments_to_report(
    occasion: Occasion,
    period: Period,
    owed: OwedByDepartment,
    returned: Collection[str],
    name_of: Mapping[int, str],
) -> list[OwedAssignment]:
    """`returned` are the `filing_states` of what was returned, `name_of` the department's people."""
    assignments = []
    for row in owed.rows[:LINES]:
        contact = ""
        # Somebody who has left the department is not named.
        if row.person is not None:
            contact = name_of.get(row.person, "")
        owed_assignment = OwedAssignment(
            code=row.code,
            title=row.title,
            is_returned=row.state in returned,
            contact=contact,
            reopened_until=occasion.reopened.get(ReopenedKey(period.pk, row.department, row.code)),
        )
        assignments.append(owed_assignment)
    return assignments


def _who_reports(owed: OwedByDepartment, members: Sequence[Member]) -> list[str]:
    """The names of the 承辦人, and of all reporters where an item is nobody's in particular."""
    name_of = {member.pk: member.name for member in members}
    # As a set that keeps its order: two people may have one name.
    names: dict[str, None] = {}
    is_everybodys = False
    for person in owed.number_of:
        if person in name_of:
            names[name_of[person]] = None
        else:
            is_everybodys = True
    if is_everybodys:
        for member in members:
            if not member.is_head:
                names[member.name] = None
    return list(names)


def _to_endorse(occasion: Occasion, period: Period) -> list[Reminder]:
    with_head = (ReportState.WITH_HEAD,)
    readable = access.readable_reports(occasion.user)
    waiting = readable.filter(period=period, state__in=with_head)
    totals = occasion.grid.numbers_in(period, with_head)
    is_long = max(totals.values(), default=0) > LINES
    # Without these totals, which leave out what waits of an item that is no longer 列管中.
    owed_by = first_owed(waiting, OWED_ENDORSEMENTS, is_long=is_long)
    every = []
    for department in occasion.to.departments:
        owed = owed_by.get(department.pk)
        if owed is None:
            continue
        heads = [head for head in occasion.to.members.get(department.pk, []) if head.is_head]
        # Where no head is left, the plan office endorses: there is nobody to remind.
        owed = owed.without([writer for writer in owed.number_of if not other_heads(heads, writer)])
        if not owed.number:
            continue
        # As a set in its order: two heads may wait for each other's endorsement.
        names: dict[str, None] = {}
        for writer in owed.number_of:
            for head in other_heads(heads, writer):
                names[head.name] = None
        reminder = Reminder(
            kind=ReminderKind.TO_ENDORSE,
            department=department,
            period=period,
            today=occasion.today,
            # They wait for the head, whoever has written them.
            assignments=[OwedAssignment(row.code, row.title) for row in owed.rows[:LINES]],
            number=owed.number,
            people=list(names),
            address=occasion.addresses.inbox,
        )
        every.append(reminder)
    return every


def other_heads(heads: Sequence[Member], writer: int | None) -> list[Member]:
    """The heads that may endorse what somebody has written."""
    return [head for head in heads if head.pk != writer]


_MEMBERS = Prepared(
    lambda: (
        Membership.objects.who_can_write()
        .select_related("user")
        .only("department_id", "role", "user__full_name", "user__username")
        .order_by("user__username")
    )
)


def members_by_department(deputies: DeputyNames) -> dict[int, list[Member]]:
    """{key of a department: those who can write for it}"""
    members: dict[int, list[Member]] = {}
    for row in _MEMBERS():
        member = Member(
            pk=row.user_id,
            name=deputies.words_for(row.user_id, str(row.user)),
            is_head=row.role == MembershipRole.HEAD,
        )
        members.setdefault(row.department_id, []).append(member)
    return members
