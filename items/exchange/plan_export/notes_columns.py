"""原完成期限 and 承接關係: columns of their own, so that the table reads back as it is."""

from collections.abc import Mapping, Sequence

from items.exchange.columns import DEADLINE, PrintedLead, printed
from items.exchange.plan_export.table_layout import Cell
from items.exchange.spreadsheets.file_table import Column
from items.models.earlier_deadlines import EarlierDeadline
from items.models.item_links import ItemLinks

EARLIER = Column(f"原{DEADLINE}", 15, is_centred=True)
LINKS = Column("承接關係", 15)
"""「併入 115-07」, 「由 115-03 分出」."""


def earlier_cell(leads: Mapping[int, PrintedLead], earlier: Mapping[int, EarlierDeadline]) -> str:
    """What extensions have replaced, by department where several have the item.

    `leads` are those of the item by the key of the assignment, with the deadlines of now.
    """
    lines = []
    for key, lead in leads.items():
        before = earlier.get(key)
        # Where the words stayed and only the day was moved, printing them again says nothing.
        if before is None or before.words == lead.deadline:
            continue
        words = before.words
        if len(leads) > 1:
            words = f"{lead.department} {words}"
        lines.append(words)
    return printed(lines)


def links_cell(key: int, links: Mapping[int, ItemLinks]) -> str:
    """What an item has gone into, or what has gone into it; empty of most."""
    of_item = links.get(key)
    if of_item is None:
        return ""
    return of_item.words


def append_if_filled(
    column: Column, cells: Sequence[str], *, columns: list[Column], rows: Sequence[list[Cell]]
) -> None:
    """Put a column behind the others, and its cell behind each row; not where all are empty."""
    # An empty column would look as if somebody had forgotten to fill it.
    if not any(cells):
        return
    columns.append(column)
    for row, cell in zip(rows, cells, strict=True):
        row.append(cell)
