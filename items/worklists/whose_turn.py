"""Whose turn it is: where a report stands, who is next, since when, in one sentence.

Every page takes its sentence from here, and all of them the day from `ProgressReport.since`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db.models import DateField, OuterRef, QuerySet, Subquery

from items.models import (
    READ_ONLY,
    Assignment,
    Deputy,
    Membership,
    MembershipRole,
    Period,
    ProgressReport,
    ReportState,
)
from items.models.prepared import Prepared, Slot
from items.roc import format_roc_near
from plan_tracker.clock import day_of

OFFICE = "研考"
OFFICE_FOR_HEAD = "研考（單位沒有其他主管）"


@dataclass(frozen=True)
class Turn:
    """Somebody's turn: 「待」, who, what they do, and the day since when."""

    who: str
    what: str
    since: date
    today: date

    @property
    def days(self) -> int:
        # Never below 0: a clock may have been set back since the step.
        return max((self.today - self.since).days, 0)

    @property
    def next_words(self) -> str:
        """「待陳志明核可」"""
        return f"待{self.who}{self.what}"

    @property
    def words(self) -> str:
        """「11月18日起待陳志明核可，已 4 天」"""
        if self.days == 0:
            return f"今天起{self.next_words}"
        since = format_roc_near(self.since, self.today)
        return f"{since}起{self.next_words}，已 {self.days} 天"


def _heads_on(day: date | Slot) -> QuerySet[Any]:
    """The heads of all departments, each with the name of who stands in for them on the day."""
    stand_in = (
        Deputy.objects.in_force(day)
        .filter(person=OuterRef("user"), deputy__is_active=True)
        # A deputy who may only read cannot endorse for anybody.
        .exclude(deputy__role__in=READ_ONLY)
        .order_by("pk")
    )
    return (
        Membership.objects.who_can_write()
        .filter(role=MembershipRole.HEAD)
        .select_related("user")
        .only("department_id", "user__full_name", "user__username")
        .order_by("pk")
        .annotate(stand_in=Subquery(stand_in.values("deputy__full_name")[:1]))
    )


_HEADS_OF_ONE = Prepared[Any](
    lambda: _heads_on(Slot("today", DateField())).filter(department=Slot("department"))
)
"""For one department, such as after a sending: writing the SQL took two thirds of the time."""


@dataclass(frozen=True)
class HeadNames:
    """Who can endorse in which department: {key of it: {key of the head: the name}}.

    The name says who stands in for somebody who is away on the day.
    """

    names: Mapping[int, Mapping[int, str]]

    @classmethod
    def of(cls, departments: Iterable[int], today: date) -> Self:
        """One query; none where no department is asked for."""
        keys = set(departments)
        if not keys:
            return cls({})
        if len(keys) == 1:
            rows = _HEADS_OF_ONE(department=keys.pop(), today=today)
        else:
            rows = list(_heads_on(today).filter(department__in=keys))
        names: dict[int, dict[int, str]] = {}
        for row in rows:
            name = str(row.user)
            if row.stand_in:
                name = f"{name}（{row.stand_in}代理）"
            names.setdefault(row.department_id, {})[row.user_id] = name
        return cls(names)

    def words(self, department: int, writer: int) -> str:
        """「陳處長、李副處長」: those who did not write it; the plan office where there is nobody."""
        names = []
        for head, name in self.names.get(department, {}).items():
            # A head never endorses a report that they wrote themselves.
            if head != writer:
                names.append(name)
        if not names:
            return OFFICE_FOR_HEAD
        return "、".join(names)


def turn_of_report(
    report: ProgressReport, assignment: Assignment, heads: HeadNames, today: date
) -> Turn | None:
    """Whose turn it is with a report that was sent; None where nobody has to act any more.

    `heads` are asked only of a report that waits for one.
    """
    # In a closed period nobody can act: a name would be chased for nothing.
    if report.is_locked:
        return None
    since = day_since(report)
    if report.state == ReportState.WITH_HEAD:
        who = heads.words(assignment.department_id, report.written_by_id)
        return Turn(who, "核可", since, today)
    if report.state == ReportState.WITH_COORDINATOR:
        return Turn(OFFICE, "審核", since, today)
    return None


def turn_to_write(
    period: Period,
    assignment: Assignment,
    today: date,
    *,
    who: str,
    returned: ProgressReport | None,
) -> Turn | None:
    """Whose turn it is where nothing was sent yet; None in a period that is not open.

    `who` is the 承辦人, or the department. `returned` is the report that came back, for a reader
    who may know of it.
    """
    if not period.is_open or period.opened_at is None:
        return None
    name = who or str(assignment.department)
    if returned is not None:
        return Turn(name, "補正", day_since(returned), today)
    since = day_of(period.reopened_at or period.opened_at)
    # What was handed out later waits only since then.
    if assignment.handed_out_on is not None:
        since = max(since, assignment.handed_out_on)
    return Turn(name, "填報", since, today)


def day_since(report: ProgressReport) -> date:
    """The day of its newest step."""
    return day_of(report.since or report.updated_at)


def departments_with_head(reports: Iterable[ProgressReport]) -> set[int]:
    """The departments whose heads are to be named; the assignments are at hand."""
    keys = set()
    for report in reports:
        if report.state == ReportState.WITH_HEAD and not report.is_locked:
            keys.add(report.assignment.department_id)
    return keys


def words_of(turn: Turn | None) -> str:
    """The sentence; empty where nobody has to act."""
    if turn is None:
        return ""
    return turn.words
