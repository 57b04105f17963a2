"""How a reader collects a sheet: cells in any order, held to the limits of a file."""

from dataclasses import dataclass, field
from itertools import product

from items.exchange.spreadsheets.limits import (
    MAX_CELL_CHARACTERS,
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_MERGES,
    MAX_ROWS,
    MAX_SHEETS,
)
from items.exchange.spreadsheets.quick_reading import (
    NotQuick,
    cells_at_most,
    is_quick,
    merges_at_most,
)
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.text import clean
from items.exchange.spreadsheets.workbook import (
    Cell,
    CellKind,
    MergedArea,
    Sheet,
    SheetRow,
    address,
)

# LibreOffice numbers its errors, and in Chinese it calls them 錯誤：502.
_LIBREOFFICE_ERRORS = [
    f"{word}{number}" for word, number in product(("Err:", "錯誤：", "錯誤:"), range(500, 600))
]
# What programs write for an error, also where it has become text: in csv, and in cells pasted as
# values. #ERROR! is Google's.
ERRORS = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
     "#GETTING_DATA", "#ERROR!", "#BLOCKED!", "#CONNECT!", "#FIELD!", "#UNKNOWN!", "#BUSY!",
     *_LIBREOFFICE_ERRORS)
)  # fmt: skip
_ERROR_STARTS = ("#", "E", "錯")


def refuse_sheets_beyond(count: int) -> None:
    """Refuse more sheets than a file may have; `count` is how many were met so far.

    The list of a book's sheets may be longer than the file has parts.
    """
    if count > MAX_SHEETS:
        raise Refused(
            f"檔案有超過 {MAX_SHEETS:,} 張工作表的上限，請只留計畫表，另存新檔再上傳。",
            RefusalReason.TOO_LARGE,
        )


def sheet_name(name: str) -> str:
    """A sheet's name as we show it, since a hostile one may be endless."""
    cleaned, _ = clean(name[:200])
    return cleaned[:100]


def _give_up_if_quick() -> None:
    """Leave a file that is beyond the quick bounds to the reader that has time."""
    if is_quick():
        raise NotQuick


@dataclass
class Bounds:
    """What one file has used up of the limits that hold for all of its sheets together."""

    cells: int = 0
    characters: int = 0
    merges: int = 0
    # Asked once for each file, not for each cell.
    most_cells: int = field(default_factory=cells_at_most)
    most_merges: int = field(default_factory=merges_at_most)


@dataclass
class SheetBuilder:
    """Collects the cells of one sheet in any order and holds them to the limits."""

    name: str
    kind: str
    bounds: Bounds
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[MergedArea] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    prose_rows: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Keep a cell unless it is blank; limits hold only for places in which something stands."""
        text = cell.text
        if cell.kind is CellKind.TEXT and (not text or text.isspace()):
            return
        if column > MAX_COLUMNS or len(text) > MAX_CELL_CHARACTERS:
            raise self._beyond_the_sheet(row, column, text)
        # Most texts are no error: the first character spares them the rest of the question.
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
        # Counted in the open: a call for each cell costs 3 % of the time of reading.
        bounds = self.bounds
        bounds.cells += 1
        bounds.characters += len(text)
        if bounds.cells > bounds.most_cells or bounds.characters > MAX_CHARACTERS:
            _give_up_if_quick()
            raise self._beyond_the_file(row, column)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Keep a merged area of more than one cell; its corners may come in any order."""
        self.bounds.merges += 1
        if self.bounds.merges > self.bounds.most_merges:
            _give_up_if_quick()
            raise Refused(
                f"工作表「{self.name}」的合併儲存格超過 {MAX_MERGES:,} 個的上限，請取消不需要的合併後再上傳。",
                RefusalReason.TOO_LARGE,
            )
        if (top, left) == (bottom, right):
            return
        area = MergedArea(
            top=min(top, bottom),
            left=min(left, right),
            bottom=max(top, bottom),
            right=max(left, right),
        )
        self.merges.append(area)

    def sheet(self) -> Sheet:
        """The finished sheet, rows in the order of their numbers."""
        rows = []
        for number in sorted(self.cells):
            row = SheetRow(
                number,
                self.cells[number],
                is_hidden=number in self.hidden_rows,
                is_prose=number in self.prose_rows,
            )
            rows.append(row)
        return Sheet(
            self.name,
            self.kind,
            tuple(rows),
            merges=tuple(self.merges),
            hidden_columns=frozenset(self.hidden_columns),
            notes=tuple(self.notes),
        )

    def _new_row(self, row: int) -> dict[int, Cell]:
        if len(self.cells) >= MAX_ROWS:
            raise Refused(
                f"工作表「{self.name}」有文字的列超過 {MAX_ROWS:,} 列的上限（到第 {row} 列），"
                "請分成幾個檔案或刪除無關的列後再上傳。",
                RefusalReason.TOO_LARGE,
            )
        cells: dict[int, Cell] = {}
        self.cells[row] = cells
        return cells

    def _beyond_the_file(self, row: int, column: int) -> Refused:
        if self.bounds.cells > MAX_CELLS:
            excess = f"有文字的儲存格已超過 {MAX_CELLS:,} 格"
        else:
            excess = f"文字已超過 {MAX_CHARACTERS:,} 個字元"
        return Refused(
            f"到{self._place(row, column)}為止，{excess}的上限，請刪除與計畫表無關的內容後再上傳。",
            RefusalReason.TOO_LARGE,
        )

    def _place(self, row: int, column: int) -> str:
        return f"工作表「{self.name}」的儲存格 {address(row, column)} "

    def _beyond_the_sheet(self, row: int, column: int, text: str) -> Refused:
        if column > MAX_COLUMNS:
            return Refused(
                f"{self._place(row, column)}在第 {column:,} 欄，超過 {MAX_COLUMNS} 欄的上限，"
                "請刪除計畫表右側無關的內容後再上傳。",
                RefusalReason.TOO_LARGE,
            )
        return Refused(
            f"{self._place(row, column)}有 {len(text):,} 個字元，"
            f"超過每格 {MAX_CELL_CHARACTERS:,} 個字元的上限，請縮短後再上傳。",
            RefusalReason.TOO_LARGE,
        )
