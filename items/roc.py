"""民國 dates in writing; `roc_deadline` reads what people write."""

from calendar import monthrange
from datetime import date

OFFSET = 1911


def roc_year(day: date) -> int:
    """The 民國 year of a day: 115 for 2026."""
    return day.year - OFFSET


def last_day(year: int, month: int) -> date:
    """The last day of a month; `year` is 民國 or Gregorian, told apart at 1911."""
    gregorian_year = year if year > OFFSET else year + OFFSET
    _, days = monthrange(gregorian_year, month)
    return date(gregorian_year, month, days)


def format_roc(day: date) -> str:
    """115年12月31日"""
    return f"{roc_year(day)}年{day.month}月{day.day}日"


def format_roc_month_day(day: date) -> str:
    """12月31日"""
    return f"{day.month}月{day.day}日"


def format_roc_near(day: date, today: date) -> str:
    """12月31日; with the year where it is another than that of today: 116年1月7日."""
    if day.year == today.year:
        return format_roc_month_day(day)
    return format_roc(day)
