"""催辦 of what departments have not sent."""

from collections.abc import Collection, Mapping, Sequence

from items.models import Period, ReportState
from items.models.filing_states import OUTSTANDING
from items.worklists.addressees import Member
from items.worklists.department_reminder import OwedAssignment, Reminder, ReminderKind
from items.worklists.owed_assignments import owed_assignments
from items.worklists.owed_rows import LINES, OwedByDepartment
from items.worklists.reminding import Occasion, ReminderRoom, Reminders, ReopenedKey


def to_report(occasion: Occasion, period: Period, room: ReminderRoom) -> Reminders:
    """Of an open period or a closed one, in the order of the departments."""
    year = occasion.grid.year
    if year is None:
        return Reminders([], 0)
    number_of = year.numbers_in(period, OUTSTANDING)
    owing = [department for department in occasion.to.departments if department.pk in number_of]
    shown = room.first(owing, number_of)
    # The grid has counted already what would be asked for in vain.
    if not shown:
        return Reminders([], len(owing))
    owed_by = owed_assignments(
        occasion.user,
        year.ways_in(period, OUTSTANDING),
        {department.pk: number_of[department.pk] for department in shown},
        of_all=len(shown) == len(owing),
    )
    kind = ReminderKind.TO_REPORT
    if period.is_closed:
        kind = ReminderKind.CLOSED
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
