"""How much of a period a person's departments still have to write, counted by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from items import access
from items.access.prepared import PreparedForPerson
from items.models import Membership, Period, ReportState, User
from items.models.light_basis import LightBasis
from items.worklists.writing_order import WorkStage, rows_to_report, with_stage

TO_DO = (WorkStage.RETURNED, WorkStage.TO_WRITE)


@dataclass(frozen=True)
class Writers:
    """Who can write for which department: {(key of a person, key of a department)}."""

    pairs: frozenset[tuple[int, int]]

    def can_write(self, person: int | None, department: int) -> bool:
        return person is not None and (person, department) in self.pairs


@dataclass(frozen=True)
class WorkGroup:
    """Assignments that are alike: how many of them there are."""

    stage: WorkStage
    is_accepted: bool
    is_mine: bool
    is_named: bool
    """Whether a 承辦人 is named who still can write it."""
    number: int


@dataclass(frozen=True)
class WorkNumbers:
    """All numbers of one period."""

    groups: list[WorkGroup]
    writers: Writers

    def number(self, *stages: WorkStage) -> int:
        return sum(group.number for group in self.groups if group.stage in stages)

    @property
    def to_do(self) -> int:
        return self.number(*TO_DO)

    @property
    def accepted(self) -> int:
        return sum(group.number for group in self.groups if group.is_accepted)

    def mine(self, *stages: WorkStage) -> int:
        return sum(group.number for group in self._of(stages) if group.is_mine)

    def named(self, *stages: WorkStage) -> int:
        return sum(group.number for group in self._of(stages) if group.is_named)

    def _of(self, stages: Sequence[WorkStage]) -> list[WorkGroup]:
        return [group for group in self.groups if group.stage in stages]


def number_to_do(user: User, basis: LightBasis) -> int:
    """What is still to be written or sent in all open periods of the year; a query for each."""
    number = 0
    for period in basis.opened_periods:
        if not period.is_open:
            continue
        for row in _ALIKE(user, period, basis):
            if row["stage"] in TO_DO:
                number += row["number"]
    return number


def _alike(user: User, period: Period, basis: LightBasis) -> QuerySet[Any]:
    rows: QuerySet[Any] = with_stage(rows_to_report(user, period, basis))
    # Ordered by nothing: columns of an order would split the groups.
    groups = rows.order_by().values("stage", "report_state", "contact_id", "department_id")
    return groups.annotate(number=Count("pk"))


_ALIKE = PreparedForPerson[Any](_alike)


def work_numbers(user: User, period: Period, basis: LightBasis) -> WorkNumbers:
    """Count what the person's departments report on in the period; one query, two with 承辦人."""
    counted = _ALIKE(user, period, basis)
    # Who can write is asked only where a 承辦人 is named: many offices name none.
    writers = Writers(frozenset())
    if any(row["contact_id"] is not None for row in counted):
        writers = writers_for(user)
    groups = []
    for row in counted:
        group = WorkGroup(
            stage=WorkStage(row["stage"]),
            is_accepted=row["report_state"] == ReportState.ACCEPTED,
            is_mine=row["contact_id"] == user.pk,
            is_named=writers.can_write(row["contact_id"], row["department_id"]),
            number=row["number"],
        )
        groups.append(group)
    return WorkNumbers(groups, writers)


def _writers(user: User) -> QuerySet[Any]:
    memberships = Membership.objects.who_can_write()
    of_departments = memberships.filter(department__in=access.departments_of(user))
    return of_departments.order_by().values_list("user_id", "department_id")


_WRITERS = PreparedForPerson[Any](_writers)


def writers_for(user: User) -> Writers:
    """Who can write for the person's departments; one query."""
    return Writers(frozenset(_WRITERS(user)))
