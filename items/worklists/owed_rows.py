"""What departments owe, as rows of values: of each department the first ones, and all their numbers.

At 100,000 assignments the texts of 催辦 would name half of them: the page took a second for lines
that nobody reads.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

LINES = 50
"""How many items one text of 催辦 names; a longer message is not read."""


def unnamed_words(number: int) -> str:
    """「……另有 50 件，請登入系統看全部。」, of what a text or a mail does not name."""
    return f"……另有 {number:,} 件，請登入系統看全部。"


@dataclass(frozen=True)
class OwedColumns:
    """Where the rows of one kind have what a reminder says, and how they are sorted."""

    department: str
    person: str
    """The 承辦人 of an assignment, or the writer of a report."""
    code: str
    title: str
    state: str
    order: tuple[str, ...]


class OwedRow(NamedTuple):
    """One item that is owed; `state` is that of its report, or the `filing_states` of the year."""

    department: int
    person: int | None
    code: str
    title: str
    state: str


@dataclass(frozen=True)
class OwedByDepartment:
    """The first rows of a department, and how many there are of each person."""

    rows: list[OwedRow]
    number_of: dict[int | None, int]
    """{key of the person, None for nobody in particular: how many}, in the order of the rows."""

    @property
    def number(self) -> int:
        return sum(self.number_of.values())

    def without(self, people: Collection[int | None]) -> "OwedByDepartment":
        """The same without what is of these people."""
        rows = [row for row in self.rows if row.person not in people]
        number_of = {}
        for person, number in self.number_of.items():
            if person not in people:
                number_of[person] = number
        return OwedByDepartment(rows, number_of)


def named(owed: QuerySet[Any], columns: OwedColumns) -> QuerySet[Any]:
    """The values that `by_department` takes, in their order."""
    names = (columns.department, columns.person, columns.code, columns.title, columns.state)
    return owed.order_by(*columns.order).values_list(*names)


def by_department(rows: Iterable[Any]) -> dict[int, OwedByDepartment]:
    """{key of a department: what it owes}, from all rows that it has."""
    owed_by: dict[int, OwedByDepartment] = {}
    for values in rows:
        row = OwedRow(*values)
        of_department = owed_by.get(row.department)
        if of_department is None:
            of_department = OwedByDepartment([], {})
            owed_by[row.department] = of_department
        of_department.rows.append(row)
        number = of_department.number_of.get(row.person, 0)
        of_department.number_of[row.person] = number + 1
    return owed_by
