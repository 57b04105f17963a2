"""我的填報: what a department still has to write, and what became of what it sent."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from items.access.prepared import PreparedForPerson
from items.models import (
    Assignment,
    Department,
    Period,
    Programme,
    ProgressReport,
    ReportState,
    ReportStep,
    User,
    current_first,
)
from items.models.assignment_queries import AssignmentQuerySet
from items.models.light_basis import LightBasis, periods_of_year
from items.models.prefetched import RowsWithPeople, put_in_people
from items.models.prepared import Prepared, PreparedForKeys
from items.models.progress import WRITERS
from items.models.taken_steps import ACTORS
from items.worklists.period_work import OpenWork, PeriodWork, WorkItem
from items.worklists.report_steps import fetch_steps
from items.worklists.whose_turn import (
    HeadNames,
    Turn,
    departments_with_head,
    turn_of_report,
    turn_to_write,
)
from items.worklists.work_numbers import WorkNumbers, work_numbers
from items.worklists.writing_order import (
    WorkStage,
    WritingOrder,
    by_stage,
    first_of_each_stage,
    rows_of_lists,
    rows_to_report,
    with_stage,
)

WINDOW = 100
"""How many items of one kind a page lists."""


_PERIODS = Prepared(lambda: periods_of_year().select_related("reopened_by"))


def periods_to_write(programme: Programme) -> list[Period]:
    """All periods of a year, each with the person who opened it again."""
    periods = _PERIODS(programme=programme.pk)
    for period in periods:
        period.programme = programme
    return periods


def open_work_of(
    user: User, periods: Sequence[Period], today: date, basis: LightBasis | None = None
) -> OpenWork:
    """The reader's work of these open periods, in six queries for each, seven with heads."""
    works = []
    for period in current_first(periods, today):
        if basis is None:
            basis = LightBasis.of(period.programme, today)
        works.append(work_of(user, period, today, basis))
    return OpenWork(works)


def work_of(user: User, period: Period, today: date, basis: LightBasis | None = None) -> PeriodWork:
    """The reader's work of one period: its numbers, and the first items of each list."""
    if basis is None:
        basis = LightBasis.of(period.programme, today)
    numbers = work_numbers(user, period, basis)
    assignments = _first_of_each(user, period, basis, numbers)
    reports = _reports_of(assignments, period)
    _put_in_departments(assignments)
    _put_in_people(assignments, reports.values())
    for assignment in assignments:
        if assignment.pk in reports:
            reports[assignment.pk].assignment = assignment
    # No query where nothing waits for a head.
    heads = HeadNames.of(departments_with_head(reports.values()), today)
    items: dict[WorkStage, list[WorkItem]] = {stage: [] for stage in WorkStage}
    for assignment in assignments:
        assignment.contact_can_write = numbers.writers.can_write(
            assignment.contact_id, assignment.department_id
        )
        # Only the department's own items are in the list.
        assignment.reportable = True
        report = reports.get(assignment.pk)
        turn = None
        if report is not None:
            turn = _turn_of(report, assignment, heads, today)
        item = WorkItem(assignment, report, reader=user, turn=turn)
        items[WorkStage(assignment.stage)].append(item)
    return PeriodWork(
        period=period,
        today=today,
        numbers=numbers,
        returned=items[WorkStage.RETURNED],
        to_write=items[WorkStage.TO_WRITE],
        submitted=items[WorkStage.SUBMITTED],
        finished=items[WorkStage.FINISHED],
    )


def _turn_of(
    report: ProgressReport, assignment: Assignment, heads: HeadNames, today: date
) -> Turn | None:
    """Whose turn it is with a report; nothing for a draft, which the reader's department writes."""
    if report.state == ReportState.RETURNED:
        who = assignment.contact_words
        return turn_to_write(report.period, assignment, today, who=who, returned=report)
    return turn_of_report(report, assignment, heads, today)


def _of_lists(user: User, period: Period, basis: LightBasis) -> AssignmentQuerySet:
    """The rows of all lists.

    Department and contact are fetched apart. With both joined there are nine tables, and
    PostgreSQL looks for the best order of eight: it read the whole plan for one department.
    """
    rows = with_stage(rows_to_report(user, period, basis))
    return rows_of_lists(rows, basis).select_related("action")


_ALL = PreparedForPerson(_of_lists)
_FIRST_KEYS = PreparedForPerson[Any](
    lambda user, period, basis: first_of_each_stage(
        with_stage(rows_to_report(user, period, basis)), user, basis, WINDOW
    )
)


def _first_of_each(
    user: User, period: Period, basis: LightBasis, numbers: WorkNumbers
) -> list[Assignment]:
    """The first `WINDOW` of every list."""
    if all(numbers.number(stage) <= WINDOW for stage in WorkStage):
        # Nothing is left out, which is so in nearly every department.
        return by_stage(_ALL(user, period, basis), user)
    # As a list: of keys that a sub-query gives, PostgreSQL does not know how few they are.
    shown = _FIRST_KEYS(user, period, basis)
    return by_stage(list(_of_lists(user, period, basis).filter(pk__in=shown)), user)


_DEPARTMENTS = PreparedForKeys(lambda keys: Department.objects.filter(pk__in=keys).order_by())


def _put_in_departments(assignments: Sequence[Assignment]) -> None:
    """Give each row its department: a reader's rows share a few of them."""
    department_keys = {assignment.department_id for assignment in assignments}
    departments = {department.pk: department for department in _DEPARTMENTS(department_keys)}
    for assignment in assignments:
        assignment.department = departments[assignment.department_id]


def _put_in_people(assignments: Sequence[Assignment], reports: Iterable[ProgressReport]) -> None:
    """Give each row the people whom it names, in one query: a department has a few of them.

    Joined to the reports, their writers were as many objects as there are reports.
    """
    steps: list[ReportStep] = []
    for report in reports:
        steps.extend(report.steps_at_hand)
    put_in_people(
        RowsWithPeople(assignments, ("contact",)),
        RowsWithPeople(list(reports), WRITERS),
        RowsWithPeople(steps, ACTORS),
    )


# Nobody reads the texts in a list, and there may be 5,000 characters in each.
_REPORTS = PreparedForKeys(
    lambda keys: (
        ProgressReport.objects.filter(pk__in=keys)
        .defer("text", "delay_reason", "remedy", "coordination")
        .order_by()
    )
)


def _reports_of(assignments: Sequence[Assignment], period: Period) -> dict[int, ProgressReport]:
    """{key of the assignment: its report of the period}, of rows `with_report`."""
    keys = []
    for assignment in assignments:
        if assignment.report_id is not None:
            keys.append(assignment.report_id)
    reports = _REPORTS(keys)
    fetch_steps(reports, with_people=False)
    reports_of = {}
    for report in reports:
        report.period = period
        reports_of[report.assignment_id] = report
    return reports_of


def next_to_write(
    user: User,
    period: Period,
    today: date,
    *,
    after: Assignment,
    is_returned: bool | None = None,
    basis: LightBasis | None = None,
) -> Assignment | None:
    """The next assignment to write without sending this one; None where no other is left.

    Looks from `after` to the end of the list, and then from its beginning. A caller that has the
    report of `after` says whether it `is_returned`, which saves a query.
    """
    if basis is None:
        basis = LightBasis.of(period.programme, today)
    return WritingOrder(user, period, basis).next_after(after, is_returned=is_returned)


def previous_to_write(
    user: User, period: Period, today: date, *, before: Assignment
) -> Assignment | None:
    """The one before it in the order of `next_to_write`; None where no other is left."""
    basis = LightBasis.of(period.programme, today)
    return WritingOrder(user, period, basis).previous_before(before)
