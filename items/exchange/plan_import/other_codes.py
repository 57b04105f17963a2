"""項次編號 of another year: of last year's table, of which a new year's plan was made."""

from dataclasses import replace

from items.exchange.departments import folded
from items.exchange.plan_table.rows import PlanRow, PlanTable
from items.workflow.codes import year_of_code


def has_other_code(row: PlanRow, year: int) -> bool:
    """Whether the row has a code that another year's plan has given."""
    year_of_row = year_of_code(folded(row.code))
    return year_of_row is not None and year_of_row != year


def count_other_codes(table: PlanTable, year: int) -> int:
    """How many rows have a code of another year."""
    return sum(has_other_code(row, year) for row in table.rows)


def without_other_codes(table: PlanTable, year: int) -> PlanTable:
    """The table as if these cells were blank: such rows are matched by path and text, or new."""
    rows = []
    for row in table.rows:
        if has_other_code(row, year):
            row = replace(row, code="")
        rows.append(row)
    return replace(table, rows=tuple(rows))
