"""What a table in a file looks like, whatever the format."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767


class Column(NamedTuple):
    """`width` in half-width characters; `is_centred` for the short ones."""

    heading: str
    width: float
    is_centred: bool = False


class Merge(NamedTuple):
    """Rows of one column that are printed as one cell; counted from 0 below the heading, both ends included."""

    column: int
    first: int
    last: int


@dataclass(frozen=True)
class FileTable:
    """`rows` hold text, whole numbers or None; merged cells are filled in every row, and printed once.

    `title` and `subtitle` stand above the heading on paper; csv has neither, so that other programs can read it.
    """

    name: str
    title: str
    subtitle: str
    columns: tuple
    rows: list
    merges: list = field(default_factory=list)
    paper: str = "A4"

    def covered(self):
        """{(row, column)} of the cells that a merge above them hides."""
        return {(row, merge.column) for merge in self.merges for row in range(merge.first + 1, merge.last + 1)}

    def spans(self):
        """{(row, column): number of rows} of the cells that reach down."""
        return {(merge.first, merge.column): merge.last - merge.first + 1 for merge in self.merges}


def runs(rows, column, same):
    """The merges of one column: rows next to each other for which `same(row, next row)` holds."""
    merges, first = [], 0
    for index in range(1, len(rows) + 1):
        if index == len(rows) or not same(index - 1, index):
            if index - 1 > first:
                merges.append(Merge(column, first, index - 1))
            first = index
    return merges


def plain(text):
    """Text that every format can hold: no control characters, one kind of line end, no longer than a cell may be."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _IMPOSSIBLE.sub("", text)[:LONGEST_CELL]


def lines_in(text, width):
    """About how many lines a text takes in a column of so many half-width characters."""
    room = max(int(width) - 2, 2)
    if "\n" in text:
        return sum(lines_in(line, width) for line in text.split("\n"))
    # A Chinese character is three bytes and two columns wide: the mean of characters and bytes is the width.
    return max(1, -(-(len(text) + len(text.encode("utf-8", "replace"))) // 2 // room))


def heights(table, line, most):
    """The height of each row in points, so that no merged text is cut off: programs size merged rows for one line.

    `line` is the height of one line of text, `most` the greatest that a row may have.
    """
    merged = [set() for _ in table.rows]
    for merge in table.merges:
        for row in range(merge.first, merge.last + 1):
            merged[row].add(merge.column)
    widths = [column.width for column in table.columns]
    high = []
    for row, elsewhere in zip(table.rows, merged, strict=True):
        alone = 1
        for place, value in enumerate(row):
            if place not in elsewhere and isinstance(value, str):
                alone = max(alone, lines_in(value, widths[place]))
        high.append(min(alone * line + 6, most))
    for merge in table.merges:
        value = table.rows[merge.first][merge.column]
        if isinstance(value, str):
            needed = lines_in(value, widths[merge.column]) * line + 6
            lacking = needed - sum(high[merge.first : merge.last + 1])
            if lacking > 0:
                high[merge.last] = min(high[merge.last] + lacking, most)
    return high
