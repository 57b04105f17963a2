"""Rows that are written as XML say what openpyxl's own cells would say."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from items.exchange.spreadsheets.quick_sheet import add_quick_sheet
from items.exchange.spreadsheets.write_xlsx import put

VALUES = ["文字", " 前後空白 ", "兩行\n文字", "=1+1", "#N/A", "<b>&\"'", "]]>", "", None, 5, 0, 2.5]


def saved(fill):
    """The workbook that `fill` has written its rows into, read again."""
    book = Workbook(write_only=True)
    sheet = add_quick_sheet(book, "表")
    first = WriteOnlyCell(sheet, "標題")
    first.font = Font(bold=True)
    sheet.append([first])
    fill(sheet, first)
    stream = BytesIO()
    book.save(stream)
    return load_workbook(stream).active


def as_xml(sheet, styled):
    sheet.append_values(2, VALUES, [styled.style_id] * len(VALUES), height=30)


def as_cells(sheet, styled):
    sheet.set_height(2, 30)
    cells = []
    for value in VALUES:
        cell = WriteOnlyCell(sheet)
        cell.font = Font(bold=True)
        put(cell, value)
        cells.append(cell)
    sheet.append(cells)


def look_of(sheet):
    return [(cell.value, cell.data_type, cell.font.bold) for cell in sheet[2]]


def test_the_cells_are_those_that_openpyxl_writes():
    ours, stock = saved(as_xml), saved(as_cells)

    assert look_of(ours) == look_of(stock)
    assert ours.row_dimensions[2].height == stock.row_dimensions[2].height == 30


def test_a_formula_stays_a_text():
    [cell] = [cell for cell in saved(as_xml)[2] if cell.value == "=1+1"]

    assert cell.data_type == "s"


def test_a_sheet_begins_with_a_row_of_cells():
    sheet = add_quick_sheet(Workbook(write_only=True), "表")

    with pytest.raises(AssertionError):
        sheet.append_values(1, ["甲"], [0], height=30)
