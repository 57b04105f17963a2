"""One OpenDocument cell: its value from its attributes, its text from its paragraphs."""

import re
from math import isfinite

from items.exchange.spreadsheets.workbook import ERRORS, Cell, CellKind
from items.exchange.spreadsheets.xlsx_formats import PERCENT, number_cell, old_day
from items.roc import OFFSET

_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T|\Z)")
_FIGURES = re.compile(r"\d+", re.ASCII)
_MONTH_NAME = re.compile(
    r"[一二三四五六七八九十]月|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", re.IGNORECASE
)
_PERCENT_SHOWN = re.compile(r"(-?\d+(?:\.\d+)?) ?%", re.ASCII)


def cell_from(attributes, text):
    """The cell, or none for a blank. `attributes` go by local names; the value's type may stand under two of them."""
    kind = attributes.get("value-type")
    shown = text.strip()
    if kind == "error" or shown in ERRORS:
        return Cell(CellKind.ERROR, shown or "#VALUE!")
    if kind in ("float", "percentage", "currency"):
        return _number(attributes.get("value", ""), text, PERCENT if kind == "percentage" else "")
    if kind == "date":
        return _date(attributes.get("date-value", ""), text)
    if kind == "boolean":
        return Cell(CellKind.BOOL, "TRUE" if attributes.get("boolean-value") == "true" else "FALSE")
    if not shown:
        text = attributes.get("string-value", "")
    if text.strip():
        return Cell(CellKind.TEXT, text)
    # LibreOffice gives a formula whose result is the empty text the type string.
    return Cell(CellKind.NO_VALUE, "") if "formula" in attributes and kind is None else None


def _number(value, text, shown):
    try:
        number = float(value)
    except ValueError:
        return Cell(CellKind.TEXT, text) if text.strip() else Cell(CellKind.NO_VALUE, "")
    if not isfinite(number):
        return Cell(CellKind.TEXT, text)
    return number_cell(number, PERCENT if _is_percent(number, text) else shown)


def _is_percent(number, text):
    """Whether 0.95 is shown as 95%: Gnumeric and SheetJS give it the type of any number."""
    match = _PERCENT_SHOWN.fullmatch(text.strip())
    return bool(match) and abs(float(match[1]) - number * 100) < 1


def _date(value, text):
    """A date whose format shows no day is the month that the person sees; shown as a mere year it is no date."""
    day = _DAY.match(value)
    if not day:
        return Cell(CellKind.TEXT, text or value)
    try:
        whole = old_day(day[1])
    except ValueError:
        return Cell(CellKind.TEXT, text or value)
    if whole != day[1] and _is_seen(day[1], text) and not _is_seen(whole, text):
        whole = day[1]  # of a program that is not a day behind in old years, as LibreOffice is
    shown = _shown(text, *map(int, whole.split("-")))
    return (
        Cell(CellKind.TEXT, text)
        if shown == "year"
        else Cell(CellKind.DATE, whole[:7] if shown == "month" else whole)
    )


def _is_seen(whole, text):
    return int(whole[8:]) in map(int, _FIGURES.findall(text))


def _shown(text, year, month, day):
    """'day', 'month' or 'year': the least that one sees of a date, told by which of its figures stand in the text.

    Where that is not sure, as of the 26th in Jun-26, it is the day: a month that was typed is kept as its first.
    """
    left = [int(figures) for figures in _FIGURES.findall(text)]
    has_year = next((figure for figure in (year, year - OFFSET) if figure in left), None)
    if has_year:
        left.remove(has_year)
    has_month = bool(_MONTH_NAME.search(text))
    if not has_month and month in left:
        left.remove(month)
        has_month = True
    others = set(left) - {year % 100, max(year - OFFSET, 0) % 100}
    if "日" in text or day in left or others or not (has_month or has_year):
        return "day"
    return "month" if has_month else "year"
