"""xlsx by openpyxl's write-only mode. Every text cell is text, whatever it begins with."""

import io
import re

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from items.exchange.spreadsheets.file_table import plain
from items.exchange.spreadsheets.page_layout import (
    BOTTOM,
    FONT,
    FOOTER,
    PAPERS,
    SIDE,
    SIZE,
    TITLE_SIZE,
    TOP,
    above,
    heading_height,
    lay_out,
)

_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SIDE = Side(style="thin")
BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)


class Sheet(WriteOnlyWorksheet):
    """Takes the cells that it is given as they are: openpyxl's own way makes each of them anew, at twice the time."""

    def _values_to_row(self, values, row_idx):
        for number, made in enumerate(values, start=1):
            made.row, made.column = row_idx, number
            yield made

    def height(self, row, points):
        self.row_dimensions[row] = {"ht": str(points), "customHeight": "1"}


def text_of(value):
    """As xlsx keeps it: 「_x0041_」 in a text would otherwise be read as the letter A."""
    return _LIKE_ESCAPE.sub("_x005F_", plain(value))


def write(table):
    """The bytes of a workbook with one sheet, ready to print."""
    book = Workbook(write_only=True)
    in_our_widths(book)
    sheet = Sheet(book, plain(table.name)[:31])
    book._add_sheet(sheet)
    page(sheet, table.paper, table.columns, _heading_row(table))
    top = _heading(sheet, table)
    layout = lay_out(table)
    _rows(sheet, table.columns, layout, top)
    for row in layout.breaks:
        sheet.row_breaks.append(Break(id=row + top))
    for merge in layout.merges:
        column = merge.column + 1
        area = CellRange(
            min_col=column,
            max_col=column,
            min_row=merge.first + top + 1,
            max_row=merge.last + top + 1,
        )
        sheet.merged_cells.ranges.add(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def in_our_widths(book):
    """Widths are counted in figures of the workbook's own font: a Chinese character of ours shall be two of them.

    So are those of 標楷體 itself, but where it is missing its stand-in is a quarter wider, and pages stay half empty.
    Arial, or its twin of the same widths, is everywhere; its figures at 11 points are as wide as ours at 12.
    """
    book._fonts = IndexedList()
    book._named_styles["Normal"].font = Font(name="Arial", size=11)


def page(sheet, paper, columns, heading_row):
    """Landscape, as wide as the paper, the heading on each page, page x of y below."""
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = PAPERS[paper].code
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    margins = sheet.page_margins
    margins.left = margins.right = SIDE / 72
    margins.top, margins.bottom, margins.header, margins.footer = (
        TOP / 72,
        BOTTOM / 72,
        FOOTER / 72,
        FOOTER / 72,
    )
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "第 &P 頁，共 &N 頁"
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    sheet.freeze_panes = f"A{heading_row + 1}"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width + 1


def _heading_row(table):
    return 1 + bool(table.title) + bool(table.subtitle)


def cell(sheet, value, **style):
    made = WriteOnlyCell(sheet)
    for name, part in style.items():
        setattr(made, name, part)
    put(made, value)
    return made


def put(made, value):
    """Set the value past openpyxl's guessing, which would take a leading = for a formula."""
    if isinstance(value, str) and value:
        made._value, made.data_type = text_of(value), "s"
    else:
        made._value, made.data_type = None if value == "" else value, "n"


def _heading(sheet, table):
    """Title, approval and heading row; the number of rows that they take."""
    width = len(table.columns)
    row = 0
    for text, size, height in above(table):
        row += 1
        is_title = size == TITLE_SIZE
        sheet.height(row, height)
        font = Font(name=FONT, size=size, bold=is_title)
        alignment = Alignment(
            horizontal="center" if is_title else "right", vertical="center", wrap_text=True
        )
        sheet.append([cell(sheet, text, font=font, alignment=alignment)])
        if width > 1:
            sheet.merged_cells.ranges.add(
                CellRange(min_col=1, max_col=width, min_row=row, max_row=row)
            )
    style = {
        "font": Font(name=FONT, size=SIZE, bold=True),
        "alignment": Alignment(horizontal="center", vertical="center", wrap_text=True),
        "border": BORDER,
        "fill": PatternFill("solid", fgColor="E7ECEB"),
    }
    sheet.height(row + 1, heading_height(table.columns))
    sheet.append([cell(sheet, column.heading, **style) for column in table.columns])
    return row + 1


def _rows(sheet, columns, layout, top):
    """One cell object per column is used again for every row: write-only mode writes each row at once."""
    font = Font(name=FONT, size=SIZE)
    cells = [
        cell(
            sheet,
            None,
            font=font,
            border=BORDER,
            alignment=Alignment(
                horizontal="center" if column.is_centred else "left", vertical="top", wrap_text=True
            ),
        )
        for column in columns
    ]
    covered = layout.covered()
    for number, height in enumerate(layout.heights, start=top + 1):
        sheet.height(number, height)
    for number, row in enumerate(layout.rows):
        for place, value in enumerate(row):
            put(cells[place], None if (number, place) in covered else value)
        sheet.append(cells)
