"""What departments still have to report: of each the first items, and how many of whom.

All of it is asked by SQL that is kept for the ways that were counted: to write it for the moment
took half of what 催辦 took at 2,000 items.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from items import access
from items.access.prepared import PreparedForPerson
from items.models import Assignment, Department, User
from items.models.assignment_queries import OFFICIAL_ORDER, AssignmentQuerySet
from items.models.prepared import LARGEST, Prepared, Slot, Thing
from items.worklists.filing_counts import CountedWays
from items.worklists.owed_rows import LINES, OwedByDepartment, OwedColumns, by_department, named

MOST_WAYS = 200
"""Of so many ways the SQL is kept: 55 kB, up to 24 times for each query; 2,000 ways take 140 kB."""

OWED_ASSIGNMENTS = OwedColumns(
    department="department_id",
    person="contact_id",
    code="action__code",
    title="action__title",
    state="filing_states",
    order=OFFICIAL_ORDER,
)


def owed_assignments(
    user: User, counted: CountedWays, numbers: Mapping[int, int], *, of_all: bool
) -> dict[int, OwedByDepartment]:
    """{key of a department: what it owes}, of the departments of `numbers`: {key: how many}.

    One query, or three where some department owes more than `LINES`. `of_all` says that no other
    department owes anything.
    """
    if max(numbers.values(), default=0) > LINES:
        return _first_owed(user, counted, numbers)
    departments = None
    if not of_all:
        departments = tuple(numbers)
    return by_department(_OWED(user, counted, departments))


def _owing(user: User, counted: CountedWays) -> AssignmentQuerySet:
    return counted.limit(access.readable_assignments(user))


def _owed(user: User, counted: CountedWays, departments: tuple[int, ...] | None) -> QuerySet[Any]:
    owing = _owing(user, counted)
    if departments is not None:
        owing = owing.filter(department__in=departments)
    return named(owing, OWED_ASSIGNMENTS)


def _last_named(user: User, counted: CountedWays) -> QuerySet[Any]:
    """Of each department the key of the last assignment that is named, None where all of them are.

    Named are those with the lowest keys. The first ones of the plan would be nearly the same, and
    take a sort of all by ten columns. Of each department the rows are read up to that one: to
    number all took three tenths of a second of 100,000 assignments.
    """
    of_department = _owing(user, counted).filter(department=OuterRef("pk")).order_by("pk")
    last_named = Subquery(of_department.values("pk")[LINES - 1 : LINES])
    # Any, since django-stubs looks for the annotation among the fields.
    departments: QuerySet[Any] = Department.objects.order_by().annotate(last_named=last_named)
    return departments.values_list("pk", "last_named")


def _first_named(user: User, counted: CountedWays, number: int) -> QuerySet[Any]:
    """The assignments of so many departments, each up to the last one that is named."""
    # Holds of no row; an empty Q() would hold of all.
    is_named = Q(pk__in=[])
    for place in range(number):
        of_one = Q(department=Slot(f"department{place}"), pk__lte=Slot(f"last{place}"))
        is_named |= of_one
    # As keys, else SQLite reads all rows of the year and asks of each whether it is named: three
    # tenths of the page's queries.
    keys = Assignment.objects.filter(is_named).order_by().values("pk")
    return named(_owing(user, counted).filter(pk__in=keys), OWED_ASSIGNMENTS)


def _numbers(user: User, counted: CountedWays) -> QuerySet[Any]:
    """How many there are of each department and 承辦人."""
    of_somebody = _owing(user, counted).filter(contact__isnull=False)
    in_groups = of_somebody.order_by("department", "contact").values_list("department", "contact")
    return in_groups.annotate(number=Count("pk"))


class WrittenForWays:
    """A query of the assignments that went these ways; its SQL is kept where the ways are few.

    A large year has thousands of them, which change with each report that somebody saves.
    """

    def __init__(self, make: Callable[..., QuerySet[Any]]) -> None:
        self._make = make
        self._kept = PreparedForPerson[Any](make)

    def __call__(
        self, user: User, counted: CountedWays, *things: Thing, **values: int
    ) -> list[Any]:
        if counted.number > MOST_WAYS:
            written_for_now = Prepared[Any](partial(self._make, user, counted, *things))
            return written_for_now(**values)
        return self._kept(user, counted, *things, **values)


_OWED = WrittenForWays(_owed)
_LAST_NAMED = WrittenForWays(_last_named)
_FIRST_NAMED = WrittenForWays(_first_named)
_NUMBERS = WrittenForWays(_numbers)


def _first_owed(
    user: User, counted: CountedWays, numbers: Mapping[int, int]
) -> dict[int, OwedByDepartment]:
    last_of = dict(_LAST_NAMED(user, counted))
    slots = {}
    for place, department in enumerate(numbers):
        slots[f"department{place}"] = department
        # One that owes fewer has no last one: all keys are lower than this.
        slots[f"last{place}"] = last_of.get(department) or LARGEST
    owed_by = by_department(_FIRST_NAMED(user, counted, len(numbers), **slots))
    for department, person, number in _NUMBERS(user, counted):
        if department in owed_by:
            owed_by[department].number_of[person] = number
    for department, owed in owed_by.items():
        _count_the_others(owed, numbers[department])
    return owed_by


def _count_the_others(owed: OwedByDepartment, total: int) -> None:
    """Set the number of those that have no 承辦人."""
    of_people = sum(number for person, number in owed.number_of.items() if person is not None)
    if total > of_people:
        owed.number_of[None] = total - of_people
