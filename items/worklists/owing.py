"""催辦: which departments still owe reports for a period, and the words to remind them with."""

from dataclasses import dataclass
from datetime import date

from items import access
from items.day_words import days_left
from items.models import Assignment, Department, Period, ReportState, User
from items.roc import format_roc

TITLE_SHOWN = 30
"""How much of a title a reminder quotes, in characters: a line of it fits a phone's screen."""


@dataclass(frozen=True)
class Reminder:
    """What one department still owes for a period, with the text to copy."""

    department: Department
    period: Period
    today: date
    assignments: list[Assignment]

    @property
    def text(self) -> str:
        """A message that can be pasted into mail or LINE as it stands."""
        return "\n".join([self._first_line(), *self._item_lines(), self._last_line()])

    def _first_line(self) -> str:
        due = format_roc(self.period.due_on)
        when = days_left(self.period.due_on, self.today)
        return (
            f"【催辦】{self.department}：{self.period}尚有 {len(self.assignments)} 件未送出，"
            f"填報期限 {due}（{when}）。"
        )

    def _item_lines(self) -> list[str]:
        lines = []
        for assignment in self.assignments:
            title = assignment.action.title
            if len(title) > TITLE_SHOWN:
                title = f"{title[:TITLE_SHOWN]}…"
            line = f"{assignment.action.code} {title}"
            # Else somebody who has written it already would take the reminder for a mistake.
            if assignment.report_state == ReportState.RETURNED:
                line += "（退回待補正）"
            lines.append(line)
        return lines

    def _last_line(self) -> str:
        return "請登入計畫管考系統「我的填報」完成填報，謝謝。"


def reminders(user: User, period: Period, today: date) -> list[Reminder]:
    """One reminder for each department that still owes reports, in the order of the departments."""
    owing = (
        access.visible_assignments(user).owing(period).with_report(period).with_path().in_order()
    )
    by_department: dict[Department, list[Assignment]] = {}
    for assignment in owing:
        by_department.setdefault(assignment.department, []).append(assignment)
    # Assignments come in the order of the plan; the page lists departments in their own.
    departments = sorted(by_department, key=lambda department: (department.position, department.pk))
    return [
        Reminder(department, period, today, by_department[department]) for department in departments
    ]
