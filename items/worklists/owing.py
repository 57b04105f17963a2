"""催辦: who still owes something for a period; the words are in `department_reminder`.

Pages, commands and mail count the same way from here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from items.models import Assignment, Department, Period, Reopening, ReportState, User
from items.models.department_list import all_departments
from items.models.filing_states import OUTSTANDING
from items.models.light_basis import fetch_periods
from items.models.prepared import Prepared
from items.worklists.addressees import Addressees, Member, members_by_department, other_heads
from items.worklists.department_reminder import OwedAssignment, Reminder, ReminderKind
from items.worklists.deputy_names import DeputyNames
from items.worklists.owed_assignments import owed_assignments
from items.worklists.owed_endorsements import (
    AT_ONCE,
    endorsements_by_writer,
    first_endorsements,
    owed_endorsements,
)
from items.worklists.owed_rows import LINES, OwedByDepartment
from items.worklists.period_grid import PeriodGrid, period_grid


@dataclass(frozen=True)
class SystemAddresses:
    """Whole addresses of the pages to turn to, for a text that is read outside the system."""

    todo: str
    inbox: str


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


@dataclass(frozen=True)
class Reminders:
    """The first reminders of a list, and how many there are in all."""

    shown: list[Reminder]
    number: int

    @property
    def has_all(self) -> bool:
        return len(self.shown) == self.number


def reminders(
    user: User, period: Period, today: date, addresses: SystemAddresses
) -> list[Reminder]:
    """Who has to send and who has to endorse in an open period; who did not send in a closed one.

    Each part in the order of the departments.
    """
    departments = all_departments()
    grid = period_grid(fetch_periods(period.programme), departments)
    every = reminders_of(
        user, [period], today, addresses=addresses, departments=departments, grid=grid, most=None
    )
    return every.shown


def reminders_of(
    user: User,
    periods: Sequence[Period],
    today: date,
    *,
    addresses: SystemAddresses,
    departments: Sequence[Department],
    grid: PeriodGrid,
    most: int | None,
) -> Reminders:
    """The reminders of several periods of the grid, one period after the other.

    Items are fetched only of the first `most` of them, None for all; the others are only counted.
    Three queries, two more for each open period and one for each closed one; and two more for
    those of which a department has more than `LINES`. `departments` are all, in their order.
    """
    to = Addressees(departments, members_by_department(DeputyNames.of(today)))
    occasion = Occasion(user, today, addresses, to, grid, _reopened())
    shown: list[Reminder] = []
    number = 0
    for period in periods:
        # Nothing is owed of what was never opened.
        if period.opened_at is None:
            continue
        to_report = _to_report(occasion, period, _room(most, shown))
        shown += to_report.shown
        number += to_report.number
        if period.is_open:
            to_endorse = _to_endorse(occasion, period, _room(most, shown))
            shown += to_endorse.shown
            number += to_endorse.number
    return Reminders(shown, number)


def _room(most: int | None, shown: Sequence[Reminder]) -> int | None:
    """How many more are shown; None for all."""
    if most is None:
        return None
    return most - len(shown)


def all_texts(every: Sequence[Reminder]) -> str:
    """The texts of all reminders below each other, for one press of 全部複製."""
    return "\n\n".join(reminder.text for reminder in every)


def _to_report(occasion: Occasion, period: Period, room: int | None) -> Reminders:
    year = occasion.grid.year
    if year is None:
        return Reminders([], 0)
    number_of = year.numbers_in(period, OUTSTANDING)
    owing = [department for department in occasion.to.departments if department.pk in number_of]
    shown = owing[:room]
    # The grid has counted already what would be asked for in vain.
    if not shown:
        return Reminders([], len(owing))
    owed_by = owed_assignments(
        occasion.user,
        year.ways_in(period, OUTSTANDING),
        {department.pk: number_of[department.pk] for department in shown},
        of_all=len(shown) == len(owing),
    )
    kind = ReminderKind.CLOSED if period.is_closed else ReminderKind.TO_REPORT
    returned = year.texts_in_state(period, ReportState.RETURNED)
    every = []
    for department in shown:
        owed = owed_by.get(department.pk)
        # Somebody has sent the last one since the grid was counted.
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
    return Reminders(every, len(owing) - len(shown) + len(every))


# Without the item: where nothing is open by itself, SQLite would go through all items first.
_REOPENED = Prepared(
    lambda: Reopening.objects.active().order_by().only("period_id", "due_on", "assignment_id")
)


def _reopened() -> dict[ReopenedKey, date]:
    active = _REOPENED()
    if not active:
        return {}
    keys = [one.assignment_id for one in active]
    assignments = Assignment.objects.select_related("action").in_bulk(keys)
    until = {}
    for one in active:
        assignment = assignments[one.assignment_id]
        key = ReopenedKey(one.period_id, assignment.department_id, assignment.action.code)
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
        reopened_until = None
        # Mostly nothing is: no key is made for each of a thousand lines.
        if occasion.reopened:
            key = ReopenedKey(period.pk, row.department, row.code)
            reopened_until = occasion.reopened.get(key)
        owed_assignment = OwedAssignment(
            code=row.code,
            title=row.title,
            is_returned=row.state in returned,
            contact=contact,
            reopened_until=reopened_until,
        )
        assignments.append(owed_assignment)
    return assignments


def _who_reports(owed: OwedByDepartment, members: Sequence[Member]) -> list[str]:
    """The names of the 承辦人, and of all reporters where an item has none."""
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


def _to_endorse(occasion: Occasion, period: Period, room: int | None) -> Reminders:
    # Where no head is left, there is nobody to remind: what waits there is not fetched.
    heads_of: dict[int, list[Member]] = {}
    for department in occasion.to.departments:
        members = occasion.to.members.get(department.pk, [])
        heads = [member for member in members if member.is_head]
        if heads:
            heads_of[department.pk] = heads
    # What waits of an item that is no longer 列管中 is not in it: it says only which way is shorter.
    number_waiting = 0
    if occasion.grid.year is not None:
        of_departments = occasion.grid.year.numbers_in(period, (ReportState.WITH_HEAD,))
        number_waiting = sum(of_departments.get(key, 0) for key in heads_of)
    is_long = number_waiting > AT_ONCE
    user = occasion.user
    if is_long:
        owed_by = endorsements_by_writer(user, period.pk, list(heads_of))
    else:
        owed_by = owed_endorsements(user, period.pk, list(heads_of))
    owed_by = _for_other_heads(owed_by, heads_of)
    owing = [department for department in occasion.to.departments if department.pk in owed_by]
    shown = owing[:room]
    if is_long and shown:
        keys = [department.pk for department in shown]
        owed_by = _for_other_heads(first_endorsements(user, period.pk, keys), heads_of)
    every = []
    for department in shown:
        owed = owed_by.get(department.pk)
        # Their head has endorsed the last one since they were counted.
        if owed is None:
            continue
        # As a set in its order: two heads may wait for each other's endorsement.
        names: dict[str, None] = {}
        for writer in owed.number_of:
            for head in other_heads(heads_of[department.pk], writer):
                names[head.name] = None
        reminder = Reminder(
            kind=ReminderKind.TO_ENDORSE,
            department=department,
            period=period,
            today=occasion.today,
            # They wait for the head: the name of the writer would mislead.
            assignments=[OwedAssignment(row.code, row.title) for row in owed.rows[:LINES]],
            number=owed.number,
            people=list(names),
            address=occasion.addresses.inbox,
        )
        every.append(reminder)
    return Reminders(every, len(owing) - len(shown) + len(every))


def _for_other_heads(
    owed_by: Mapping[int, OwedByDepartment], heads_of: Mapping[int, Sequence[Member]]
) -> dict[int, OwedByDepartment]:
    """What somebody else than its writer may endorse, of the departments that have some of it."""
    for_others = {}
    for department, owed in owed_by.items():
        heads = heads_of[department]
        # A head never endorses what they wrote themselves where another head exists.
        alone = [writer for writer in owed.number_of if not other_heads(heads, writer)]
        of_others = owed.without(alone)
        if of_others.number:
            for_others[department] = of_others
    return for_others
