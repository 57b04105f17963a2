"""The rows of 填報審核 that count or remind, as templates draw them: plain values, for HTML is kept."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import partial

from items.worklists.department_reminder import Reminder
from items.worklists.period_grid import DepartmentRow, PeriodCell, PeriodGrid, StateCount
from items.worklists.reminding import ReminderRoom
from plan_tracker.row_memo import RowToMake

GRID_SHOWN = 60
"""How many departments the grid shows before somebody asks for all of them."""
REMINDERS_SHOWN = ReminderRoom(texts=20, items=500)
"""The texts that the page shows before somebody asks for all of them: a plan of 2,000 items owes a
thousand lines, which are fetched and sent for texts that are folded up."""
MOST_OF_ALL_TEXTS = 20_000
"""Characters of all texts together that the page repeats below them without being asked."""

NOBODY = "還沒有承辦人，請在「管理」的「人員與移交」加入"


@dataclass(frozen=True)
class GridPageCell:
    """填報狀態 of one department in the period of this number."""

    period: int
    state_counts: tuple[StateCount, ...]
    name_then: str


@dataclass(frozen=True)
class GridPageRow:
    """One department; a cell is None where nothing is asked for. `department` is its key."""

    department: int
    name: str
    cells: tuple[GridPageCell | None, ...]


@dataclass(frozen=True)
class ReminderPageRow:
    """A text to copy; `number` tells it from the others of the page."""

    number: int
    heading: str
    people: str
    text: str


def grid_rows(grid: PeriodGrid) -> list[RowToMake]:
    """The departments of the grid, each made only where its HTML is not kept.

    The words of each figure took a twentieth of the page of 33 items.
    """
    # What the figures of all rows say beside their numbers: 備查 is 鎖定 in a closed period.
    columns = tuple([(period.number, period.is_closed) for period in grid.periods])
    rows = []
    for row in grid.rows:
        cells = tuple([_sources_of(cell) for cell in row.cells])
        sources = (row.department_id, row.department_name, cells)
        rows.append(RowToMake(sources, columns, partial(_grid_row, row)))
    return rows


def _sources_of(cell: PeriodCell | None) -> tuple[Hashable, ...] | None:
    """All that a cell is made from beside its period."""
    if cell is None:
        return None
    return (cell.name_then, tuple(cell.counts.items()), tuple(cell.oldest.items()))


def _grid_row(row: DepartmentRow) -> GridPageRow:
    cells = tuple(_cell(cell) for cell in row.cells)
    return GridPageRow(row.department_id, row.department_name, cells)


def _cell(cell: PeriodCell | None) -> GridPageCell | None:
    if cell is None:
        return None
    return GridPageCell(cell.period.number, tuple(cell.state_counts), cell.name_then)


def reminder_rows(reminders: Iterable[Reminder]) -> list[ReminderPageRow]:
    rows = []
    for number, reminder in enumerate(reminders, start=1):
        people = "、".join(reminder.people)
        row = ReminderPageRow(
            number=number,
            heading=reminder.heading,
            people=people or NOBODY,
            text=reminder.text,
        )
        rows.append(row)
    return rows
