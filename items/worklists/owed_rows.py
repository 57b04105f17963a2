"""What departments owe, as rows of values: of each department the first ones, and all their numbers.

At 100,000 assignments the texts of 催辦 would name half of them: the page took a second for lines
that nobody reads.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from items.models.assignments import OFFICIAL_ORDER

LINES = 50
"""How many items one text of 催辦 names; a longer message is not read."""


@dataclass(frozen=True)
class OwedColumns:
    """Where the rows of one kind have what a reminder says, and how they are sorted."""

    department: str
    person: str
    """The 承辦人 of an assignment, or whoever has written a report."""
    code: str
    title: str
    state: str
    order: tuple[str, ...]
    each: tuple[str, ...]
    """Of what the first rows are needed: whose row it is may decide whether it is counted at all."""


OWED_ASSIGNMENTS = OwedColumns(
    department="department_id",
    person="contact_id",
    code="action__code",
    title="action__title",
    state="filing_states",
    order=OFFICIAL_ORDER,
    each=("department_id",),
)
OWED_ENDORSEMENTS = OwedColumns(
    department="assignment__department_id",
    person="written_by_id",
    code="assignment__action__code",
    title="assignment__action__title",
    state="state",
    order=("assignment__action__code", "assignment_id"),
    # A head cannot endorse what they wrote themselves.
    each=("assignment__department_id", "written_by_id"),
)


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
        number_of = dict(self.number_of)
        for person in people:
            del number_of[person]
        return OwedByDepartment(rows, number_of)


def first_owed(
    owed: QuerySet[Any], columns: OwedColumns, *, is_long: bool
) -> Mapping[int, OwedByDepartment]:
    """{key of a department: what it owes}, in one query.

    `is_long` says that some department has more than `LINES` rows: then its first ones alone are
    fetched, and a second query counts all.
    """
    in_order = owed.order_by(*columns.order)
    if is_long:
        in_order = _first_of_each(owed, columns)
    by_department: dict[int, OwedByDepartment] = {}
    names = (columns.department, columns.person, columns.code, columns.title, columns.state)
    for values in in_order.values_list(*names):
        row = OwedRow(*values)
        of_department = by_department.setdefault(row.department, OwedByDepartment([], {}))
        of_department.rows.append(row)
        number = of_department.number_of.get(row.person, 0)
        of_department.number_of[row.person] = number + 1
    if is_long:
        for department, person, number in _numbers(owed, columns):
            if department in by_department:
                by_department[department].number_of[person] = number
    return by_department


def _first_of_each(owed: QuerySet[Any], columns: OwedColumns) -> QuerySet[Any]:
    """The first `LINES` of `columns.each`, in order."""
    place = Window(
        RowNumber(),
        partition_by=[F(name) for name in columns.each],
        order_by=[F(name) for name in columns.order],
    )
    placed = owed.annotate(place=place).filter(place__lte=LINES)
    return placed.order_by(*columns.order)


def _numbers(owed: QuerySet[Any], columns: OwedColumns) -> list[Any]:
    """How many there are of each department and person."""
    groups = owed.order_by(columns.department, columns.person)
    in_groups = groups.values_list(columns.department, columns.person)
    return list(in_groups.annotate(number=Count("pk")))
