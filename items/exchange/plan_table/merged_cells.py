"""A sheet seen through its merges: each place of a merge holds what its top-left cell holds."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from items.exchange.plan_table.rows import Place
from items.exchange.spreadsheets.text import clean
from items.exchange.spreadsheets.workbook import BLANK, Cell, CellKind, MergedArea, Sheet, address

UNUSABLE_KINDS = (CellKind.ERROR, CellKind.NO_VALUE)
"""Kinds of cells that show something, but nothing that could be read."""


@dataclass(slots=True)
class SourceCell:
    """What was written in one cell, shared by every row that a merge or a blank lets it stand for.

    A cell that the page cut grows when its rest is met, for all of these rows at once: only
    `records.put_together` does that.
    """

    text: str
    kind: CellKind
    place: Place
    value: float | None = None
    was_cleaned: bool = False
    struck: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in the cell; an error is no blank."""
        return not self.text and self.kind not in UNUSABLE_KINDS

    @property
    def row(self) -> int:
        return self.place.row

    @property
    def address(self) -> str:
        """The cell as a spreadsheet names it, such as E5."""
        return self.place.address


class SheetCells:
    """Looks up the cells of the columns that we read, through the merges of the sheet.

    `overlaps` are merges that lie over another one in such a column: they are not used.
    `has_struck` says whether any cell that was looked up so far has crossed-out words.
    """

    def __init__(self, sheet: Sheet, columns: Iterable[int]) -> None:
        self._cells: dict[int, Mapping[int, Cell]] = {}
        for row in sheet.rows:
            self._cells[row.number] = row.cells
        # One object for each cell, so that a cell that grows has grown for all rows that share it.
        self._source_cells: dict[tuple[int, int], SourceCell] = {}
        # By column, so that a lookup does not go through 20,000 merges of the sheet.
        self._merges: dict[int, list[MergedArea]] = {}
        self._tops: dict[int, list[int]] = {}
        self.overlaps: set[MergedArea] = set()
        self.has_struck = False
        for column in columns:
            self._note_merges(column, sheet)

    def _note_merges(self, column: int, sheet: Sheet) -> None:
        merges = _merges_over(column, sheet.merges)
        self._merges[column] = merges.kept
        # Sorted, as the merges are: `bisect` finds the one around a row.
        self._tops[column] = [merge.top for merge in merges.kept]
        self.overlaps.update(merges.overlapping)

    def at(self, row: int, column: int) -> SourceCell:
        """The cell that stands at a place, whichever cell of a merge was written in."""
        merge = self.merge_around(row, column)
        if merge:
            row, column = merge.top, merge.left
        source_cell = self._source_cells.get((row, column))
        if source_cell is None:
            source_cell = self._read(row, column)
            self._source_cells[row, column] = source_cell
        return source_cell

    def merge_around(self, row: int, column: int) -> MergedArea | None:
        """The merge that a place lies in, if any."""
        merges = self._merges[column]
        if not merges:
            return None
        # The merges of a column do not overlap: only the last that begins above can reach down.
        index = bisect_right(self._tops[column], row) - 1
        if index < 0 or merges[index].bottom < row:
            return None
        return merges[index]

    def _read(self, row: int, column: int) -> SourceCell:
        cell = self._cells.get(row, {}).get(column, BLANK)
        struck = ""
        # Nearly no cell has anything crossed out, and cleaning takes time.
        if cell.struck:
            struck, _ = clean(cell.struck)
            self.has_struck = True
        text, was_cleaned = clean(cell.text)
        return SourceCell(
            text=text,
            kind=cell.kind,
            place=Place(row, column),
            value=cell.value,
            was_cleaned=was_cleaned,
            struck=struck,
        )


def merge_address(merge: MergedArea) -> str:
    """The area as a spreadsheet names it, such as A2:B5."""
    return f"{address(merge.top, merge.left)}:{address(merge.bottom, merge.right)}"


class _ColumnMerges(NamedTuple):
    """The merges over one column from top to bottom, and those that lie over an earlier one."""

    kept: list[MergedArea]
    overlapping: list[MergedArea]


def _merges_over(column: int, merges: Iterable[MergedArea]) -> _ColumnMerges:
    """The merges that a column goes through.

    No office program lets merges overlap, or stand twice, but files made by scripts have such.
    """
    apart: list[MergedArea] = []
    overlapping: list[MergedArea] = []
    merges_over_column = [merge for merge in merges if merge.left <= column <= merge.right]
    for merge in sorted(merges_over_column):
        if apart and merge.top <= apart[-1].bottom:
            overlapping.append(merge)
        else:
            apart.append(merge)
    return _ColumnMerges(apart, overlapping)
