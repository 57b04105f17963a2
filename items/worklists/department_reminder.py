"""催辦 in words: what one department still owes for a period, as a text to copy."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from items.day_words import days_left
from items.models import Department, Period
from items.roc import format_roc
from items.worklists.owed_rows import unnamed_words


class ReminderKind(Enum):
    """What somebody is reminded of."""

    TO_REPORT = "to_report"
    """An open period: the department still has to send."""
    TO_ENDORSE = "to_endorse"
    """An open period: the head still has to endorse or return."""
    CLOSED = "closed"
    """A closed period: the department did not send, and can no longer do it by itself."""


class OwedAssignment(NamedTuple):
    """One line of a reminder; `contact` is the 承辦人 by name, empty where it is everybody's.

    A tuple, since the texts of a page name a thousand of them: a frozen dataclass takes three times as long.
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
        # Otherwise somebody who has written it already would take the reminder for a mistake.
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
        return f"{self.department}・{what} {self.number:,} 件"

    # The page shows it by itself and in the text of all.
    @cached_property
    def text(self) -> str:
        """A message that can be pasted into mail or LINE as it stands."""
        lines = [self._first_line()]
        if self.people:
            lines.append(f"{self.people_label}：{'、'.join(self.people)}")
        lines.extend(self._item_lines())
        lines.append(self._last_line())
        # On a line of its own: nothing behind it becomes a part of the link.
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
        # Otherwise the department would take it for the mistake of an old quarter.
        if self.period.is_reopened:
            start = f"{start}（重新開放）"
        if self.kind is ReminderKind.CLOSED:
            return f"{start}已關閉，仍有 {number:,} 件未送出。"
        due = format_roc(self.period.due_on)
        when = days_left(self.period.due_on, self.today)
        if self.kind is ReminderKind.TO_ENDORSE:
            return f"{start}有 {number:,} 件等主管核可，填報期限 {due}（{when}）。"
        return f"{start}尚有 {number:,} 件未送出，填報期限 {due}（{when}）。"

    def _item_lines(self) -> list[str]:
        lines = [assignment.line for assignment in self.assignments]
        unnamed = self.number - len(self.assignments)
        if unnamed:
            lines.append(unnamed_words(unnamed))
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
