"""How a table lies on paper, so that nothing is cut off in print: row heights, rows too tall for one, page breaks.

Spreadsheet programs size a merged row for one line, keep a row below a fixed height, and end a page in the middle of a
text that spans rows. So all three are worked out here, for both formats alike.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from items.exchange.spreadsheets.file_table import Merge, plain

FONT = "標楷體"
SIZE = 12
LINE = 17.5
"""The height of a line of that size in points: the fonts that stand in where 標楷體 is missing are the tallest."""

HALF = SIZE / 2
PADDING = 6
TALLEST = 400
"""Excel's rows end at 409.5 points."""

PART = 120
"""About the height of the rows that one taller than that is divided into: small, so that they fill a page."""

TITLE_SIZE = 16
MOST_BREAKS = 1_000
"""Excel takes 1,026; beyond that it is left to the program."""


class Paper(NamedTuple):
    """A sheet of paper, landscape, in points; `code` is its number in xlsx."""

    width: float
    height: float
    code: str


PAPERS = {"A4": Paper(841.9, 595.3, "9"), "A3": Paper(1190.6, 841.9, "8")}
SIDE, TOP, BOTTOM, FOOTER = 28.8, 36, 54, 21.6
"""The margins in points; the footer stands within the bottom one."""

RESERVE = 0.92
"""How much of a page is counted on: with 項次編號 hidden the rest is printed larger."""


@dataclass(frozen=True)
class Layout:
    """The rows as they are printed: one too tall for a row has several, merged in every column.

    `heights` in points; `breaks` are the rows, counted from 0, with which a page begins.
    """

    rows: list
    merges: list
    heights: list
    breaks: list

    def covered(self):
        """{(row, column)} of the cells that a merge above them hides."""
        return {
            (row, merge.column)
            for merge in self.merges
            for row in range(merge.first + 1, merge.last + 1)
        }

    def spans(self):
        """{(row, column): number of rows} of the cells that reach down."""
        return {(merge.first, merge.column): merge.last - merge.first + 1 for merge in self.merges}


def points(column):
    """The width of a column: its characters, and room for the borders."""
    return column.width * HALF + PADDING


def above(table):
    """(text, size, height) of the lines above the heading: as many printed lines as the text takes across the table."""
    width = sum(column.width for column in table.columns)
    sizes = ((table.title, TITLE_SIZE, 30), (table.subtitle, SIZE, 20))
    return [
        (text, size, height * lines_in(plain(text), width * SIZE / size))
        for text, size, height in sizes
        if text
    ]


def heading_height(columns):
    return max(lines_in(column.heading, column.width) for column in columns) * LINE + PADDING


def lines_in(text, width):
    """At least as many lines as a text takes in a column of so many half-width characters.

    A Chinese character is three bytes and two columns wide: the mean of characters and bytes is the width. Punctuation
    may not begin a line and words are not divided, so that lines do not fill the column.
    """
    if "\n" in text:
        return sum(lines_in(line, width) for line in text.split("\n"))
    length, size = len(text), len(text.encode("utf-8", "replace"))
    wide = (length + size) / 2
    if wide <= width:
        return 1
    words = max(0, 3 * length - size) / 2 / wide
    return max(2, ceil(wide / max(width - 1.5 - 4 * words, 2)))


def lay_out(table):
    heights, needs = _heights(table)
    rows, merges = table.rows, table.merges
    if max(heights, default=0) > TALLEST:
        rows, merges, heights, needs = _divided(table, heights, needs)
    return Layout(rows, merges, heights, _breaks(table, merges, heights, needs))


def _height_of(value, width):
    return lines_in(value, width) * LINE + PADDING if isinstance(value, str) else 0


def _heights(table):
    """The height of each row, and what each merge needs. What a merge lacks is dealt out to its rows."""
    merged = [()] * len(table.rows)
    for merge in table.merges:
        for row in range(merge.first, merge.last + 1):
            merged[row] += (merge.column,)
    widths = [column.width for column in table.columns]
    heights = []
    for row, elsewhere in zip(table.rows, merged, strict=True):
        lines = 1
        for place, value in enumerate(row):
            if place not in elsewhere and isinstance(value, str):
                lines = max(lines, lines_in(value, widths[place]))
        heights.append(lines * LINE + PADDING)
    needs = [
        _height_of(table.rows[merge.first][merge.column], widths[merge.column])
        for merge in table.merges
    ]
    for merge, needed in sorted(
        zip(table.merges, needs, strict=True), key=lambda pair: pair[0].last - pair[0].first
    ):
        lacking = needed - sum(heights[merge.first : merge.last + 1])
        if lacking > 0:
            share = ceil(lacking / (merge.last - merge.first + 1))
            for row in range(merge.first, merge.last + 1):
                heights[row] += share
    return heights, needs


def _divided(table, heights, needs):
    """Rows taller than a row may be become several, of which each column is merged."""
    parts = [ceil(height / PART) if height > TALLEST else 1 for height in heights]
    starts, rows, high = [], [], []
    for row, height, count in zip(table.rows, heights, parts, strict=True):
        starts.append(len(rows))
        rows += [row] * count
        high += [ceil(height / count) if count > 1 else height] * count
    ends = [*starts[1:], len(rows)]
    merges = [
        Merge(merge.column, starts[merge.first], ends[merge.last] - 1) for merge in table.merges
    ]
    elsewhere = {
        (row, merge.column) for merge in table.merges for row in range(merge.first, merge.last + 1)
    }
    needs = list(needs)
    for row, count in enumerate(parts):
        for place in range(len(table.columns) if count > 1 else 0):
            if (row, place) not in elsewhere:
                merges.append(Merge(place, starts[row], ends[row] - 1))
                needs.append(_height_of(table.rows[row][place], table.columns[place].width))
    return rows, merges, high, needs


def _breaks(table, merges, heights, needs):
    """The rows with which pages begin: in the last third of what a page holds, where it hurts least."""
    paper = PAPERS[table.paper]
    scale = min(1, (paper.width - 2 * SIDE) / sum(points(column) for column in table.columns))
    room = (paper.height - TOP - BOTTOM) / scale * RESERVE - heading_height(table.columns)
    tops = [0, *accumulate(heights)]
    cut, crossed = _torn(merges, tops, needs)
    breaks, start, room_here = [], 0, room - sum(height for _, _, height in above(table))
    while len(breaks) < MOST_BREAKS:
        last = max(bisect_right(tops, tops[start] + room_here) - 1, start + 1)
        if last >= len(heights):
            break
        least = tops[start] + room_here / 6
        late = tops[start] + room_here * 2 / 3
        choice = [row for row in range(start + 1, last + 1) if tops[row] >= least] or [last]
        start = min(choice, key=lambda row: (cut[row], tops[row] < late, crossed[row], -row))
        breaks.append(start)
        room_here = room
    return breaks


def _torn(merges, tops, needs):
    """For each row, how many texts of merged cells, and how many merged cells, a page that ends before it tears."""
    texts, cells = [0] * len(tops), [0] * len(tops)
    for merge, needed in zip(merges, needs, strict=True):
        for row in range(merge.first + 1, merge.last + 1):
            cells[row] += 1
            texts[row] += tops[row] - tops[merge.first] < needed
    return texts, cells
