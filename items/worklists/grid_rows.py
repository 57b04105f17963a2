"""The rows of 填報審核 that count or remind, as templates draw them: plain values, for HTML is kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from items.worklists.department_reminder import Reminder
from items.worklists.period_grid import PeriodCell, PeriodGrid, StateCount

GRID_SHOWN = 60
REMINDERS_SHOWN = 20
"""How many departments and texts the page shows before somebody asks for all of them."""
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


def grid_rows(grid: PeriodGrid) -> list[GridPageRow]:
    rows = []
    for row in grid.rows:
        cells = tuple(_cell(cell) for cell in row.cells)
        rows.append(GridPageRow(row.department_id, row.department_name, cells))
    return rows


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
