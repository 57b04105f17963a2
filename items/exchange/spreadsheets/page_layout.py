"""How a table lies on paper, so that nothing is cut off in print.

Spreadsheet programs size a merged row for one line, keep a row below a fixed height, and end a page
in the middle of a text that spans rows. So row heights, rows too tall for one, and page breaks are
worked out here, for both formats alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from items.exchange.spreadsheets.file_table import CellValue, Column, FileTable, Merge, TableRow
from items.exchange.spreadsheets.page_breaks import MergedText, page_breaks
from items.exchange.spreadsheets.paper import height_of_lines, lines_in

TALLEST = 400
"""The tallest row: Excel's end at 409.5 points."""

PART = 120
"""About the height of the rows that one taller than that is divided into: small, to fill pages."""


class CellPlace(NamedTuple):
    """A cell of the layout; both numbers count from 0."""

    row: int
    column: int


@dataclass(frozen=True)
class Layout:
    """The rows as they are printed: one that is too tall is several, merged in every column.

    `heights` are in points; `breaks` are the rows, counted from 0, with which a page begins.
    """

    rows: Sequence[TableRow]
    merges: Sequence[Merge]
    heights: Sequence[float]
    breaks: Sequence[int]

    def covered(self) -> list[set[int]]:
        """For each row, the columns of the cells that a merge above them hides."""
        covered: list[set[int]] = [set() for _ in self.rows]
        for merge in self.merges:
            for row in range(merge.first + 1, merge.last + 1):
                covered[row].add(merge.column)
        return covered

    def spans(self) -> dict[CellPlace, int]:
        """How many rows a cell spans, for those that reach down."""
        return {CellPlace(merge.first, merge.column): merge.row_count for merge in self.merges}


class _Parts(NamedTuple):
    """The rows that one row became: the numbers of the first and the last, often the same."""

    first: int
    last: int


class _DividedRows(NamedTuple):
    """The rows after tall ones were divided, their heights, and the parts of each row before."""

    rows: list[TableRow]
    heights: list[float]
    parts: list[_Parts]


def lay_out(table: FileTable) -> Layout:
    """The table as it is printed."""
    rows = table.rows
    merged_texts = _merged_texts(table)
    own_heights = _heights_without_merges(table)
    heights = _heights_with_merges(own_heights, merged_texts)
    if max(heights, default=0) > TALLEST:
        divided = _divide_tall_rows(rows, heights)
        merged_texts = _moved(merged_texts, divided.parts)
        merged_texts += _merged_parts(table, divided.parts)
        rows = divided.rows
        heights = divided.heights
    return Layout(
        rows=rows,
        merges=[merged.merge for merged in merged_texts],
        heights=heights,
        breaks=page_breaks(table, heights, merged_texts),
    )


def _height_of(value: CellValue, column: Column) -> float:
    """The height that a merged cell needs; numbers need none of their own."""
    if not isinstance(value, str):
        return 0
    return height_of_lines(lines_in(value, column.width))


def _merged_texts(table: FileTable) -> list[MergedText]:
    merged_texts = []
    for merge in table.merges:
        value = table.rows[merge.first][merge.column]
        height = _height_of(value, table.columns[merge.column])
        merged_texts.append(MergedText(merge, height))
    return merged_texts


def _merged_columns(table: FileTable) -> list[set[int]]:
    """For each row, the columns in which its cell is merged with others."""
    # Worked out once: a look through all merges for each cell would take many times as long.
    merged_columns: list[set[int]] = [set() for _ in table.rows]
    for merge in table.merges:
        for row in range(merge.first, merge.last + 1):
            merged_columns[row].add(merge.column)
    return merged_columns


def _heights_without_merges(table: FileTable) -> list[float]:
    """The height of each row, as its cells need it that are not merged."""
    widths = [column.width for column in table.columns]
    heights = []
    for row, merged_columns in zip(table.rows, _merged_columns(table), strict=True):
        lines = 1
        for place, value in enumerate(row):
            if isinstance(value, str) and place not in merged_columns:
                lines = max(lines, lines_in(value, widths[place]))
        heights.append(height_of_lines(lines))
    return heights


def _heights_with_merges(
    own_heights: Sequence[float], merged_texts: Sequence[MergedText]
) -> list[float]:
    """The heights with what merged texts lack dealt out evenly to the rows that they span.

    Short merges come first: what their rows gain helps the long ones around them.
    """
    heights = list(own_heights)
    for merge, needed in sorted(merged_texts, key=lambda merged: merged.merge.row_count):
        lacking = needed - sum(heights[merge.first : merge.last + 1])
        if lacking <= 0:
            continue
        share = ceil(lacking / merge.row_count)
        for row in range(merge.first, merge.last + 1):
            heights[row] += share
    return heights


def _divide_tall_rows(rows: Sequence[TableRow], heights: Sequence[float]) -> _DividedRows:
    """Repeat each row that is taller than a row may be, as often as it has parts."""
    divided = _DividedRows([], [], [])
    # All parts hold the same values. They are merged, so that these are printed once; csv is written
    # from the table itself, whose rows are not divided.
    for row, height in zip(rows, heights, strict=True):
        count = 1
        part_height = height
        if height > TALLEST:
            count = ceil(height / PART)
            part_height = ceil(height / count)
        first = len(divided.rows)
        divided.rows.extend([row] * count)
        divided.heights.extend([part_height] * count)
        divided.parts.append(_Parts(first, first + count - 1))
    return divided


def _moved(merged_texts: Iterable[MergedText], parts: Sequence[_Parts]) -> list[MergedText]:
    """The merges where their rows are after the division."""
    moved = []
    for merge, height in merged_texts:
        first = parts[merge.first].first
        last = parts[merge.last].last
        moved.append(MergedText(Merge(merge.column, first, last), height))
    return moved


def _merged_parts(table: FileTable, parts: Sequence[_Parts]) -> list[MergedText]:
    """A merge for each cell of a divided row that was not merged before."""
    merged_parts = []
    merged_columns = _merged_columns(table)
    for number, (first, last) in enumerate(parts):
        if first == last:
            continue
        for place, column in enumerate(table.columns):
            if place in merged_columns[number]:
                continue
            height = _height_of(table.rows[number][place], column)
            merged_parts.append(MergedText(Merge(place, first, last), height))
    return merged_parts
