"""催辦: who still owes something for a period; the words are in `department_reminder`.

Pages, commands and mail count the same way from here.
"""

from collections.abc import Sequence
from datetime import date

from items.models import Assignment, Department, Period, Reopening, User
from items.models.department_list import all_departments
from items.models.light_basis import fetch_periods
from items.models.prepared import Prepared
from items.worklists.addressees import Addressees, members_by_department
from items.worklists.department_reminder import Reminder
from items.worklists.deputy_names import DeputyNames
from items.worklists.period_grid import PeriodGrid, period_grid
from items.worklists.reminders_to_endorse import to_endorse
from items.worklists.reminders_to_report import to_report
from items.worklists.reminding import (
    EVERYTHING,
    Occasion,
    ReminderRoom,
    Reminders,
    ReopenedKey,
    SystemAddresses,
)


def reminders(
    user: User, period: Period, today: date, addresses: SystemAddresses
) -> list[Reminder]:
    """Who has to send and who has to endorse in an open period; who did not send in a closed one.

    Each part in the order of the departments.
    """
    departments = all_departments()
    grid = period_grid(fetch_periods(period.programme), departments)
    every = reminders_of(
        user,
        [period],
        today,
        addresses=addresses,
        departments=departments,
        grid=grid,
        room=EVERYTHING,
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
    room: ReminderRoom,
) -> Reminders:
    """The reminders of several periods of the grid, one period after the other.

    Those that have no room are only counted, and none of their items is fetched.
    Three queries, two more for each open period and one for each closed one; and two more for
    those of which a department has more than `LINES`. `departments` are all, in their order.
    """
    occasion = Occasion(
        user=user,
        today=today,
        addresses=addresses,
        to=Addressees(departments, members_by_department(DeputyNames.of(today))),
        grid=grid,
        reopened=_reopened(),
    )
    so_far = Reminders([], 0)
    for period in periods:
        # Nothing is owed of what was never opened.
        if period.opened_at is None:
            continue
        so_far += to_report(occasion, period, room.beside(so_far))
        if period.is_open:
            so_far += to_endorse(occasion, period, room.beside(so_far))
    return so_far


def all_texts(every: Sequence[Reminder]) -> str:
    """The texts of all reminders below each other, for one press of 全部複製."""
    return "\n\n".join(reminder.text for reminder in every)


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
