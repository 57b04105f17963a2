"""Number formats of xlsx: which of them show a number as a day, and which as a month."""

import re
from datetime import date, timedelta

from items.exchange.spreadsheets.limits import MAX_BOOK_ELEMENTS
from items.exchange.spreadsheets.workbook import Cell, CellKind
from items.exchange.spreadsheets.xml_stream import Handler, locals_of

_MONTH_FORMATS = {17, 55}
_DATE_FORMATS = {14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)}
_PERCENT_FORMATS = {9, 10}
PERCENT = "percent"
_LAST_SERIAL = 2_958_465
# The years 101 to 199, in both ways of counting.
_OLD_SERIALS = range(-657_000, -620_900)
# Quoted words, escaped characters, padding and everything in brackets (colours, languages, [h] counters).
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def shows(code):
    """'day' or 'month' for a format that shows a date, 'percent' or ''. The first section decides; `e` is the 民國 year."""
    pattern = (
        _LITERAL.sub("", code[:255].lower().partition(";")[0])
        .replace("general", "")
        .replace("am/pm", "")
    )
    if "d" in pattern:
        return "day"
    if "y" in pattern or re.search(r"e(?![+-])", pattern) or "mmm" in pattern:
        return "month" if "m" in pattern else ""
    return PERCENT if "%" in pattern else ""


def date_cell(serial, shown, is_1904):
    """The day that a serial number stands for, or the number itself where there is no such day."""
    whole = int(serial)
    if whole in _OLD_SERIALS:
        start = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)
        return Cell(CellKind.DATE, old_day((start + timedelta(days=whole)).isoformat()))
    if not 1 <= whole <= _LAST_SERIAL:
        return number_cell(serial)
    try:
        day = _day(whole, is_1904)
    except OverflowError:
        return number_cell(serial)
    return Cell(CellKind.DATE, day.isoformat() if shown == "day" else f"{day:%Y-%m}")


def old_day(text):
    """The day that is shown for 0115-09-29, as LibreOffice keeps what a person wrote as 115年9月30日.

    It takes 115 for the year 115, shown by the calendar of that time, which is a day ahead of ours in that century.
    """
    return (
        (date.fromisoformat(text) + timedelta(days=1)).isoformat()
        if text.startswith("01")
        else text
    )


def number_cell(value, shown=""):
    """A number as a person would type it: 5, not 5.0, and 95% where it is shown so."""
    text = f"{_digits(value * 100)}%" if shown == PERCENT else _digits(value)
    return Cell(CellKind.NUMBER, text, value)


def _digits(value):
    """Fifteen digits, as spreadsheets show them; the rest is the noise of binary fractions."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def _day(whole, is_1904):
    if is_1904:
        return date(1904, 1, 1) + timedelta(days=whole)
    # Serial 60 is 1900-02-29, a day that never was: days before it are counted from one day later.
    return date(1899, 12, 31 if whole < 60 else 30) + timedelta(days=whole)


class StylesHandler(Handler):
    """styles.xml, of which only number formats are looked at: `shown[index]` is what a cell's style shows."""

    most = MAX_BOOK_ELEMENTS

    def __init__(self, part):
        starts = {"cellXfs": self._start_formats, "numFmt": self._number_format, "xf": self._format}
        super().__init__(part, starts, {"cellXfs": self._end_formats})
        self._shown = {}
        self._in_cell_formats = False
        self.shown = []

    def _start_formats(self, attributes):
        self._in_cell_formats = True

    def _end_formats(self):
        self._in_cell_formats = False

    def _number_format(self, attributes):
        found = locals_of(attributes)
        number = found.get("numFmtId")
        if number not in self._shown:
            self._shown[number] = shows(found.get("formatCode", ""))

    def _format(self, attributes):
        if self._in_cell_formats:
            self.shown.append(self._shows(locals_of(attributes).get("numFmtId", "0")))

    def _shows(self, number):
        if number in self._shown:
            return self._shown[number]
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
        if known not in _DATE_FORMATS:
            return PERCENT if known in _PERCENT_FORMATS else ""
        return "month" if known in _MONTH_FORMATS else "day"
