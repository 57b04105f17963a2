"""辦公日曆 of one year: the days that are not as their weekday says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from items.models import OfficeDay, Programme, WorkingCalendar
from items.roc import OFFSET, format_roc


@dataclass(frozen=True)
class DueOnHoliday:
    """A 填報期限 of the year that falls on a day on which nobody works."""

    period_name: str
    words: str


@dataclass(frozen=True)
class OfficeYear:
    """What the page of one year shows."""

    days: Sequence[OfficeDay]
    missing_words: str
    """That the year was not filled yet; empty where it was."""
    due_on_holidays: Sequence[DueOnHoliday]

    @property
    def by_hand(self) -> Sequence[OfficeDay]:
        """The days whose rows the page carries, to show that a person who changes one has seen it."""
        return [day for day in self.days if day.is_by_hand]

    @property
    def heading(self) -> str:
        """「115 年放假 16 天（不含星期六、日）」"""
        off = len([day for day in self.days if not day.is_working])
        working = len(self.days) - off
        words = f"平日放假 {off} 天"
        if working:
            words += f"，補班 {working} 天"
        return words


def office_year(programme: Programme) -> OfficeYear:
    """Two queries."""
    calendar = WorkingCalendar.load()
    year = year_of(programme)
    days = [row for row in calendar.special.values() if row.day.year == year]
    due_on_holidays = []
    for period in programme.periods.all():
        words = calendar.due_day_words(period.due_on)
        # Of a closed period nobody has to write by that day.
        if words and not period.is_closed:
            due_on_holidays.append(DueOnHoliday(period.name, f"填報期限 {words}"))
    return OfficeYear(
        days=sorted(days, key=lambda row: row.day),
        missing_words=calendar.missing_words(year),
        due_on_holidays=due_on_holidays,
    )


def year_of(programme: Programme) -> int:
    """The year of our era that the programme's number means."""
    return programme.year + OFFSET


def calendar_words(programme: Programme, today: date) -> str:
    """What the card of 管理 says: 「115 年已填入；下一個放假日 12月25日 行憲紀念日。」"""
    calendar = WorkingCalendar.load()
    missing = calendar.missing_words(year_of(programme))
    if missing:
        return f"{programme.year} 年的辦公日曆還沒有填入。"
    for day in sorted(calendar.special):
        row = calendar.special[day]
        # Days of make-up work are special too, and no holidays.
        if day < today or row.is_working:
            continue
        what = row.name or row.weekday_words
        return f"下一個平日放假是{format_roc(day)}（{what}）。"
    return f"{programme.year} 年已填入。"
