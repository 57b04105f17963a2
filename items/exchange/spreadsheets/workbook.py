"""The workbook as read: sheets, rows and cells, with no opinion yet about what they mean."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from items.exchange.spreadsheets.limits import (
    MAX_CELL_CHARACTERS,
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_MERGES,
    MAX_ROWS,
    MAX_SHEETS,
)
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.text import clean


class CellKind(StrEnum):
    """What stands in a cell. A blank, an error and a formula without a value are three different things."""

    BLANK = "blank"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    ERROR = "error"
    NO_VALUE = "no value"


class Cell(NamedTuple):
    """One cell; `text` is what a person reads (a date as 2026-12-31, or 2026-12 where its format shows no day).

    `value` is the float of a number and None otherwise. A named tuple, since a file may hold 300,000 of them.
    """

    kind: CellKind
    text: str
    value: float | None = None


BLANK = Cell(CellKind.BLANK, "")

# What programs write for an error, also where it has become text: in csv, and in cells pasted as values. #ERROR! is
# of Google; LibreOffice numbers its own, and in Chinese it calls them 錯誤：502.
ERRORS = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA",
     "#ERROR!", "#BLOCKED!", "#CONNECT!", "#FIELD!", "#UNKNOWN!", "#BUSY!",
     *(f"{word}{number}" for word in ("Err:", "錯誤：", "錯誤:") for number in range(500, 600)))
)  # fmt: skip
_ERROR_STARTS = ("#", "E", "錯")


class Merge(NamedTuple):
    """A merged area, all four sides counted from 1 and included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it; `number` as the person sees it, from 1. `cells` maps column numbers (A is 1)."""

    number: int
    cells: dict[int, Cell]
    is_hidden: bool = False
    is_prose: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet, its rows in order. `kind` is xlsx, ods, csv, tsv or dump."""

    name: str
    kind: str
    rows: tuple[SheetRow, ...]
    merges: tuple[Merge, ...] = ()
    hidden_columns: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that passed the gates: its visible sheets, the names of its hidden ones, and notes for the preview."""

    name: str
    kind: str
    sheets: tuple[Sheet, ...]
    hidden_sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def column_letter(number):
    """1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row, column):
    """The cell as a spreadsheet names it: E5."""
    return f"{column_letter(column)}{row}"


def refuse_sheets_beyond(count):
    """`count` is how many sheets were met; a file cannot hold more than it has parts, whatever its list says."""
    if count > MAX_SHEETS:
        raise Refused(
            f"檔案有超過 {MAX_SHEETS:,} 張工作表的上限，請只留計畫表，另存新檔再上傳。",
            RefusalReason.TOO_LARGE,
        )


def sheet_name(name):
    """A sheet's name as we show it, since a hostile one may be endless."""
    return clean(name[:200])[0][:100]


@dataclass
class Bounds:
    """What one file has used up of the limits that hold for all of its sheets together."""

    cells: int = 0
    characters: int = 0
    merges: int = 0


@dataclass
class SheetBuilder:
    """Collects the cells of one sheet in any order and holds them to the limits."""

    name: str
    kind: str
    bounds: Bounds
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    prose_rows: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def put(self, row, column, cell):
        """Keep a cell unless it is blank; the place counts only if something stands in it."""
        text = cell.text
        if cell.kind is CellKind.TEXT and (not text or text.isspace()):
            return
        if column > MAX_COLUMNS or len(text) > MAX_CELL_CHARACTERS:
            self._refuse(row, column, text)
        if text[:1] in _ERROR_STARTS and text.strip() in ERRORS:
            cell = Cell(CellKind.ERROR, text.strip())
        cells = self.cells.get(row)
        if cells is None:
            cells = self._new_row(row)
        if column in cells:
            raise Refused(
                f"{self._place(row, column)}在檔案中出現兩次，檔案可能已損壞，請用 Excel 開啟後另存新檔再上傳。",
                RefusalReason.DAMAGED,
            )
        cells[column] = cell
        bounds = self.bounds
        bounds.cells += 1
        bounds.characters += len(text)
        if bounds.characters > MAX_CHARACTERS or bounds.cells > MAX_CELLS:
            self._refuse_amount(row, column)

    def merge(self, top, left, bottom, right):
        """Keep a merged area of more than one cell."""
        self.bounds.merges += 1
        if self.bounds.merges > MAX_MERGES:
            raise Refused(
                f"工作表「{self.name}」的合併儲存格超過 {MAX_MERGES:,} 個的上限，請取消不需要的合併後再上傳。",
                RefusalReason.TOO_LARGE,
            )
        if (top, left) != (bottom, right):
            self.merges.append(
                Merge(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
            )

    def sheet(self):
        """The finished sheet, rows in order of their numbers."""
        rows = tuple(
            SheetRow(
                number, self.cells[number], number in self.hidden_rows, number in self.prose_rows
            )
            for number in sorted(self.cells)
        )
        hidden_columns = frozenset(self.hidden_columns)
        return Sheet(
            self.name, self.kind, rows, tuple(self.merges), hidden_columns, tuple(self.notes)
        )

    def _new_row(self, row):
        if len(self.cells) >= MAX_ROWS:
            raise Refused(
                f"工作表「{self.name}」有文字的列超過 {MAX_ROWS:,} 列的上限（到第 {row} 列），"
                "請分成幾個檔案或刪除無關的列後再上傳。",
                RefusalReason.TOO_LARGE,
            )
        return self.cells.setdefault(row, {})

    def _place(self, row, column):
        return f"工作表「{self.name}」的儲存格 {address(row, column)} "

    def _refuse(self, row, column, text):
        if column > MAX_COLUMNS:
            raise Refused(
                f"{self._place(row, column)}在第 {column:,} 欄，超過 {MAX_COLUMNS} 欄的上限，"
                "請刪除計畫表右側無關的內容後再上傳。",
                RefusalReason.TOO_LARGE,
            )
        raise Refused(
            f"{self._place(row, column)}有 {len(text):,} 個字元，超過每格 {MAX_CELL_CHARACTERS:,} 個字元的上限，"
            "請縮短後再上傳。",
            RefusalReason.TOO_LARGE,
        )

    def _refuse_amount(self, row, column):
        if self.bounds.cells > MAX_CELLS:
            what = f"有文字的儲存格已超過 {MAX_CELLS:,} 格"
        else:
            what = f"文字已超過 {MAX_CHARACTERS:,} 個字元"
        raise Refused(
            f"到{self._place(row, column)}為止，{what}的上限，請刪除與計畫表無關的內容後再上傳。",
            RefusalReason.TOO_LARGE,
        )
