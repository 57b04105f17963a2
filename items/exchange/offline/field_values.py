"""What the cells of a 填報表 say: the values of a report, or sentences that say what is wrong."""

import re
from typing import NamedTuple

from items.exchange.offline.sheet_columns import FIELDS
from items.exchange.offline.sheet_lines import SheetLine, text_of
from items.exchange.spreadsheets.text import key
from items.exchange.spreadsheets.workbook import Cell, CellKind
from items.models import WorkStatus
from items.models.programme import FACTOR_LENGTH
from items.models.progress import TEXT_LENGTH
from items.roc_month import MonthError, read_month

_PERCENT = re.compile(r"(?P<whole>\d{1,3})(?:\.0+)?%?", re.ASCII)
_NO_RESULT = (CellKind.ERROR, CellKind.NO_VALUE)
QUOTED = 20
"""How many characters of a cell a sentence quotes."""

Content = dict[str, str | int | None]
"""{field of a report: its value}, as the workflow takes it."""


class FieldValue(NamedTuple):
    """The value of one cell; `problem` is None where it can be taken."""

    value: str | int | None
    problem: str | None = None


class FieldValues(NamedTuple):
    """The values of one row, and what is wrong with them, in the order of the columns."""

    content: Content
    problems: list[str]


def field_values(line: SheetLine, year: int) -> FieldValues:
    """What a row says; `year` is that of the programme, for months without one.

    A field that the file has no column for is left out: it stays as the report has it.
    """
    content: Content = {}
    problems = []
    for name, column in FIELDS.items():
        if column.heading not in line.headings:
            continue
        value, problem = field_value(name, line.cells.get(column.heading), year)
        content[name] = value
        if problem is not None:
            problems.append(problem)
    return FieldValues(content, problems)


def field_value(name: str, cell: Cell | None, year: int) -> FieldValue:
    blank: str | None = ""
    # The columns of texts hold no NULL; a percent that nobody has given is one.
    if name == "percent":
        blank = None
    if cell is None:
        return FieldValue(blank)
    text = text_of(cell)
    if cell.kind in _NO_RESULT:
        # Excel takes a text that begins with = for a formula: taken as blank, the words of the person
        # would be lost without notice.
        return FieldValue(blank, _no_result_words(name, text))
    if not text:
        return FieldValue(blank)
    if name == "percent":
        return _percent(cell, text)
    if name == "work_status":
        return _work_status(text)
    if name == "catch_up_month":
        return _month(text, year)
    if name == "delay_factor":
        return _prose(name, text, FACTOR_LENGTH)
    return _prose(name, text, TEXT_LENGTH)


def _no_result_words(name: str, text: str) -> str:
    quoted = ""
    if text:
        quoted = f"（{text[:QUOTED]}）"
    return f"{FIELDS[name].heading}是算不出結果的公式{quoted}，請改成文字或數字。"


def _percent(cell: Cell, text: str) -> FieldValue:
    """75, 75% and ７５ mean the same. 0.75 may be 75 % or less than 1 %: the person has to say."""
    # `key` makes full-width figures plain ones.
    match = _PERCENT.fullmatch(key(text))
    if match and int(match["whole"]) <= 100:
        return FieldValue(int(match["whole"]))
    words = f"{FIELDS['percent'].heading}「{text[:QUOTED]}」要是 0 到 100 的整數。"
    # A cell that shows a percent says what it means: 50% was taken above, and 12.5% is no whole number.
    is_shown_as_percent = "%" in text
    if cell.kind is CellKind.NUMBER and cell.value and not is_shown_as_percent:
        percent = cell.value * 100
        if 1 <= percent < 100:
            words += f"如果是 {percent:.0f}%，請填 {percent:.0f}。"
    return FieldValue(None, words)


def _work_status(text: str) -> FieldValue:
    # The sheet offers a list, but people type as well, with spaces and in full width.
    for value, label in WorkStatus.choices:
        if key(text) == key(label):
            return FieldValue(value)
    labels = "、".join(WorkStatus.labels)
    heading = FIELDS["work_status"].heading
    return FieldValue("", f"{heading}「{text[:QUOTED]}」要是：{labels}。")


def _month(text: str, year: int) -> FieldValue:
    try:
        return FieldValue(read_month(text, year))
    except MonthError as error:
        return FieldValue("", f"{FIELDS['catch_up_month'].heading}{error}")


def _prose(name: str, text: str, longest: int) -> FieldValue:
    if len(text) <= longest:
        return FieldValue(text)
    heading = FIELDS[name].heading
    return FieldValue(text, f"{heading}有 {len(text):,} 個字，最多 {longest:,} 個字。")
