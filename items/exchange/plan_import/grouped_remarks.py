"""Errors and warnings as the page says them: equal ones once, with all of their rows."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from items.exchange.plan_import.preview import Remark

_ROWS_NAMED = 10
# Where the cell stands differs, what is wrong with it may not.
_PLACE = re.compile(r"儲存格 [A-Z]{1,3}\d+：")


class GroupedRemark(NamedTuple):
    """One message and the rows that it is about; no rows where it is about the whole sheet.

    `column` is "" where it is about whole rows.
    """

    rows: list[int]
    column: str
    message: str

    @property
    def place(self) -> str:
        """第 2、3 列; of many rows the first ones and how many there are."""
        if not self.rows:
            return "整張表"
        named = "、".join(str(row) for row in self.rows[:_ROWS_NAMED])
        if len(self.rows) > _ROWS_NAMED:
            return f"第 {named}…等 {len(self.rows):,} 列"
        return f"第 {named} 列"

    @property
    def sentence(self) -> str:
        """The message with its rows, for a list without columns."""
        if not self.rows:
            return self.message
        return f"{self.place}：{self.message}"


def group_remarks(remarks: Iterable[Remark]) -> list[GroupedRemark]:
    """The messages in their order, each once; a message about one row keeps its cell."""
    groups: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        column = remark.column or ""
        # The same fault in other cells is one message, and the cell would tell them apart.
        message = _PLACE.sub("", remark.message, count=1)
        groups.setdefault((column, message), []).append(remark)
    grouped = []
    for (column, message), members in groups.items():
        if len(members) == 1:
            message = members[0].message
        grouped.append(GroupedRemark(_rows_of(members), column, message))
    return grouped


def _rows_of(remarks: Iterable[Remark]) -> list[int]:
    """The rows in their order; a row may have one message about two of its cells."""
    rows = [remark.row for remark in remarks if remark.row]
    # A dictionary, since a file of 10,000 rows may have the same fault in each of them.
    return list(dict.fromkeys(rows))
