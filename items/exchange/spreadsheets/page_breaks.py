"""Where pages end: where the fewest texts are torn."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from items.exchange.spreadsheets.file_table import FileTable, Merge
from items.exchange.spreadsheets.paper import (
    BOTTOM,
    PAPERS,
    SIDE,
    TOP,
    heading_height,
    points,
    top_lines,
)

MOST_BREAKS = 1_000
"""Excel takes 1,026; beyond that it is left to the program."""

RESERVE = 0.92
"""How much of a page is counted on: with 項次編號 hidden the rest is printed larger."""


class MergedText(NamedTuple):
    """A merge and the height that its text needs, in points."""

    merge: Merge
    height: float


class _Torn(NamedTuple):
    """What a page tears that ends before a row: texts of merged cells, and merged cells."""

    texts: int = 0
    cells: int = 0


def page_breaks(
    table: FileTable, heights: Sequence[float], merged_texts: Iterable[MergedText]
) -> list[int]:
    """The rows, counted from 0, with which pages begin, but the first page.

    A page ends in the last third of what it holds, if it can end there without tearing a text.
    """
    # The top of each row, and the bottom of the last one, measured from below the heading.
    tops = [0, *accumulate(heights)]
    torn = _torn_before(tops, merged_texts)
    room = _room_on_page(table)
    room_here = room - sum(line.height for line in top_lines(table))
    breaks: list[int] = []
    start = 0
    while len(breaks) < MOST_BREAKS:
        # The last row with which the next page can begin; a row taller than a page has its own.
        last = max(bisect_right(tops, tops[start] + room_here) - 1, start + 1)
        if last >= len(heights):
            break
        start = _best_break(tops, torn, start, last=last, room=room_here)
        breaks.append(start)
        room_here = room
    return breaks


def _room_on_page(table: FileTable) -> float:
    """The height of the rows that a page holds, at the size at which the table fits its width."""
    paper = PAPERS[table.paper]
    printable_width = paper.width - 2 * SIDE
    table_width = sum(points(column) for column in table.columns)
    # A wide table is printed smaller; a narrow one is never blown up.
    scale = min(1, printable_width / table_width)
    printable_height = (paper.height - TOP - BOTTOM) / scale
    heading = heading_height(table.columns)
    return printable_height * RESERVE - heading


def _best_break(
    tops: Sequence[float], torn: Sequence[_Torn], start: int, *, last: int, room: float
) -> int:
    """The row before which the page from `start` on ends best, at the latest `last`."""
    earliest_top = tops[start] + room / 6
    late_top = tops[start] + room * 2 / 3

    def cost(row: int) -> tuple[int, bool, int, int]:
        # Whole texts matter most; then a page that is well filled, then whole cells, then a full
        # page.
        is_early = tops[row] < late_top
        return torn[row].texts, is_early, torn[row].cells, -row

    rows = [row for row in range(start + 1, last + 1) if tops[row] >= earliest_top]
    if not rows:
        return last
    return min(rows, key=cost)


def _torn_before(tops: Sequence[float], merged_texts: Iterable[MergedText]) -> list[_Torn]:
    """For each row, what a page tears that ends before it."""
    torn = [_Torn()] * len(tops)
    for merge, height in merged_texts:
        for row in range(merge.first + 1, merge.last + 1):
            before = torn[row]
            texts = before.texts
            # A text stands at the top of its cell: what has room above the break is not torn.
            room_above = tops[row] - tops[merge.first]
            if room_above < height:
                texts += 1
            torn[row] = _Torn(texts=texts, cells=before.cells + 1)
    return torn
