"""What departments owe, as rows of values: of each department the first ones, and all their numbers.

At 100,000 assignments the texts of 催辦 would name half of them: the page took a second for lines
that nobody reads.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from items.models import Department
from items.models.assignment_queries import OFFICIAL_ORDER

LINES = 50
"""How many items one text of 催辦 names; a longer message is not read."""


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
    of_each_person: bool
    """Whether the first rows are fetched of each writer in a department, or of the department."""


OWED_ASSIGNMENTS = OwedColumns(
    department="department_id",
    person="contact_id",
    code="action__code",
    title="action__title",
    state="filing_states",
    order=OFFICIAL_ORDER,
    of_each_person=False,
)
OWED_ENDORSEMENTS = OwedColumns(
    department="assignment__department_id",
    person="written_by_id",
    code="assignment__action__code",
    title="assignment__action__title",
    state="state",
    order=("assignment__action__code", "assignment_id"),
    # A head cannot endorse what they wrote themselves.
    of_each_person=True,
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
        number_of = {}
        for person, number in self.number_of.items():
            if person not in people:
                number_of[person] = number
        return OwedByDepartment(rows, number_of)


def named(owed: QuerySet[Any], columns: OwedColumns) -> QuerySet[Any]:
    """The values that `by_department` takes, in their order."""
    names = (columns.department, columns.person, columns.code, columns.title, columns.state)
    return owed.order_by(*columns.order).values_list(*names)


def first_owed(
    owed: QuerySet[Any],
    columns: OwedColumns,
    *,
    totals: Mapping[int, int] | None = None,
) -> dict[int, OwedByDepartment]:
    """{key of a department: what it owes}, where some department has more than `LINES` rows.

    `LINES` of each are fetched, those that are there longest, and beside them one query or two say
    which these are, and of whom the others.
    With `totals`, the numbers of the departments, it asks for those alone that are of somebody.
    """
    if columns.of_each_person:
        return _long_of_people(owed, columns)
    owed_by = by_department(named(_first_of_departments(owed, columns), columns))
    of_somebody = owed
    if totals is not None:
        of_somebody = owed.filter(**{f"{columns.person}__isnull": False})
    for department, person, number in _numbers(of_somebody, columns):
        if department in owed_by:
            owed_by[department].number_of[person] = number
    for department, total in (totals or {}).items():
        if department in owed_by:
            _count_the_others(owed_by[department], total)
    return owed_by


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


def _long_of_people(owed: QuerySet[Any], columns: OwedColumns) -> dict[int, OwedByDepartment]:
    """The first `LINES` of each person in each department, and the number of all.

    All keys are read once and counted here: to number the rows of each person in the database and
    to count them in another query took twice as long.
    """
    number_of: Counter[tuple[int, int | None]] = Counter()
    first_keys = []
    keys = owed.order_by("pk").values_list("pk", columns.department, columns.person)
    for key, department, person in keys:
        number_of[department, person] += 1
        if number_of[department, person] <= LINES:
            first_keys.append(key)
    # By their keys alone: the conditions of `owed` were asked when the keys were read.
    first = owed.model._default_manager.filter(pk__in=first_keys)
    owed_by = by_department(named(first, columns))
    for (department, person), number in number_of.items():
        # Not there where the last of them was deleted between the two queries.
        if department in owed_by:
            owed_by[department].number_of[person] = number
    return owed_by


def _count_the_others(owed: OwedByDepartment, total: int) -> None:
    """Set the number of those that have no 承辦人."""
    of_people = sum(number for person, number in owed.number_of.items() if person is not None)
    if total > of_people:
        owed.number_of[None] = total - of_people


def _first_of_departments(owed: QuerySet[Any], columns: OwedColumns) -> QuerySet[Any]:
    """`LINES` of each department, those with the lowest keys.

    The first ones of the plan would be nearly the same, and take a sort of all by ten columns. Of
    each department the rows are read up to the last one that is shown: to number all took three
    tenths of a second of 100,000 assignments.
    """
    of_department = owed.filter(**{columns.department: OuterRef("pk")}).order_by("pk")
    last_shown = Subquery(of_department.values("pk")[LINES - 1 : LINES])
    # Any, since django-stubs looks for the annotation among the fields.
    departments: QuerySet[Any] = Department.objects.order_by().annotate(last_shown=last_shown)
    # Holds of no row; an empty Q() would hold of all.
    is_shown = Q(pk__in=[])
    for key, last in departments.values_list("pk", "last_shown"):
        of_one = Q(**{columns.department: key})
        # None of one that has fewer: all of them are shown.
        if last is not None:
            of_one &= Q(pk__lte=last)
        is_shown |= of_one
    # As keys, else SQLite reads all rows of the year and asks of each whether it is shown: three
    # tenths of the page's queries.
    shown = owed.model._default_manager.filter(is_shown).order_by()
    return owed.filter(pk__in=shown.values("pk"))


def _numbers(owed: QuerySet[Any], columns: OwedColumns) -> list[Any]:
    """How many there are of each department and person."""
    groups = owed.order_by(columns.department, columns.person)
    in_groups = groups.values_list(columns.department, columns.person)
    return list(in_groups.annotate(number=Count("pk")))
