"""Files with the official table, read within bounds and without any model.

workbook = read_workbook(data, "計畫.xlsx")      # Refused, or a Workbook
sheets = candidate_sheets(workbook)              # Refused, or the sheets with our heading row
table = read_table(sheets[0], programme_year=115)  # Refused, or a Table with all its problems
"""

from .cells import Cell, Kind, Merge, Sheet, SheetRow, Workbook
from .detect import read_workbook
from .headings import REQUIRED_HEADINGS, candidate_sheets
from .limits import MAX_FILE_BYTES, NoTable, Refused
from .table import Problem, Row, Table, read_table
from .text import clean, guard, key, unguard

__all__ = [
    "MAX_FILE_BYTES", "REQUIRED_HEADINGS", "Cell", "Kind", "Merge", "NoTable", "Problem", "Refused", "Row", "Sheet",
    "SheetRow", "Table", "Workbook", "candidate_sheets", "clean", "guard", "key", "read_table", "read_workbook", "unguard",
]  # fmt: skip
