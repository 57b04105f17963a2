"""The errors of a preview, or all of its rows, as a file to work through beside the sheet."""

from dataclasses import dataclass
from enum import StrEnum

from items.exchange.columns import ACTION, CODE
from items.exchange.plan_import.preview import (
    CellChange,
    ComparedRow,
    ImportPreview,
    Remark,
    Status,
)
from items.exchange.spreadsheets.file_table import Column, FileTable
from items.exchange.spreadsheets.write import WrittenFile, table_file

Cell = str | int | None


class PreviewList(StrEnum):
    """Which list; the values stand in the address of the download."""

    ERRORS = "errors"
    ROWS = "rows"


LISTS = {PreviewList.ERRORS: "錯誤清單", PreviewList.ROWS: "比對清單"}
STATUS_WORDS = {
    Status.NEW: "新增",
    Status.CHANGED: "修改",
    Status.UNCHANGED: "相同",
    Status.ERROR: "錯誤",
}
REMARK_COLUMNS = (
    Column("工作表", 16),
    Column("列", 7, is_centred=True),
    Column("欄位", 14),
    Column("類別", 8, is_centred=True),
    Column("說明", 80),
)
ROW_COLUMNS = (
    Column("列", 7, is_centred=True),
    Column("結果", 8, is_centred=True),
    Column(CODE, 10, is_centred=True),
    Column(ACTION, 40),
    Column("欄位", 14),
    Column("計畫現在的內容", 36),
    Column("檔案的內容", 36),
)


def export(what: str, preview: ImportPreview, source: str, format: str) -> WrittenFile:
    """The list "errors" or "rows" of the preview of a file."""
    title = LISTS[PreviewList(what)]
    heading = f"{title}：{source}"
    if what == PreviewList.ERRORS:
        table = FileTable(title, heading, "", columns=REMARK_COLUMNS, rows=_remarks(preview))
    else:
        table = FileTable(title, heading, "", columns=ROW_COLUMNS, rows=_rows(preview))
    # A name that begins with its only dot has no ending that could be taken off.
    stem = source.rpartition(".")[0] or source
    return table_file(table, f"{title}_{stem}", format)


def _remarks(preview: ImportPreview) -> list[list[Cell]]:
    rows = [_remark(remark, "錯誤") for remark in preview.errors]
    rows += [_remark(remark, "提醒") for remark in preview.warnings]
    return rows


def _remark(remark: Remark, kind: str) -> list[Cell]:
    return [remark.sheet, remark.row, remark.column or "", kind, remark.message]


@dataclass(slots=True)
class _ListLine:
    """One line of the list of rows; `number` is None for what is not in the file."""

    number: int | None
    result: str
    code: str
    title: str
    change: CellChange | None = None

    def cells(self) -> list[Cell]:
        cells: list[Cell] = [self.number, self.result, self.code, self.title]
        if self.change is None:
            return [*cells, "", "", ""]
        return [*cells, self.change.heading, self.change.old, self.change.new]


def _rows(preview: ImportPreview) -> list[list[Cell]]:
    """Every row that was read, a line for each changed cell; then what is missing."""
    lines = []
    for row in preview.rows:
        lines += _lines_of(row)
    for ignored in preview.ignored:
        lines.append(_ListLine(ignored.row, "略過", "", title=ignored.reason))
    # Ignored rows between the others, as in the sheet beside which people read this list.
    lines.sort(key=lambda line: line.number or 0)
    for kept in preview.missing:
        lines.append(_ListLine(None, "保留", kept.code, title=kept.title))
    return [line.cells() for line in lines]


def _lines_of(row: ComparedRow) -> list[_ListLine]:
    result = STATUS_WORDS[row.status]
    # What a row with errors would change is not known: a cell that could not be read is not a blank
    # one.
    if row.status == Status.ERROR or not row.changes:
        return [_ListLine(row.number, result, row.code, title=row.title)]
    lines = []
    for change in row.changes:
        lines.append(_ListLine(row.number, result, row.code, title=row.title, change=change))
    return lines
