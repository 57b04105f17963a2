"""What a table in a file looks like, whatever the format."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767


class Column(NamedTuple):
    """`width` in half-width characters that have room on one line; `is_centred` for the short ones."""

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
