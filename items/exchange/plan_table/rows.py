"""What has been read of an official table: its rows, and everything that is wrong with them."""

from dataclasses import dataclass
from typing import NamedTuple

from items.exchange.spreadsheets.workbook import address
from items.roc_deadline import Deadline


class Place(NamedTuple):
    """Where a cell stands in the sheet; row and column are counted from 1."""

    row: int
    column: int

    @property
    def address(self) -> str:
        """The cell as a spreadsheet names it, such as E5."""
        return address(self.row, self.column)


class TableProblem(NamedTuple):
    """Something to be mended, or in `warnings` to be looked at; the message names cell and remedy.

    `row` is the row as the person sees it (0: the whole sheet), `column` our heading ("": the whole
    row). A named tuple, since problems are sorted by row, column and message.
    """

    row: int
    column: str
    message: str


class IgnoredRow(NamedTuple):
    """A row of the sheet that is no part of the table, and why, in words."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One action as written, with its blanks filled.

    `strategy_number` is None where none is written; `strategy_text` is number and title as written.
    `departments` has the names as written, in order. `deadlines` is one for all of them or one for
    each; it is empty where it could not be read, which then is among the problems. `supporting` is
    None where the table has no such column. `numbers` are all rows of the sheet that the action
    stands on, `number` is the first of them. `places` maps our headings to the cells that were
    read, and `department_places` has the cell of each department, which may stand on another line
    of the action. Not `is_handed_out` where the row says that no department has the item yet.
    """

    number: int
    numbers: tuple[int, ...]
    strategy_number: int | None
    strategy_title: str
    strategy_text: str
    method: str
    plan: str
    action: str
    code: str
    deadlines: tuple[Deadline, ...]
    deadline_text: str
    departments: tuple[str, ...]
    supporting: tuple[str, ...] | None
    benefit: str
    places: dict[str, Place]
    department_places: tuple[Place, ...] = ()
    is_handed_out: bool = True

    @property
    def cells(self) -> dict[str, str]:
        """Our headings and the cells that this row's text stands in, such as E5."""
        return {heading: place.address for heading, place in self.places.items()}


@dataclass(frozen=True, slots=True)
class PlanTable:
    """What a sheet holds.

    Every row with text is in `rows` (with problems or not) or, with its reason, in `ignored`.
    `title` and `year` come from the lines above the heading, where they stand there; `notes` are
    about the sheet as a whole. `is_big5` is that of the sheet.
    """

    sheet: str
    heading_row: int
    rows: tuple[PlanRow, ...]
    problems: tuple[TableProblem, ...]
    warnings: tuple[TableProblem, ...]
    notes: tuple[str, ...]
    ignored: tuple[IgnoredRow, ...]
    ignored_columns: tuple[str, ...]
    title: str = ""
    year: int | None = None
    is_big5: bool = False

    @property
    def rows_read(self) -> int:
        """Actions read, those with problems included."""
        return len(self.rows)
