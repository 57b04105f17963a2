"""A sheet seen through its merges: every place inside a merge holds what its top-left cell holds."""

from bisect import bisect_right
from dataclasses import dataclass

from items.exchange.plan_table.rows import Place
from items.exchange.spreadsheets.text import clean
from items.exchange.spreadsheets.workbook import BLANK, CellKind


@dataclass(slots=True)
class Written:
    """What was written in one cell, shared by every row that a merge or a blank lets it stand for.

    A cell cut by a page grows when its rest is found, for all of these rows at once.
    """

    text: str
    kind: CellKind
    row: int
    column: int
    value: float | None = None
    was_cleaned: bool = False

    @property
    def is_blank(self):
        return not self.text and self.kind not in (CellKind.ERROR, CellKind.NO_VALUE)

    @property
    def place(self):
        return Place(self.row, self.column)

    @property
    def address(self):
        return self.place.address


class Grid:
    """Looks cells up for the columns that we read."""

    def __init__(self, sheet, columns):
        self._cells = {row.number: row.cells for row in sheet.rows}
        self._written = {}
        self.overlaps = set()
        self._areas = {column: self._areas_of(sheet.merges, column) for column in columns}
        self._tops = {column: [area.top for area in areas] for column, areas in self._areas.items()}

    def at(self, row, column):
        """The text that stands at a place, whichever cell of a merge it was written in."""
        area = self.area(row, column)
        if area:
            row, column = area.top, area.left
        found = self._written.get((row, column))
        if found is None:
            found = self._written[row, column] = self._write(row, column)
        return found

    def is_covered(self, row, column):
        """Whether a place lies under a merge without being its top-left cell."""
        area = self.area(row, column)
        return bool(area) and (area.top, area.left) != (row, column)

    def area(self, row, column):
        """The merge around a place, if any."""
        areas = self._areas[column]
        if not areas:
            return None
        index = bisect_right(self._tops[column], row) - 1
        return areas[index] if index >= 0 and row <= areas[index].bottom else None

    def _areas_of(self, merges, column):
        """The merges over a column from top to bottom; of two that overlap the upper one is kept."""
        areas = []
        for merge in sorted(merge for merge in merges if merge.left <= column <= merge.right):
            if areas and merge.top <= areas[-1].bottom:
                self.overlaps.add(merge)
            else:
                areas.append(merge)
        return areas

    def _write(self, row, column):
        cell = self._cells.get(row, {}).get(column, BLANK)
        text, was_cleaned = clean(cell.text)
        return Written(text, cell.kind, row, column, cell.value, was_cleaned)
