"""xlsx by openpyxl: tables that are ready to print, and plain lists.

Every text is written as a text, also one that begins like a formula.
"""

import io
import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from items.exchange.spreadsheets.file_table import (
    LONGEST_CELL,
    CellValue,
    Column,
    FileTable,
    TableRow,
    plain,
)
from items.exchange.spreadsheets.page_layout import Layout, lay_out
from items.exchange.spreadsheets.paper import (
    BOTTOM,
    FONT,
    FOOTER,
    PAPERS,
    SIDE,
    SIZE,
    TOP,
    heading_height,
    top_lines,
)
from items.exchange.spreadsheets.quick_sheet import QuickSheet, add_quick_sheet
from items.exchange.spreadsheets.text import guard

_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_POINTS_IN_AN_INCH = 72
_LONGEST_TITLE = 31
"""Excel opens no file with a longer name of a sheet."""

_SIDE = Side(style="thin")
BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_HEADING_FILL = PatternFill("solid", fgColor="E7ECEB")


class CellLook(NamedTuple):
    """How cells look, for all cells of one kind."""

    font: Font
    alignment: Alignment
    border: Border | None = None
    fill: PatternFill | None = None


def write(table: FileTable) -> bytes:
    """A workbook with one sheet, ready to print."""
    book = Workbook(write_only=True)
    in_our_widths(book)
    sheet = add_quick_sheet(book, plain(table.name)[:_LONGEST_TITLE])
    # Rows are numbered from 1: so many stand above the first one of the table.
    rows_above = len(top_lines(table)) + 1
    page(sheet, table.paper, table.columns, heading_row=rows_above)
    layout = lay_out(table)
    # openpyxl writes a row when it is given: from top to bottom.
    _append_top_lines(sheet, table)
    _append_heading(sheet, table.columns, number=rows_above)
    _append_rows(sheet, table.columns, layout, rows_above=rows_above)
    # A break is named by the row above it. All at once: `append` looks at all before it anew.
    sheet.row_breaks.brk = [Break(id=row + rows_above) for row in layout.breaks]
    for merge in layout.merges:
        letter = get_column_letter(merge.column + 1)
        first = merge.first + rows_above + 1
        last = merge.last + rows_above + 1
        sheet.merge(f"{letter}{first}:{letter}{last}")
    return _saved(book)


def write_list(
    title: str, headings: Sequence[str], rows: Iterable[TableRow], widths: Sequence[float]
) -> bytes:
    """A workbook with one sheet to work on rather than to print; its headings stay in sight.

    `widths` are those of the columns, in half-width characters. An empty text is an empty cell.
    """
    book = Workbook(write_only=True)
    sheet = add_quick_sheet(book, title)
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    bold = Font(bold=True)
    heading_cells = []
    for heading in headings:
        cell = _list_cell(sheet, heading)
        cell.font = bold
        heading_cells.append(cell)
    sheet.append(heading_cells)
    for row in rows:
        sheet.append([_list_cell(sheet, value) for value in row])
    return _saved(book)


def _list_cell(sheet: QuickSheet, value: CellValue) -> Cell:
    cell = WriteOnlyCell(sheet)
    put(cell, value)
    if isinstance(value, str) and guard(value) != value:
        # Otherwise Excel makes a formula of it as soon as somebody edits the cell.
        cell.quotePrefix = True
    return cell


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def in_our_widths(book: Workbook) -> None:
    """Count widths in figures of Arial: a Chinese character of ours shall be two of them.

    Widths are counted in figures of the workbook's own font. Those of 標楷體 would do, but where it
    is missing its stand-in is a quarter wider, and pages stay half empty. Arial, or its twin of the
    same widths, is everywhere; its figures at 11 points are as wide as ours at 12.
    """
    # openpyxl has no public way to another font than Calibri for the style Normal, from which
    # spreadsheet programs take the workbook's own font; its stubs leave these two out.
    book._fonts = IndexedList()  # type: ignore[attr-defined]
    book._named_styles["Normal"].font = Font(  # type: ignore[attr-defined]
        name="Arial", size=11
    )


def page(
    sheet: Worksheet | QuickSheet, paper: str, columns: Iterable[Column], heading_row: int
) -> None:
    """Landscape, as wide as the paper, the heading on each page, page x of y below."""
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    setup = sheet.page_setup
    setup.orientation = "landscape"
    setup.paperSize = PAPERS[paper].code
    setup.fitToWidth = 1
    # As many pages down as it takes.
    setup.fitToHeight = 0
    margins = sheet.page_margins
    margins.left = SIDE / _POINTS_IN_AN_INCH
    margins.right = SIDE / _POINTS_IN_AN_INCH
    margins.top = TOP / _POINTS_IN_AN_INCH
    margins.bottom = BOTTOM / _POINTS_IN_AN_INCH
    margins.header = FOOTER / _POINTS_IN_AN_INCH
    margins.footer = FOOTER / _POINTS_IN_AN_INCH
    sheet.print_options.horizontalCentered = True
    footer = HeaderFooterItem()
    footer.center.text = "第 &P 頁，共 &N 頁"
    sheet.oddFooter = footer
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    sheet.freeze_panes = f"A{heading_row + 1}"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width + 1


def put(cell: Cell, value: CellValue) -> None:
    """Set the value of a cell; a text stays a text, an empty one leaves the cell empty."""
    if value == "":
        cell.value = None
        return
    if not isinstance(value, str):
        cell.value = value
        return
    text = text_of(value)
    if len(text) <= LONGEST_CELL:
        cell.value = text
    else:
        # openpyxl cuts a text at the limit of a cell, with the escapes that do not count; rich text
        # it leaves whole.
        cell.value = CellRichText(text)
    # openpyxl takes a text that begins with = for a formula, and #N/A for an error.
    cell.data_type = "s"


def text_of(value: str) -> str:
    """The text as xlsx keeps it: "_x0041_" would otherwise be read as the letter A."""
    return _LIKE_ESCAPE.sub("_x005F_", plain(value))


def _cell(sheet: QuickSheet, value: CellValue, look: CellLook) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.font = look.font
    cell.alignment = look.alignment
    if look.border is not None:
        cell.border = look.border
    if look.fill is not None:
        cell.fill = look.fill
    put(cell, value)
    return cell


def _append_top_lines(sheet: QuickSheet, table: FileTable) -> None:
    """Title and subtitle, each across the whole table."""
    width = len(table.columns)
    for number, line in enumerate(top_lines(table), start=1):
        sheet.set_height(number, line.height)
        horizontal = "right"
        if line.is_title:
            horizontal = "center"
        look = CellLook(
            font=Font(name=FONT, size=line.size, bold=line.is_title),
            alignment=Alignment(horizontal=horizontal, vertical="center", wrap_text=True),
        )
        sheet.append([_cell(sheet, line.text, look)])
        if width > 1:
            sheet.merge(f"A{number}:{get_column_letter(width)}{number}")


def _append_heading(sheet: QuickSheet, columns: Sequence[Column], number: int) -> None:
    look = CellLook(
        font=Font(name=FONT, size=SIZE, bold=True),
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
        border=BORDER,
        fill=_HEADING_FILL,
    )
    sheet.set_height(number, heading_height(columns))
    sheet.append([_cell(sheet, column.heading, look) for column in columns])


def _append_rows(
    sheet: QuickSheet, columns: Sequence[Column], layout: Layout, rows_above: int
) -> None:
    # The same cell objects serve all rows, since each row is written at once: for each column one
    # to fill, and one that stays empty for the cells below a merged one.
    cells = []
    empty_cells = []
    for column in columns:
        horizontal = "left"
        if column.is_centred:
            horizontal = "center"
        look = CellLook(
            font=Font(name=FONT, size=SIZE),
            alignment=Alignment(horizontal=horizontal, vertical="top", wrap_text=True),
            border=BORDER,
        )
        cells.append(_cell(sheet, None, look))
        empty_cells.append(_cell(sheet, None, look))
    styles = [cell.style_id for cell in cells]
    rows = zip(layout.rows, layout.covered(), layout.heights, strict=True)
    for number, (row, covered_columns, height) in enumerate(rows, start=rows_above + 1):
        values: list[CellValue] = []
        is_longer_than_a_cell = False
        for place, value in enumerate(row):
            if place in covered_columns:
                values.append(None)
            elif isinstance(value, str):
                text = text_of(value)
                is_longer_than_a_cell = is_longer_than_a_cell or len(text) > LONGEST_CELL
                values.append(text)
            else:
                values.append(value)
        if not is_longer_than_a_cell:
            sheet.append_values(number, values, styles, height=height)
            continue
        # By its escapes alone; only openpyxl's rich text holds it.
        sheet.set_height(number, height)
        sheet.append(_filled(row, covered_columns, cells=cells, empty_cells=empty_cells))


def _filled(
    row: Sequence[CellValue],
    covered_columns: AbstractSet[int],
    *,
    cells: Sequence[Cell],
    empty_cells: Sequence[Cell],
) -> list[Cell]:
    """The cell objects of a row with its values; an empty one where a merge covers the column."""
    row_cells = []
    for place, value in enumerate(row):
        if place in covered_columns:
            row_cells.append(empty_cells[place])
        else:
            put(cells[place], value)
            row_cells.append(cells[place])
    return row_cells
