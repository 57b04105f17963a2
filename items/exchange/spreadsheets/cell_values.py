"""Numbers and dates as a person reads them, the same from every file format."""

import re
from datetime import date, timedelta
from enum import StrEnum

from items.exchange.spreadsheets.workbook import Cell, CellKind

ISO_DAY = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:T|\Z)")
"""A day as files write it out, with or without a time after it."""

_LAST_SERIAL = 2_958_465
# The years 101 to 199, in both ways of counting.
_OLD_SERIALS = range(-657_000, -620_900)
# Beyond it whole numbers lose digits and are shown as 1e+15.
_LARGEST_PLAIN = 1e15


class ShownAs(StrEnum):
    """As what a cell's format shows its number."""

    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    """Only in .ods: in .xlsx a format that shows nothing but a year counts as one of numbers."""


def number_cell(value: float, shown_as: ShownAs = ShownAs.NUMBER) -> Cell:
    """A number as a person would type it: 5, not 5.0, and 95% where it is shown so."""
    if shown_as is ShownAs.PERCENT:
        return Cell(CellKind.NUMBER, f"{_digits(value * 100)}%", value)
    return Cell(CellKind.NUMBER, _digits(value), value)


def date_cell(serial: float, shown_as: ShownAs, is_1904: bool) -> Cell:
    """The day that a serial number stands for, or the number itself where there is no such day.

    Serials count days from 1900, or from 1904 in books that old Macs began.
    """
    whole = int(serial)
    if whole in _OLD_SERIALS:
        start = date(1899, 12, 30)
        if is_1904:
            start = date(1904, 1, 1)
        written = (start + timedelta(days=whole)).isoformat()
        return Cell(CellKind.DATE, old_day(written))
    if not 1 <= whole <= _LAST_SERIAL:
        return number_cell(serial)
    try:
        day = _day(whole, is_1904)
    except OverflowError:
        return number_cell(serial)
    if shown_as is ShownAs.DAY:
        return Cell(CellKind.DATE, day.isoformat())
    return Cell(CellKind.DATE, f"{day:%Y-%m}")


def old_day(text: str) -> str:
    """The day that is shown for 0115-09-29, which LibreOffice keeps for a typed 115年9月30日.

    LibreOffice takes 115 for the year 115, shown by the calendar of that time, which is a day ahead
    of ours in that century. Other years come back as they are; ValueError for no day at all.
    """
    if not text.startswith("01"):
        return text
    next_day = date.fromisoformat(text) + timedelta(days=1)
    return next_day.isoformat()


def _digits(value: float) -> str:
    """Fifteen digits, as spreadsheets show them; the rest is the noise of binary fractions."""
    if value.is_integer() and abs(value) < _LARGEST_PLAIN:
        return str(int(value))
    return f"{value:.15g}"


def _day(whole: int, is_1904: bool) -> date:
    if is_1904:
        return date(1904, 1, 1) + timedelta(days=whole)
    # Serial 60 is 1900-02-29, a day that never was: days before it are counted from one day later.
    if whole < 60:
        return date(1899, 12, 31) + timedelta(days=whole)
    return date(1899, 12, 30) + timedelta(days=whole)
