"""What all reminders of one page have in common, and how many of them it has room for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from items.models import Department, User
from items.worklists.addressees import Addressees
from items.worklists.department_reminder import Reminder
from items.worklists.owed_rows import LINES
from items.worklists.period_grid import PeriodGrid


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

    def __add__(self, later: "Reminders") -> "Reminders":
        return Reminders([*self.shown, *later.shown], self.number + later.number)

    @property
    def has_all(self) -> bool:
        return len(self.shown) == self.number


@dataclass(frozen=True)
class ReminderRoom:
    """For how many texts a page has room, and for how many items that they name together."""

    texts: int
    items: int

    def beside(self, shown: Reminders) -> "ReminderRoom":
        """What is left; nothing once a text had no room, so that no later one stands before it."""
        if not shown.has_all:
            return ReminderRoom(0, 0)
        named = sum(len(reminder.assignments) for reminder in shown.shown)
        return ReminderRoom(self.texts - len(shown.shown), self.items - named)

    def first(
        self, departments: Sequence[Department], number_of: Mapping[int, int]
    ) -> list[Department]:
        """The departments whose texts have room; `number_of` is {key: how many items each owes}."""
        shown = []
        items_left = self.items
        for department in departments[: self.texts]:
            items_left -= min(number_of[department.pk], LINES)
            if items_left < 0:
                break
            shown.append(department)
        return shown


EVERYTHING = ReminderRoom(texts=1_000_000, items=50_000_000)
"""For whoever asks for all texts: more than any office has."""
