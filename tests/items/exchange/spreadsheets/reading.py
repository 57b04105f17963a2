"""Short ways to read a file in a test."""

import io

import openpyxl

from items.exchange.plan_table.headings import candidate_sheets, count_headings
from items.exchange.plan_table.table import read_table
from items.exchange.spreadsheets.read import read_workbook


def workbook_of(data, name="計畫.xlsx"):
    """The file as the import of the plan reads it, which knows a heading row."""
    return read_workbook(data, name, count_headings)


def table_of(data, name="計畫.xlsx", year=115):
    """The table of the only sheet with our headings."""
    (sheet,) = candidate_sheets(workbook_of(data, name))
    return read_table(sheet, year)


def texts(table):
    """Each row as the seven columns of the official table."""
    return [
        (
            row.strategy_text,
            row.method,
            row.plan,
            row.action,
            row.deadline_text,
            "、".join(row.departments),
            row.benefit,
        )
        for row in table.rows
    ]


def hidden_rows(table):
    """The rows that are said to be hidden."""
    return [warning.row for warning in table.warnings if "這一列是隱藏的" in warning.message]


def cell(data, row, column, name="計畫.xlsx"):
    """One cell of the first sheet, none if nothing stands there."""
    sheet = workbook_of(data, name).sheets[0]
    return next((found.cells.get(column) for found in sheet.rows if found.number == row), None)


def sheet_of(content):
    """The first sheet of an xlsx file as openpyxl reads it, which is not our reader."""
    return openpyxl.load_workbook(io.BytesIO(content)).active
