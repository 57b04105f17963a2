"""期已關閉，未備查: what was not accepted when its period was closed, and whom to turn to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from items import access
from items.access.prepared import PreparedForPerson
from items.models import (
    Assignment,
    MembershipRole,
    Period,
    Programme,
    Reopening,
    ReportState,
    Role,
    User,
)
from items.models.filing_states import UNACCEPTED
from items.models.prepared import Prepared, Slot
from items.roc import format_roc
from items.worklists.filing_counts import filed_by_ways, ways_of
from items.worklists.review_list import ListedAssignment, in_states

WINDOW = 100
"""How many items of one period a page lists."""


@dataclass(frozen=True)
class ClosedPeriodWork:
    """What of one closed period is not 備查; `total` counts all, `items` are the first ones."""

    period: Period
    total: int
    items: list[ListedAssignment]

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.items)


@dataclass(frozen=True)
class ClosedWork:
    """All of it, the newest period first; `office` names those who can open a period again."""

    works: list[ClosedPeriodWork]
    office: str

    @property
    def total(self) -> int:
        return sum(work.total for work in self.works)

    @property
    def heading(self) -> str:
        """「第3季已關閉，未備查 2 件」, or 「已關閉，未備查 3 件：第3季 2 件、第1季 1 件」"""
        if len(self.works) == 1:
            [only] = self.works
            return f"{only.period.name}已關閉，未備查 {self.total:,} 件"
        parts = []
        for work in self.works:
            parts.append(f"{work.period.name} {work.total:,} 件")
        return f"已關閉，未備查 {self.total:,} 件：{'、'.join(parts)}"

    @property
    def remedy(self) -> str:
        """What can be done, in a sentence."""
        return f"需要補填、更正或核可，請洽{self.office}重新開放那一期。"


_OF_YEAR = Prepared(lambda: Period.objects.filter(programme=Slot("programme")).order_by())


def closed_work_of_departments(
    user: User,
    programme: Programme,
    open_by_itself: Collection[Reopening] = (),
    *,
    periods: Sequence[Period] | None = None,
) -> ClosedWork:
    """Everything of the reader's departments that is not 備查.

    What was opened again by itself is left out: it stands among what is to be corrected. A caller
    that has all `periods` of the year saves a query.
    """
    return _closed_work(
        user, programme, states=UNACCEPTED, open_by_itself=open_by_itself, periods=periods
    )


def closed_work_for_head(user: User, programme: Programme) -> ClosedWork:
    """What waited for this head when its period was closed."""
    states = (ReportState.WITH_HEAD,)
    closed = _closed_work(user, programme, states=states, role=MembershipRole.HEAD)
    if not closed.works:
        # The usual case, in which nothing more is asked.
        return closed
    open_by_itself = list(Reopening.objects.active().filter(period__programme=programme))
    if not open_by_itself:
        return closed
    # What was opened again by itself waits for the head like reports of open periods: not here.
    return _closed_work(
        user,
        programme,
        states=states,
        role=MembershipRole.HEAD,
        open_by_itself=open_by_itself,
    )


def _own_ways(user: User, role: MembershipRole | None) -> QuerySet[Any]:
    departments = access.departments_of(user, role=role)
    return ways_of(Assignment.objects.filter(department__in=departments), Slot("programme"))


_OWN_WAYS = PreparedForPerson[Any](_own_ways)


def _closed_work(
    user: User,
    programme: Programme,
    *,
    states: Sequence[str],
    role: MembershipRole | None = None,
    open_by_itself: Collection[Reopening] = (),
    periods: Sequence[Period] | None = None,
) -> ClosedWork:
    """What is in one of these states, in two queries and one for each period that has any of it.

    The departments are those that the person writes for, or has a `role` in.
    """
    if periods is None:
        periods = _OF_YEAR(programme=programme.pk)
        for period in periods:
            period.programme = programme
    newest_first = sorted(periods, key=lambda period: period.ends_on, reverse=True)
    # In the first months of a year nothing is closed yet.
    if not any(period.is_closed for period in periods):
        return ClosedWork([], office="")
    filed = filed_by_ways(lambda year: _OWN_WAYS(user, role, programme=year), periods)
    if filed is None:
        return ClosedWork([], office="")
    works = []
    for period in newest_first:
        if not period.is_closed:
            continue
        total = 0
        for numbers in filed.numbers[period.pk].values():
            total += sum(numbers[state] for state in states)
        # Where everything was accepted, which is usual, no assignment is asked for.
        if not total:
            continue
        reopened = [one.assignment_id for one in open_by_itself if one.period_id == period.pk]
        work = _work_of_period(user, period, states, total, role=role, reopened=reopened)
        if work is not None:
            works.append(work)
    office = ""
    if works:
        office = plan_office_words()
    return ClosedWork(works, office)


def _work_of_period(
    user: User,
    period: Period,
    states: Sequence[str],
    total: int,
    *,
    role: MembershipRole | None,
    reopened: Sequence[int],
) -> ClosedPeriodWork | None:
    """What of `total` is left without what was `reopened`; None where nothing is."""
    expected = access.visible_assignments(user).expected_in(period)
    listed = in_states(expected, period, states)
    listed = listed.filter(department__in=access.departments_of(user, role=role))
    # What was opened again by itself stands on the page already, as work that can be done.
    if reopened:
        total -= listed.filter(pk__in=reopened).count()
        listed = listed.exclude(pk__in=reopened)
    if not total:
        return None
    items = []
    for assignment in listed.with_contact().with_path().in_order()[:WINDOW]:
        items.append(ListedAssignment(assignment, period, is_own=True))
    return ClosedPeriodWork(period, total, items)


def plan_office_words() -> str:
    """「研考（顏佳慧）」: the people of the plan office by name."""
    # By name: "研考" alone is a role, and nobody knows whom to ring up.
    people = User.objects.filter(role=Role.COORDINATOR, is_active=True).order_by("username")
    names = [str(person) for person in people]
    if not names:
        return "研考"
    return f"研考（{'、'.join(names)}）"


def nothing_open_words(programme: Programme, periods: Sequence[Period]) -> str:
    """Why nothing can be filled in now, where no period of the year is open."""
    if not periods:
        return (
            f"{programme.year}年度的填報期還沒有建立；研考建立並開放後，會在這裡列出您要填的項目。"
        )
    # The first that is still to come: somebody who looks too early is told from when on.
    for period in periods:
        if period.opened_at is None:
            days = f"{format_roc(period.starts_on)}至{format_roc(period.ends_on)}"
            return f"{period.name}（{days}）由研考開放後，會在這裡列出您要填的項目。"
    return f"{programme.year}年度的填報期都已關閉。"
