"""需要處理: the actions to ask about, with what their departments say about it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from items.lights import ATTENTION, Light
from items.models import Action, Assignment, Period
from items.models.actions import ActionQuerySet
from items.models.assignment_queries import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.models.prefetched import keep_assignments
from items.models.prepared import PreparedOfRows
from items.models.progress import ProgressReportQuerySet
from items.models.row_light import light_up
from items.plan_lines import PlanLine

LAST_WORDS: tuple[str, ...] = (
    "pk",
    "assignment",
    "period",
    "percent",
    "delay_factor",
    "delay_reason",
    "remedy",
    "coordination",
    "catch_up_month",
)

SHOWN_DEPARTMENTS = 3
"""An action of 各單位 may be late everywhere: the page names the first ones and counts the rest."""


@dataclass(frozen=True)
class LastReport:
    """What the page says of a department's newest submitted report."""

    pk: int
    period: Period
    percent: int
    factor: str
    reason: str
    remedy: str
    coordination: str
    catch_up_month: str

    @property
    def words(self) -> str:
        """「第3季填報 60%」: the link to the report."""
        return f"{self.period.name}填報 {self.percent}%"


@dataclass(frozen=True)
class Voice:
    """What one department said last; `report` is None where it never submitted anything."""

    assignment: Assignment
    report: LastReport | None

    @property
    def reason(self) -> str:
        if self.report is None:
            return ""
        return self.report.reason.strip()

    @property
    def remedy(self) -> str:
        if self.report is None:
            return ""
        return self.report.remedy.strip()

    @property
    def factor(self) -> str:
        if self.report is None:
            return ""
        return self.report.factor

    @property
    def coordination(self) -> str:
        if self.report is None:
            return ""
        return self.report.coordination.strip()

    @property
    def catch_up_words(self) -> str:
        """「預計116年2月趕上」"""
        if self.report is None or not self.report.catch_up_month:
            return ""
        return f"預計{self.report.catch_up_month}趕上"

    @property
    def owes_reason(self) -> bool:
        """Whether the department should have given a reason; 未填報 asks for a report instead."""
        is_late = self.assignment.light in (Light.OVER, Light.BEHIND)
        return is_late and not self.reason


@dataclass(frozen=True)
class Case:
    """One action as a line of the plan table, with the voices of the departments that are late."""

    line: PlanLine
    voices: list[Voice]
    more: int
    """How many more departments are late than have a voice on the page."""

    @property
    def action(self) -> Action:
        return self.line.action

    @property
    def names_departments(self) -> bool:
        return len(self.line.subjects) > 1


def cases_of(
    worst: list[int],
    basis: LightBasis,
    *,
    actions: ActionQuerySet,
    assignments: AssignmentQuerySet,
    reports: ProgressReportQuerySet,
) -> list[Case]:
    """The cases of these actions, the worst first, in three queries."""
    lines = _lines_of(worst, basis, actions, assignments)
    # The assignments of all actions are collected first, so that one query brings every report.
    late_of = {line.action.pk: _late_ones(line) for line in lines}
    all_shown = []
    for late in late_of.values():
        all_shown += late[:SHOWN_DEPARTMENTS]
    newest = _newest_reports(all_shown, reports, basis.opened_periods)

    cases = []
    for line in lines:
        late = late_of[line.action.pk]
        shown = late[:SHOWN_DEPARTMENTS]
        voices = [Voice(assignment, newest.get(assignment.pk)) for assignment in shown]
        cases.append(Case(line, voices, more=len(late) - len(shown)))
    return cases


def _late_ones(line: PlanLine) -> list[Assignment]:
    """The assignments that ask for attention, the worst first."""
    late = [assignment for assignment in line.subjects if assignment.light in ATTENTION]
    # `sorted` keeps the order of equal ones: departments stay as the plan has them.
    return sorted(late, key=lambda assignment: -assignment.severity)


_ACTIONS = PreparedOfRows(lambda actions, keys: actions.filter(pk__in=keys).order_by())
_SHARES = PreparedOfRows(
    lambda assignments, keys: (
        assignments.filter(action__in=keys)
        .select_related("department")
        .order_by("kind", "position", "id")
    )
)


def _lines_of(
    worst: list[int],
    basis: LightBasis,
    actions: ActionQuerySet,
    assignments: AssignmentQuerySet,
) -> list[PlanLine]:
    """Lines of the plan table with lit assignments, the worst first; without their path."""
    action_of = {action.pk: action for action in _ACTIONS(actions, keys=worst)}
    shares = _SHARES(assignments, keys=worst)
    light_up(keep_assignments(action_of, shares), basis)
    # In the order of the keys: the database returns them in its own.
    lines = []
    for key in worst:
        action = action_of[key]
        lines.append(PlanLine(action, action.leads()))
    return lines


_NEWEST = PreparedOfRows[Any](
    lambda reports, keys: (
        reports.submitted()
        .filter(assignment__in=keys, period__ends_on=F("assignment__newest_until"))
        .values_list(*LAST_WORDS, named=True)
    )
)


def _newest_reports(
    assignments: list[Assignment], reports: ProgressReportQuerySet, periods: Collection[Period]
) -> dict[int, LastReport]:
    """{assignment: its newest submitted report}.

    Drafts and returned reports are left out: nobody but their department may read them.
    """
    keys = [one.pk for one in assignments if one.newest_until is not None]
    period_of = {period.pk: period for period in periods}
    newest = {}
    # Values and not instances: the page shows no button, and each right would cost a sub-query.
    for row in _NEWEST(reports, keys=keys):
        newest[row.assignment] = LastReport(
            pk=row.pk,
            period=period_of[row.period],
            percent=row.percent,
            factor=row.delay_factor,
            reason=row.delay_reason,
            remedy=row.remedy,
            coordination=row.coordination,
            catch_up_month=row.catch_up_month,
        )
    return newest
