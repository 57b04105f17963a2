"""How much of a period a person's departments still have to write, counted by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from items import access
from items.models import Membership, ReportState, User
from items.models.assignments import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.worklists.writing_order import WorkStage, waiting_rows

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
        if period.is_open:
            number += waiting_rows(user, period, basis).count()
    return number


def count_rows(user: User, rows: AssignmentQuerySet) -> WorkNumbers:
    """Count rows `with_stage`."""
    # Any, since django-stubs looks for the annotations among the fields.
    plain_rows: QuerySet[Any] = rows
    alike = plain_rows.order_by().values("stage", "report_state", "contact_id", "department_id")
    counted = list(alike.annotate(number=Count("pk")))
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


def writers_for(user: User) -> Writers:
    """Who can write for the person's departments; one query."""
    memberships = Membership.objects.who_can_write()
    own = memberships.filter(department__in=access.departments_of(user)).order_by()
    return Writers(frozenset(own.values_list("user_id", "department_id")))
