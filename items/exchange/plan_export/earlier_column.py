"""原完成期限: a column of its own, so that the table reads back as it is."""

from collections.abc import Mapping, Sequence

from items.exchange.columns import DEADLINE, PrintedLead, printed
from items.exchange.plan_export.table_layout import Cell
from items.exchange.spreadsheets.file_table import Column
from items.models.earlier_deadlines import EarlierDeadline

EARLIER = Column(f"原{DEADLINE}", 15, is_centred=True)


def earlier_cell(leads: Mapping[int, PrintedLead], earlier: Mapping[int, EarlierDeadline]) -> str:
    """What extensions have replaced, by department where several have the item.

    `leads` are those of the item by the key of the assignment, with the deadlines of now.
    """
    lines = []
    for key, lead in leads.items():
        before = earlier.get(key)
        if before is None or before.words == lead.deadline:
            continue
        words = before.words
        if len(leads) > 1:
            words = f"{lead.department} {words}"
        lines.append(words)
    return printed(lines)


def with_earlier(
    columns: Sequence[Column], rows: Sequence[list[Cell]], cells: Sequence[str]
) -> Sequence[Column]:
    """The columns of the table, with one more where any item was extended.

    An empty column would look as if somebody had forgotten to fill it.
    """
    if not any(cells):
        return columns
    for row, cell in zip(rows, cells, strict=True):
        row.append(cell)
    return [*columns, EARLIER]
