"""Paper and type: how large a page is, and how much room a text takes on it.

Lengths are in points, widths of columns in half-width characters.
"""

from collections.abc import Iterable
from math import ceil
from typing import NamedTuple

from items.exchange.spreadsheets.file_table import Column, FileTable, plain

FONT = "標楷體"
SIZE = 12
LINE = 17.5
"""The height of a line of that size, by the tallest of the fonts that stand in for 標楷體."""

HALF = SIZE / 2
"""The width of a half-width character."""

PADDING = 6
"""What the borders of a cell take, in width and in height."""

TITLE_SIZE = 16
_TITLE_LINE = 30
_SUBTITLE_LINE = 20


class Paper(NamedTuple):
    """A sheet of paper, landscape; `code` is its number in xlsx."""

    width: float
    height: float
    code: str


PAPERS = {"A4": Paper(841.9, 595.3, "9"), "A3": Paper(1190.6, 841.9, "8")}
SIDE = 28.8
TOP = 36
BOTTOM = 54
"""The margins: left and right, above, below."""
FOOTER = 21.6
"""From the edge of the paper to the footer, which stands within the bottom margin."""


class TopLine(NamedTuple):
    """A line above the heading: the title, or the subtitle below it."""

    text: str
    size: int
    height: float
    is_title: bool


def points(column: Column) -> float:
    """The width of a column with its borders."""
    return column.width * HALF + PADDING


def top_lines(table: FileTable) -> list[TopLine]:
    """What stands above the heading, as tall as the text needs across the whole table."""
    width = sum(column.width for column in table.columns)
    lines = []
    if table.title:
        printed_lines = lines_in(plain(table.title), width * SIZE / TITLE_SIZE)
        height = printed_lines * _TITLE_LINE
        lines.append(TopLine(table.title, TITLE_SIZE, height, is_title=True))
    if table.subtitle:
        printed_lines = lines_in(plain(table.subtitle), width)
        height = printed_lines * _SUBTITLE_LINE
        lines.append(TopLine(table.subtitle, SIZE, height, is_title=False))
    return lines


def heading_height(columns: Iterable[Column]) -> float:
    most_lines = max(lines_in(column.heading, column.width) for column in columns)
    return height_of_lines(most_lines)


def height_of_lines(count: int) -> float:
    """The height of a cell with so many lines."""
    return count * LINE + PADDING


def lines_in(text: str, width: float) -> int:
    """At least as many lines as a text takes in a column of so many half-width characters."""
    if "\n" in text:
        return sum(lines_in(line, width) for line in text.split("\n"))
    # A Chinese character is three bytes and two columns wide: the mean of characters and bytes is
    # the width. This is asked for every cell, and is several times as fast as a look at each
    # character.
    characters = len(text)
    encoded_size = len(text.encode("utf-8", "replace"))
    text_width = (characters + encoded_size) / 2
    if text_width <= width:
        return 1
    # Punctuation may not begin a line and words are not divided, so that lines stay unfilled: by
    # one and a half columns in Chinese, and by four more in a text that is English throughout.
    half_width_characters = max(0, 3 * characters - encoded_size) / 2
    english_share = half_width_characters / text_width
    filled_width = max(width - 1.5 - 4 * english_share, 2)
    return max(2, ceil(text_width / filled_width))
