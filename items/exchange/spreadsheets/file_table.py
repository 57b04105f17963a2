"""What a table in a file looks like, the same for every format."""

import re
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass, field
from typing import NamedTuple

# What XML cannot hold, and what nobody can see.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767
"""As many characters as Excel takes in a cell."""

CellValue = str | int | float | None
TableRow = Sequence[CellValue]


class Column(NamedTuple):
    """`width` in half-width characters that have room on one line; `is_centred` for short texts."""

    heading: str
    width: float
    is_centred: bool = False


class Merge(NamedTuple):
    """Rows of one column that are printed as one cell.

    All numbers count from 0; rows below the heading, `first` and `last` included.
    """

    column: int
    first: int
    last: int

    @property
    def row_count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class FileTable:
    """`rows` hold text, numbers or None; merged cells are filled in every row, and printed once.

    `title` and `subtitle` stand above the heading on paper; csv has neither, so that other programs
    can read it.
    """

    name: str
    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: Sequence[TableRow]
    merges: Sequence[Merge] = field(default_factory=list)
    paper: str = "A4"


def runs(rows: Sized, column: int, same: Callable[[int, int], bool]) -> list[Merge]:
    """The merges of one column: rows next to each other for which `same(row, next row)` holds."""
    merges = []
    first = 0
    for next_row in range(1, len(rows) + 1):
        last = next_row - 1
        goes_on = next_row < len(rows) and same(last, next_row)
        if goes_on:
            continue
        if last > first:
            merges.append(Merge(column, first, last))
        first = next_row
    return merges


def plain(text: str) -> str:
    """Text that every format can hold.

    It has no control characters, one kind of line end, and is no longer than a cell may be.
    """
    # Browsers send \r\n from text areas; spreadsheet programs show \r as a box.
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _IMPOSSIBLE.sub("", text)[:LONGEST_CELL]
