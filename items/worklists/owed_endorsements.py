"""What heads still have to endorse: of each department the first reports, and how many of whom."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet

from items import access
from items.access.prepared import PreparedForPerson
from items.models import ProgressReport, ReportState, User
from items.models.prepared import Slot
from items.models.progress import ProgressReportQuerySet
from items.worklists.owed_rows import LINES, OwedByDepartment, OwedColumns, by_department, named

AT_ONCE = 200
"""Of so many reports all rows are fetched; of more they are counted first."""

OWED_ENDORSEMENTS = OwedColumns(
    department="assignment__department_id",
    person="written_by_id",
    code="assignment__action__code",
    title="assignment__action__title",
    state="state",
    order=("assignment__action__code", "assignment_id"),
)


def owed_endorsements(
    user: User, period: int, departments: Sequence[int]
) -> dict[int, OwedByDepartment]:
    """{key of a department: what waits for its heads}, with all rows; `period` is a key."""
    return by_department(_OWED(user, tuple(departments), period=period))


def endorsements_by_writer(
    user: User, period: int, departments: Sequence[int]
) -> dict[int, OwedByDepartment]:
    """The same without any rows."""
    owed_by: dict[int, OwedByDepartment] = {}
    for department, writer, number in _NUMBERS(user, tuple(departments), period=period):
        owed = owed_by.setdefault(department, OwedByDepartment([], {}))
        owed.number_of[writer] = number
    return owed_by


def first_endorsements(
    user: User, period: int, departments: Sequence[int]
) -> dict[int, OwedByDepartment]:
    """The same with the first `LINES` of each writer: a head cannot endorse what they wrote.

    All keys are read once and counted here: to number the rows of each writer in the database and
    to count them in another query took twice as long.
    """
    owed = _with_heads(user, period, departments)
    number_of: Counter[tuple[int, int]] = Counter()
    first_keys = []
    keys = owed.order_by("pk").values_list("pk", "assignment__department", "written_by")
    for key, department, writer in keys:
        number_of[department, writer] += 1
        if number_of[department, writer] <= LINES:
            first_keys.append(key)
    # By their keys alone: the conditions of `owed` were asked when the keys were read.
    first = ProgressReport.objects.filter(pk__in=first_keys)
    owed_by = by_department(named(first, OWED_ENDORSEMENTS))
    for (department, writer), number in number_of.items():
        # Not there where the last of them was deleted between the two queries.
        if department in owed_by:
            owed_by[department].number_of[writer] = number
    return owed_by


def _with_heads(
    user: User, period: int | Slot, departments: Sequence[int]
) -> ProgressReportQuerySet:
    """The reports of a period that wait for the heads of these departments."""
    return access.readable_reports(user).filter(
        period=period, state=ReportState.WITH_HEAD, assignment__department__in=departments
    )


def _numbers(user: User, departments: tuple[int, ...]) -> QuerySet[Any]:
    """How many there are of each department and writer."""
    with_heads = _with_heads(user, Slot("period"), departments)
    groups = with_heads.order_by("assignment__department", "written_by")
    in_groups = groups.values_list("assignment__department", "written_by")
    return in_groups.annotate(number=Count("pk"))


_OWED = PreparedForPerson[Any](
    lambda user, departments: named(
        _with_heads(user, Slot("period"), departments), OWED_ENDORSEMENTS
    )
)
_NUMBERS = PreparedForPerson[Any](_numbers)
