"""The workbook as read: sheets, rows and cells, with no opinion yet about what they mean."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class CellKind(StrEnum):
    """What stands in a cell: a blank, an error and a formula without a value are three things."""

    BLANK = "blank"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    ERROR = "error"
    NO_VALUE = "no value"


class Cell(NamedTuple):
    """One cell; `text` is what a person reads.

    A date reads 2026-12-31, or 2026-12 where its format shows no day. `value` is the float of a
    number and None otherwise. `struck` are the words that are crossed out: all of `text` where the
    whole cell is, "" in nearly every cell.
    """

    # A named tuple takes less memory than a dataclass: a file may hold 300,000 cells.

    kind: CellKind
    text: str
    value: float | None = None
    struck: str = ""


BLANK = Cell(CellKind.BLANK, "")


def truth_cell(is_true: bool) -> Cell:
    """A cell of the kind that programs show as TRUE or FALSE, in their own language."""
    if is_true:
        return Cell(CellKind.BOOL, "TRUE")
    return Cell(CellKind.BOOL, "FALSE")


class MergedArea(NamedTuple):
    """A merged area, all four sides counted from 1 and included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it; `number` as the person sees it, from 1.

    `cells` go by the number of their column (A is 1). `is_prose` marks a line of text between the
    tables of a dump.
    """

    number: int
    cells: dict[int, Cell]
    is_hidden: bool = False
    is_prose: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet, its rows in order. `kind` is xlsx, ods, csv, tsv or dump.

    What is not in Big5 is lost already where a text file `is_big5`.
    """

    name: str
    kind: str
    rows: tuple[SheetRow, ...]
    merges: tuple[MergedArea, ...] = ()
    hidden_columns: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    is_big5: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was accepted; `hidden_sheets` are names, `notes` sentences for the preview."""

    name: str
    kind: str
    sheets: tuple[Sheet, ...]
    hidden_sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def column_letter(number: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        # There is no letter for zero: 26 is Z, so that each place counts from 1.
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def address(row: int, column: int) -> str:
    """The cell as a spreadsheet names it: E5."""
    return f"{column_letter(column)}{row}"
