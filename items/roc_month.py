"""A month as people write it: 115年12月, 12月, 116/2. It is kept and shown as 「116年2月」."""

from datetime import date

from items.deadline_problems import DeadlineError
from items.roc import last_day, roc_year
from items.roc_deadline import parse_deadline, with_year_of_page

MONTHS_AHEAD = 18
"""How far ahead a form offers months: to the middle of the year after next at the latest."""


class MonthError(ValueError):
    """A text that names no month; the message is a Chinese sentence without a subject."""


def month_words(day: date) -> str:
    """「116年2月」, the month of a day."""
    return f"{roc_year(day)}年{day.month}月"


def read_month(written: str, programme_year: int) -> str:
    """The month of a text in our spelling; a month without a year is one of the programme's.

    Raises `MonthError` where the text names no month for certain.
    """
    text = written.strip()
    try:
        deadline = parse_deadline(with_year_of_page(text, programme_year), programme_year)
    except DeadlineError:
        deadline = None
    if deadline is None or deadline.is_open_ended:
        raise MonthError(f"「{text[:20]}」看不出是哪個月，請寫成「{programme_year}年12月」。")
    return month_words(deadline.date)


def end_of_month(month: str) -> date:
    """The last day of a month that `read_month` has written."""
    year, rest = month.split("年")
    return last_day(int(year), int(rest.removesuffix("月")))


def months_from(day: date) -> list[str]:
    """The month of a day and those that follow, for a form to choose from."""
    months = []
    year = day.year
    month = day.month
    for _ in range(MONTHS_AHEAD):
        months.append(month_words(date(year, month, 1)))
        month += 1
        if month > 12:
            month = 1
            year += 1
    return months
