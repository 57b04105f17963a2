"""Files of the flat tables: read by the bounded reader, written so that every text stays a text.

import-export's own formats open a file with openpyxl or tablib, which hang or lose rows on odd files and take a title
row for the headings (import-contract.md, "Measured on the stock tools").
"""

import csv
import io

import tablib
from import_export.formats.base_formats import Format
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from items.exchange.plan_table.headings import count_headings
from items.exchange.spreadsheets.limits import HEADING_WITHIN_ROWS
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import clean, guard, key
from items.exchange.spreadsheets.workbook import CellKind, column_letter

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
WIDTHS = (8, 60)


class Written(str):
    """What stands in a cell, with what kind of cell it was: an error and a formula without a value are no text."""

    kind = CellKind.TEXT
    value = None

    @classmethod
    def of(cls, cell):
        written = cls(clean(cell.text)[0])
        written.kind, written.value = cell.kind, cell.value
        return written


class Uploaded(Format):
    """Whatever the bounded reader reads: xlsx, ods, csv and tsv, told apart by their content."""

    def __init__(self, headings, required, name, encoding=None):
        self.headings = headings
        self.required = required
        self.name = name

    def can_import(self):
        return True

    def create_dataset(self, in_stream):
        """A dataset of our columns with `numbers` (the rows as a person sees them) and `notes`; or Refused."""
        workbook = read_workbook(in_stream, self.name, count_headings)
        found = [
            (sheet, row, columns)
            for sheet in workbook.sheets
            for row, columns in self._heading_row(sheet)
        ]
        if not found:
            wanted = "、".join(self.required)
            raise Refused(
                f"找不到標題列：前 {HEADING_WITHIN_ROWS} 列裡沒有同時出現「{wanted}」的一列。"
            )
        if len(found) > 1:
            names = "、".join(sheet.name for sheet, _, _ in found)
            raise Refused(f"有 {len(found)} 張工作表都有這些標題（{names}），請只留下一張再上傳。")
        sheet, heading_row, columns = found[0]
        return self._dataset(workbook, sheet, heading_row, columns)

    def _heading_row(self, sheet):
        """The first row that holds the required headings: [(row, {heading: column})], or nothing."""
        known = {key(heading): heading for heading in self.headings}
        for row in sheet.rows[:HEADING_WITHIN_ROWS]:
            named = [(known.get(key(cell.text)), column) for column, cell in row.cells.items()]
            columns = {heading: column for heading, column in named if heading}
            if all(heading in columns for heading in self.required):
                twice = [
                    heading for heading in columns if [name for name, _ in named].count(heading) > 1
                ]
                if twice:
                    raise Refused(f"標題「{twice[0]}」出現兩次，請刪除其中一欄再上傳。")
                return [(row, columns)]
        return []

    def _dataset(self, workbook, sheet, heading_row, columns):
        dataset = tablib.Dataset(headers=list(columns))
        dataset.numbers = []
        for row in sheet.rows:
            if row.number > heading_row.number and any(
                column in row.cells for column in columns.values()
            ):
                cells = (row.cells.get(column) for column in columns.values())
                dataset.append([Written.of(cell) if cell else Written() for cell in cells])
                dataset.numbers.append(row.number)
        if not dataset.numbers:
            raise Refused("標題列下面沒有任何資料，請確認選對了檔案。")
        others = [
            cell.text
            for column, cell in heading_row.cells.items()
            if column not in columns.values()
        ]
        dataset.notes = [*workbook.notes, *sheet.notes]
        if others:
            dataset.notes.append(f"沒有讀取的欄位：{'、'.join(others)}。")
        if workbook.hidden_sheets:
            dataset.notes.append(f"沒有讀取隱藏的工作表：{'、'.join(workbook.hidden_sheets)}。")
        return dataset


class Xlsx(Format):
    """One sheet; a text is written as a text whatever it begins with, an empty cell stays empty."""

    CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def can_export(self):
        return True

    def get_extension(self):
        return "xlsx"

    def get_content_type(self):
        return self.CONTENT_TYPE

    def export_data(self, dataset, **kwargs):
        book = Workbook(write_only=True)
        sheet = book.create_sheet(dataset.title or "資料")
        sheet.freeze_panes = "A2"
        for number, width in enumerate(widths(dataset), 1):
            sheet.column_dimensions[column_letter(number)].width = width
        sheet.append([text_cell(sheet, heading, bold=True) for heading in dataset.headers])
        for row in dataset:
            sheet.append(
                [text_cell(sheet, value) if isinstance(value, str) else value for value in row]
            )
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()


class Csv(Format):
    """UTF-8 with its mark, so that Excel reads it; what a spreadsheet would take for a formula is guarded."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def can_export(self):
        return True

    def get_extension(self):
        return "csv"

    def get_content_type(self):
        return self.CONTENT_TYPE

    def export_data(self, dataset, **kwargs):
        file = io.StringIO(newline="")
        writer = csv.writer(file)
        writer.writerow(dataset.headers)
        for row in dataset:
            writer.writerow([guard(value) if isinstance(value, str) else value for value in row])
        return file.getvalue().encode("utf-8-sig")


def text_cell(sheet, value, bold=False):
    """A cell of text; an empty text is no cell at all."""
    if not value:
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(REPLACEMENT, value))
    cell.data_type = "s"
    if guard(value) != value:
        cell.quotePrefix = (
            True  # else Excel makes a formula of it as soon as somebody edits the cell
        )
    if bold:
        cell.font = Font(bold=True)
    return cell


def widths(dataset):
    """A width for each column from its first rows; a Chinese character counts two."""
    low, high = WIDTHS
    columns = zip(
        dataset.headers, *(row for row, _ in zip(dataset, range(200), strict=False)), strict=True
    )
    return [min(max(low, 2 + max(width(value) for value in column)), high) for column in columns]


def width(value):
    return sum(2 if ord(character) > 0x2E7F else 1 for character in str(value))
