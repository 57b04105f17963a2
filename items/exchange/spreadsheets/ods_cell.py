"""One OpenDocument cell: its value from its attributes, its text from its paragraphs."""

import re
from collections.abc import Mapping
from math import isfinite

from items.exchange.spreadsheets.cell_values import ISO_DAY, ShownAs, number_cell, old_day
from items.exchange.spreadsheets.sheet_builder import ERRORS
from items.exchange.spreadsheets.workbook import Cell, CellKind, truth_cell

# 民國 1 is 1912.
_ROC_OFFSET = 1911
_FIGURES = re.compile(r"\d+", re.ASCII)
_MONTH_NAME = re.compile(
    r"[一二三四五六七八九十]月|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", re.IGNORECASE
)
_PERCENT_SHOWN = re.compile(r"(-?\d+(?:\.\d+)?) ?%", re.ASCII)


def cell_from(attributes: Mapping[str, str], text: str) -> Cell | None:
    """The cell, or none for a blank; `attributes` go by local names, `text` is what is shown."""
    kind = attributes.get("value-type")
    shown = text.strip()
    if kind == "error" or shown in ERRORS:
        return Cell(CellKind.ERROR, shown or "#VALUE!")
    if kind == "percentage":
        return _number(attributes.get("value", ""), text, ShownAs.PERCENT)
    if kind in ("float", "currency"):
        return _number(attributes.get("value", ""), text, ShownAs.NUMBER)
    if kind == "date":
        return _date(attributes.get("date-value", ""), text)
    if kind == "boolean":
        return truth_cell(attributes.get("boolean-value") == "true")
    if not shown:
        text = attributes.get("string-value", "")
    if text.strip():
        return Cell(CellKind.TEXT, text)
    # LibreOffice gives a formula whose result is the empty text the type string: one without a
    # type was never worked out.
    if "formula" in attributes and kind is None:
        return Cell(CellKind.NO_VALUE, "")
    return None


def _number(value: str, text: str, shown_as: ShownAs) -> Cell:
    try:
        number = float(value)
    except ValueError:
        if text.strip():
            return Cell(CellKind.TEXT, text)
        return Cell(CellKind.NO_VALUE, "")
    if not isfinite(number):
        return Cell(CellKind.TEXT, text)
    if _is_shown_as_percent(number, text):
        shown_as = ShownAs.PERCENT
    return number_cell(number, shown_as)


def _is_shown_as_percent(number: float, text: str) -> bool:
    """Whether 0.95 is shown as 95%: Gnumeric and SheetJS give it the type of any number."""
    match = _PERCENT_SHOWN.fullmatch(text.strip())
    if not match:
        return False
    return abs(float(match[1]) - number * 100) < 1


def _date(value: str, text: str) -> Cell:
    """The day or month that the person sees; a date that is shown as a mere year is a text."""
    match = ISO_DAY.match(value)
    if not match:
        return Cell(CellKind.TEXT, text or value)
    written_day = match["day"]
    try:
        day = old_day(written_day)
    except ValueError:
        return Cell(CellKind.TEXT, text or value)
    if day != written_day and _shows_day_of(written_day, text) and not _shows_day_of(day, text):
        # Written by a program that is not a day behind in old years, as LibreOffice is.
        day = written_day
    match _shown_as(day, text):
        case ShownAs.YEAR:
            return Cell(CellKind.TEXT, text)
        case ShownAs.MONTH:
            return Cell(CellKind.DATE, day[: len("2026-12")])
    return Cell(CellKind.DATE, day)


def _shows_day_of(iso_day: str, text: str) -> bool:
    """Whether the figures of the day of the month stand in the text."""
    _, _, day = iso_day.split("-")
    return int(day) in _figures(text)


def _shown_as(iso_day: str, text: str) -> ShownAs:
    """Whether a person sees the day, the month or the year of a date, by the figures in the text.

    Where that is not sure (Jun-26 may be the 26th of June), it is the day: a typed month is kept as
    its first day.
    """
    year, month, day = (int(part) for part in iso_day.split("-"))
    figures_left = _figures(text)
    has_year = False
    for shown_year in (year, year - _ROC_OFFSET):
        # There is no 民國 year 0: a zero in the text is something else.
        if shown_year and shown_year in figures_left:
            figures_left.remove(shown_year)
            has_year = True
            break
    has_month = bool(_MONTH_NAME.search(text))
    if not has_month and month in figures_left:
        figures_left.remove(month)
        has_month = True
    short_years = {year % 100, max(year - _ROC_OFFSET, 0) % 100}
    has_other_figures = bool(set(figures_left) - short_years)
    may_be_day = "日" in text or day in figures_left or has_other_figures
    if has_month and not may_be_day:
        return ShownAs.MONTH
    if has_year and not may_be_day:
        return ShownAs.YEAR
    return ShownAs.DAY


def _figures(text: str) -> list[int]:
    return [int(figures) for figures in _FIGURES.findall(text)]
