"""填報審核: the list behind each figure of the grid, with the same assignments that it counts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from items import access
from items.models import (
    EDITABLE,
    Assignment,
    Department,
    Period,
    PeriodClosing,
    ProgressReport,
    ReportState,
    User,
    filing_states,
)
from items.models.assignment_queries import AssignmentQuerySet
from items.models.filing_states import MISSING
from items.models.period_line import PeriodLine
from items.models.progress import CLOSED_UNACCEPTED, ProgressReportQuerySet
from items.worklists.whose_turn import (
    HeadNames,
    Turn,
    departments_with_head,
    turn_of_report,
    turn_to_write,
    words_of,
)

EXPECTED = "expected"
OUTSTANDING = "outstanding"
WAITING = "waiting"
UNACCEPTED = "unaccepted"
"""Beside the states of a report: all asked for, all not sent, 等您審核, and all not 備查."""

LIST_STATES = [
    ("", "等您審核（所有填報期）"),
    (WAITING, "等您審核（這一期）"),
    (EXPECTED, "應填"),
    (OUTSTANDING, "未送出"),
    (UNACCEPTED, "未備查"),
    (MISSING, "未填"),
    *ReportState.choices,
]
"""What the list can be limited to, with the words of the filter."""

PER_PAGE = 50
"""How many reports or assignments a page of the list shows."""


def joined(*parts: str) -> str:
    """The parts that say something, between points."""
    return "・".join(part for part in parts if part)


@dataclass(frozen=True)
class ListedAssignment:
    """An assignment in the period; `is_own` where it is one of the reader's departments."""

    assignment: Assignment
    period: Period
    is_own: bool = False
    turn: Turn | None = None

    @property
    def turn_words(self) -> str:
        """「11月18日起待陳志明核可，已 4 天」; empty where nobody has to act."""
        return words_of(self.turn)

    @property
    def state(self) -> str:
        return self.assignment.report_state or MISSING

    @property
    def word(self) -> str:
        if self.assignment.report_state is None:
            return "未填"
        state = ReportState(self.assignment.report_state)
        if state is ReportState.ACCEPTED and self.period.is_closed:
            return "鎖定"
        return state.label

    @property
    def closed_words(self) -> str:
        """Why nobody can go on with it; empty where somebody can, or where nothing is left to do."""
        if not self.period.is_closed or self.state == ReportState.ACCEPTED:
            return ""
        return CLOSED_UNACCEPTED

    @property
    def words_below(self) -> str:
        """「行政處 王美玲・第4季・11月18日起待陳志明核可」: whose it is, and where it stands."""
        whose = f"{self.assignment.department} {self.assignment.contact_words}".strip()
        return joined(whose, self.period.name, self.closed_words, self.turn_words)

    @property
    def report_to_read(self) -> int | None:
        """The key of the report, where it was sent; a draft is for its department alone."""
        state = self.assignment.report_state
        if state is None:
            return None
        if state in EDITABLE and not self.is_own:
            return None
        return self.assignment.report_id


@dataclass(frozen=True)
class KeptInList:
    """A line of a closed period in the list, as it was when the period was closed."""

    line: PeriodLine
    period: Period

    @property
    def word(self) -> str:
        """填報狀態 as the plan office knows it, with drafts."""
        if self.line.state == MISSING:
            return "未填"
        state = ReportState(self.line.state)
        if state is ReportState.ACCEPTED:
            return "鎖定"
        return state.label

    @property
    def closed_words(self) -> str:
        """Why nobody can go on with it; empty for what was accepted."""
        if self.line.state == ReportState.ACCEPTED:
            return ""
        return CLOSED_UNACCEPTED

    @property
    def words_below(self) -> str:
        """「行政處 王美玲・第3季・期已關閉，未備查」: whose it was, and what became of it."""
        whose = f"{self.line.department} {self.line.contact}".strip()
        return joined(whose, self.period.name, self.closed_words)

    @property
    def report_to_read(self) -> int | None:
        """The key of the report, where something had been submitted."""
        if self.line.report is None:
            return None
        return self.line.report_key


def with_turns(
    assignments: Sequence[Assignment], period: Period, today: date
) -> list[ListedAssignment]:
    """Rows `with_report` and `with_contact`, with whose turn it is; two queries in an open period."""
    reports = _reports_of(assignments, period)
    heads = HeadNames.of(departments_with_head(reports.values()), today)
    listed = []
    for assignment in assignments:
        report = reports.get(assignment.pk)
        if report is not None and report.is_submitted:
            turn = turn_of_report(report, assignment, heads, today)
        else:
            returned = None
            if report is not None and report.state == ReportState.RETURNED:
                returned = report
            who = assignment.contact_words
            turn = turn_to_write(period, assignment, today, who=who, returned=returned)
        listed.append(ListedAssignment(assignment, period, turn=turn))
    return listed


def _reports_of(assignments: Sequence[Assignment], period: Period) -> dict[int, ProgressReport]:
    """{key of the assignment: its report of an open period}, without the texts."""
    # Of a closed period nobody has a turn any more.
    if not period.is_open:
        return {}
    assignment_of = {}
    for assignment in assignments:
        if assignment.report_id is not None:
            assignment_of[assignment.report_id] = assignment
    if not assignment_of:
        return {}
    columns = ("assignment_id", "state", "since", "updated_at", "written_by_id")
    reports = {}
    for report in ProgressReport.objects.filter(pk__in=assignment_of).only(*columns):
        report.period = period
        report.assignment = assignment_of[report.pk]
        reports[report.assignment_id] = report
    return reports


def is_decision_list(state: str, period: Period | None) -> bool:
    """Whether the list shows reports to decide on, rather than where assignments stand."""
    if state in ("", WAITING):
        return True
    return state == ReportState.WITH_COORDINATOR and period is not None and period.is_open


def limited(
    reports: ProgressReportQuerySet,
    state: str,
    period: Period | None,
    department: Department | None,
    *,
    older: int = 0,
    factor: str = "",
    today: date,
) -> ProgressReportQuerySet:
    """The waiting reports that the filter asks for; `older` in days, 0 for all; `factor` is 落後因素."""
    if factor:
        reports = reports.filter(delay_factor=factor)
    if older:
        reports = reports.waiting_for(older, today)
    if department is not None:
        reports = reports.filter(assignment__department=department)
    # The first choice of the list: what waits of all periods together.
    if state == "" or period is None:
        return reports
    reports = reports.filter(period=period)
    # The grid counts only what the period asks for. A report may still wait for an item that is not
    # asked for any more: the list must have as many lines as the figure says.
    if state == ReportState.WITH_COORDINATOR:
        expected = Assignment.objects.expected_in(period)
        reports = reports.filter(assignment__in=expected.values("pk"))
    return reports


def assignments_in_state(
    user: User,
    state: str,
    period: Period,
    department: Department | None,
    *,
    older: int = 0,
    factor: str = "",
    today: date,
) -> AssignmentQuerySet:
    """The assignments that a figure of the grid counts, in the order of the plan.

    With `older`, those in which a report has waited for so many days; what was not begun has none.
    With `factor`, those whose submitted report names it as 落後因素.
    """
    expected = access.visible_assignments(user).expected_in(period)
    if department is not None:
        expected = expected.filter(department=department)
    if older:
        old = ProgressReport.objects.filter(period=period).waiting_for(older, today)
        expected = expected.filter(pk__in=old.order_by().values("assignment"))
    if factor:
        # Submitted ones: what a draft names as the cause is for its department alone.
        named = ProgressReport.objects.filter(period=period, delay_factor=factor).submitted()
        expected = expected.filter(pk__in=named.order_by().values("assignment"))
    listed = in_states(expected, period, states_of(state))
    return listed.with_contact().with_path().in_order()


def kept_in_state(
    closing: PeriodClosing, state: str, department: Department | None, *, factor: str = ""
) -> QuerySet[Any]:
    """The lines of a closed period that a figure of the grid counts, as they were kept."""
    # As a line spells it; within a text of a report the marks would be escaped.
    lines = closing.lines.filter(content__contains='"is_expected":true').order_by("place")
    if department is not None:
        lines = lines.filter(department_key=department.pk)
    if factor:
        # Only what was submitted has the field, under its name as the line spells it.
        named = json.dumps(factor, ensure_ascii=False)
        lines = lines.filter(content__contains=f'"delay_factor":{named}')
    states = states_of(state)
    if states:
        lines = lines.filter(state__in=states)
    return lines


def states_of(chosen: str) -> tuple[str, ...]:
    """The states that a choice of `LIST_STATES` stands for; none for all of them."""
    of_several = {
        EXPECTED: (),
        OUTSTANDING: filing_states.OUTSTANDING,
        UNACCEPTED: filing_states.UNACCEPTED,
    }
    return of_several.get(chosen, (chosen,))


def in_states(
    assignments: AssignmentQuerySet, period: Period, states: Sequence[str]
) -> AssignmentQuerySet:
    """The assignments `with_report` whose report is in one of these states; all without `states`."""
    with_report = assignments.with_report(period)
    if not states:
        return with_report
    stored = [state for state in states if state != MISSING]
    is_in_state = Q(report_state__in=stored)
    if MISSING in states:
        # A missing report has no state, and NULL equals none of those asked for.
        is_in_state |= Q(report_state__isnull=True)
    return with_report.filter(is_in_state)
