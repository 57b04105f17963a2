"""催辦 of what departments have sent to their heads."""

from collections.abc import Collection, Mapping, Sequence

from items.models import Period, ReportState
from items.worklists.addressees import Member, other_heads
from items.worklists.department_reminder import OwedAssignment, Reminder, ReminderKind
from items.worklists.owed_endorsements import (
    AT_ONCE,
    endorsements_by_writer,
    first_endorsements,
    owed_endorsements,
)
from items.worklists.owed_rows import LINES, OwedByDepartment
from items.worklists.reminding import Occasion, ReminderRoom, Reminders


def to_endorse(occasion: Occasion, period: Period, room: ReminderRoom) -> Reminders:
    """Of an open period, in the order of the departments."""
    heads_of = _heads_of(occasion)
    user = occasion.user
    is_long = _number_waiting(occasion, period, heads_of) > AT_ONCE
    if is_long:
        owed_by = endorsements_by_writer(user, period.pk, list(heads_of))
    else:
        owed_by = owed_endorsements(user, period.pk, list(heads_of))
    owed_by = _for_other_heads(owed_by, heads_of)
    owing = [department for department in occasion.to.departments if department.pk in owed_by]
    shown = room.first(owing, {key: owed.number for key, owed in owed_by.items()})
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


def _heads_of(occasion: Occasion) -> dict[int, list[Member]]:
    """{key of a department: its heads}, of those that have one.

    Where no head is left, there is nobody to remind: what waits there is not fetched.
    """
    heads_of = {}
    for department, members in occasion.to.members.items():
        heads = [member for member in members if member.is_head]
        if heads:
            heads_of[department] = heads
    return heads_of


def _number_waiting(occasion: Occasion, period: Period, departments: Collection[int]) -> int:
    """About how many reports wait for heads, as the grid counts them.

    It leaves out what waits of an item that is no longer 列管中.
    """
    if occasion.grid.year is None:
        return 0
    number_of = occasion.grid.year.numbers_in(period, (ReportState.WITH_HEAD,))
    return sum(number_of.get(department, 0) for department in departments)


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
