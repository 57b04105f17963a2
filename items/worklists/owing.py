"""催辦: who still owes something for a period; the words are in `department_reminder`.

Pages, commands and mail count the same way from here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from items import access
from items.access.prepared import PreparedForPerson
from items.models import Assignment, Department, Period, Reopening, ReportState, User
from items.models.department_list import all_departments
from items.models.filing_states import OUTSTANDING
from items.models.light_basis import fetch_periods
from items.models.prepared import Prepared, Slot
from items.models.progress import ProgressReportQuerySet
from items.worklists.addressees import Addressees, Member, members_by_department, other_heads
from items.worklists.department_reminder import OwedAssignment, Reminder, ReminderKind
from items.worklists.deputy_names import DeputyNames
from items.worklists.owed_rows import (
    LINES,
    OWED_ASSIGNMENTS,
    OWED_ENDORSEMENTS,
    OwedByDepartment,
    by_department,
    first_owed,
    named,
)
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


def reminders(
    user: User, period: Period, today: date, addresses: SystemAddresses
) -> list[Reminder]:
    """Who has to send and who has to endorse in an open period; who did not send in a closed one.

    Each part in the order of the departments.
    """
    departments = all_departments()
    grid = period_grid(fetch_periods(period.programme), departments)
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
        # Nothing is owed of what was never opened.
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


_OWED = PreparedForPerson[Any](
    lambda user, counted: named(counted.limit(access.readable_assignments(user)), OWED_ASSIGNMENTS)
)


def _with_heads(
    user: User, period: int | Slot, departments: Sequence[int]
) -> ProgressReportQuerySet:
    """The reports of a period that wait for the heads of these departments."""
    return access.readable_reports(user).filter(
        period=period, state=ReportState.WITH_HEAD, assignment__department__in=departments
    )


_WITH_HEADS = PreparedForPerson[Any](
    lambda user, headed: named(_with_heads(user, Slot("period"), headed), OWED_ENDORSEMENTS)
)


def _to_report(occasion: Occasion, period: Period, kind: ReminderKind) -> list[Reminder]:
    grid = occasion.grid
    if grid.year is None:
        return []
    counted = grid.year.ways_in(period, OUTSTANDING)
    totals = grid.numbers_in(period, OUTSTANDING)
    if max(totals.values(), default=0) > LINES:
        owing = counted.limit(access.readable_assignments(occasion.user))
        owed_by = first_owed(owing, OWED_ASSIGNMENTS, totals=totals)
    else:
        owed_by = by_department(_OWED(occasion.user, counted))
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


def _to_endorse(occasion: Occasion, period: Period) -> list[Reminder]:
    # Where no head is left, there is nobody to remind: what waits there is not fetched.
    headed = []
    for department in occasion.to.departments:
        if any(member.is_head for member in occasion.to.members.get(department.pk, [])):
            headed.append(department.pk)
    totals = occasion.grid.numbers_in(period, (ReportState.WITH_HEAD,))
    if max(totals.values(), default=0) > LINES:
        # Without these totals, which leave out what waits of an item that is no longer 列管中.
        owed_by = first_owed(_with_heads(occasion.user, period.pk, headed), OWED_ENDORSEMENTS)
    else:
        owed_by = by_department(_WITH_HEADS(occasion.user, tuple(headed), period=period.pk))
    every = []
    for department in occasion.to.departments:
        owed = owed_by.get(department.pk)
        if owed is None:
            continue
        # A head never endorses what they wrote themselves where another head exists.
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
            # They wait for the head: the name of the writer would mislead.
            assignments=[OwedAssignment(row.code, row.title) for row in owed.rows[:LINES]],
            number=owed.number,
            people=list(names),
            address=occasion.addresses.inbox,
        )
        every.append(reminder)
    return every
