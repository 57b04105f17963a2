"""Files of the flat tables: read by the bounded reader, written so that every text stays a text.

import-export's own formats open a file with openpyxl or tablib, which hang or lose rows on odd
files and take a title row for the headings (import-contract.md, "Measured on the stock tools").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, Self

from import_export.formats.base_formats import Format
from tablib import Dataset

from items.exchange.plan_table.headings import count_headings
from items.exchange.spreadsheets import write_csv, write_xlsx
from items.exchange.spreadsheets.file_table import CellValue
from items.exchange.spreadsheets.limits import HEADING_WITHIN_ROWS, MAX_FILE_BYTES
from items.exchange.spreadsheets.read import BinaryStream, read_workbook
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import clean, key
from items.exchange.spreadsheets.workbook import Cell, CellKind, Sheet, SheetRow, Workbook
from items.exchange.spreadsheets.write import FORMATS

NARROWEST = 8
WIDEST = 60
ROWS_MEASURED = 200
"""Enough to know how wide a column is; an export may have ten thousand rows."""
LAST_NARROW = 0x2E7F
"""The last character before those of Chinese, Japanese and Korean."""


class CellText(str):
    """What stands in a cell, with its kind: an error and a formula without a value are no text."""

    kind = CellKind.TEXT
    value: float | None = None

    @classmethod
    def of(cls, cell: Cell | None) -> Self:
        """The cleaned text of a cell; an empty one where there is no cell."""
        if cell is None:
            return cls()
        cleaned, _ = clean(cell.text)
        text = cls(cleaned)
        text.kind = cell.kind
        text.value = cell.value
        return text


class UploadedDataset(Dataset):
    """The rows that were read; `numbers` are theirs as a person sees them, `notes` for the preview."""

    numbers: list[int]
    notes: list[str]


class _HeadingRow(NamedTuple):
    """Where the headings stand; `columns` maps ours to the numbers of their columns."""

    sheet: Sheet
    row: SheetRow
    columns: dict[str, int]


class _HeadedColumn(NamedTuple):
    heading: str
    column: int


@dataclass
class Uploaded(Format):
    """All formats of the bounded reader: xlsx, ods, csv and tsv, recognised by their content."""

    headings: Sequence[str]
    required: Sequence[str]
    name: str
    most_bytes: int = MAX_FILE_BYTES

    def can_import(self) -> bool:
        return True

    def create_dataset(self, in_stream: BinaryStream | bytes) -> UploadedDataset:
        """The rows below the headings, in our columns; Refused if there are no such rows."""
        # A flat table in csv may have any delimiter: the headings of the plan help to tell it, and
        # where there are none of them the most frequent one is taken.
        workbook = read_workbook(in_stream, self.name, count_headings, most_bytes=self.most_bytes)
        heading_rows = []
        for sheet in workbook.sheets:
            heading_row = self._heading_row(sheet)
            if heading_row is not None:
                heading_rows.append(heading_row)
        if not heading_rows:
            wanted = "、".join(self.required)
            raise Refused(
                f"找不到標題列：前 {HEADING_WITHIN_ROWS} 列裡沒有同時出現「{wanted}」的一列。"
            )
        if len(heading_rows) > 1:
            names = "、".join(heading_row.sheet.name for heading_row in heading_rows)
            raise Refused(
                f"有 {len(heading_rows)} 張工作表都有這些標題（{names}），請只留下一張再上傳。"
            )
        return _dataset(workbook, heading_rows[0])

    def _heading_row(self, sheet: Sheet) -> _HeadingRow | None:
        """The first row with all required headings, if there is one."""
        for row in sheet.rows[:HEADING_WITHIN_ROWS]:
            columns: dict[str, int] = {}
            headings_twice = set()
            for headed in self._headed_columns(row):
                if headed.heading in columns:
                    headings_twice.add(headed.heading)
                columns[headed.heading] = headed.column
            # A title may name one of the columns; only all of them make a heading row.
            if not columns.keys() >= set(self.required):
                continue
            for heading in columns:
                if heading in headings_twice:
                    raise Refused(f"標題「{heading}」出現兩次，請刪除其中一欄再上傳。")
            return _HeadingRow(sheet, row, columns)
        return None

    def _headed_columns(self, row: SheetRow) -> Iterator[_HeadedColumn]:
        """The columns that a row heads with one of our headings, however it is written."""
        known = {key(heading): heading for heading in self.headings}
        for column, cell in row.cells.items():
            heading = known.get(key(cell.text))
            if heading:
                yield _HeadedColumn(heading, column)


def _dataset(workbook: Workbook, heading_row: _HeadingRow) -> UploadedDataset:
    columns = heading_row.columns
    dataset = UploadedDataset(headers=list(columns))
    dataset.numbers = []
    for row in heading_row.sheet.rows:
        if row.number <= heading_row.row.number:
            continue
        cells = [row.cells.get(column) for column in columns.values()]
        # A row with something only in columns that are not read, such as a remark beside the table.
        if any(cell is not None for cell in cells):
            dataset.append([CellText.of(cell) for cell in cells])
            dataset.numbers.append(row.number)
    if not dataset.numbers:
        raise Refused("標題列下面沒有任何資料，請確認選對了檔案。")
    dataset.notes = _notes(workbook, heading_row)
    return dataset


def _notes(workbook: Workbook, heading_row: _HeadingRow) -> list[str]:
    """What a person should know of the file before the import."""
    notes = [*workbook.notes, *heading_row.sheet.notes]
    columns_read = set(heading_row.columns.values())
    headings_ignored = []
    for column, cell in heading_row.row.cells.items():
        if column not in columns_read:
            headings_ignored.append(cell.text)
    if headings_ignored:
        notes.append(f"沒有讀取的欄位：{'、'.join(headings_ignored)}。")
    if workbook.hidden_sheets:
        notes.append(f"沒有讀取隱藏的工作表：{'、'.join(workbook.hidden_sheets)}。")
    return notes


class Xlsx(Format):
    """One sheet; a text is written as a text with any beginning, an empty cell stays empty."""

    def can_export(self) -> bool:
        return True

    def get_extension(self) -> str:
        return "xlsx"

    def get_content_type(self) -> str:
        return FORMATS["xlsx"].content_type

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        return write_xlsx.write_list(
            dataset.title or "資料", dataset.headers, list(dataset), widths=widths(dataset)
        )


class Csv(Format):
    """UTF-8 with its mark, so that Excel reads it; what would be taken for a formula is guarded."""

    def can_export(self) -> bool:
        return True

    def get_extension(self) -> str:
        return "csv"

    def get_content_type(self) -> str:
        return FORMATS["csv"].content_type

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        return write_csv.write_list(dataset.headers, list(dataset))


def widths(dataset: Dataset) -> list[int]:
    """A width for each column, from the heading and the first rows."""
    widest = [width(heading) for heading in dataset.headers]
    for row in islice(dataset, ROWS_MEASURED):
        for place, value in enumerate(row):
            widest[place] = max(widest[place], width(value))
    column_widths = []
    for content_width in widest:
        # Two more, since programs set the text off from the grid.
        column_width = max(NARROWEST, content_width + 2)
        column_widths.append(min(column_width, WIDEST))
    return column_widths


def width(value: CellValue) -> int:
    """The width in half-width characters: a Chinese one counts two."""
    half_width_characters = 0
    for character in str(value):
        half_width_characters += 1
        if ord(character) > LAST_NARROW:
            half_width_characters += 1
    return half_width_characters
