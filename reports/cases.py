"""需要處理: the actions to ask about, with what their departments say about it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from items.lights import ATTENTION, Light
from items.models import Action, Assignment, ProgressReport
from items.models.actions import ActionQuerySet
from items.models.assignments import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from items.plan_lines import PlanLine
from reports.rows import ControlledAction

SHOWN_DEPARTMENTS = 3
"""An action of 各單位 may be late everywhere: the page names the first ones and counts the rest."""


@dataclass(frozen=True)
class Voice:
    """What one department said last; `report` is None where it never submitted anything."""

    assignment: Assignment
    report: ProgressReport | None

    @property
    def reason(self) -> str:
        if self.report is None:
            return ""
        return self.report.delay_reason.strip()

    @property
    def remedy(self) -> str:
        if self.report is None:
            return ""
        return self.report.remedy.strip()

    @property
    def owes_reason(self) -> bool:
        """未填報 alone asks for a report, not for a reason."""
        is_late = self.assignment.light in (Light.OVER, Light.BEHIND)
        return is_late and not self.reason

    @property
    def report_words(self) -> str:
        """「第3季填報 60%」: the link to the report."""
        if self.report is None:
            return ""
        return f"{self.report.period.name}填報 {self.report.percent}%"


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
    chosen: list[ControlledAction],
    basis: LightBasis,
    *,
    actions: ActionQuerySet,
    assignments: AssignmentQuerySet,
    reports: ProgressReportQuerySet,
) -> list[Case]:
    """The cases of these actions, in their order, in three queries."""
    lit_actions = _actions_with_light(chosen, actions, assignments, basis)
    lines = []
    for row in chosen:
        action = lit_actions[row.pk]
        lines.append(PlanLine(action, action.leads()))

    # Collected over all actions first, so that one query brings every report.
    late_of = {line.action.pk: _late_ones(line) for line in lines}
    all_late = []
    for late in late_of.values():
        all_late += late
    newest = _newest_reports(all_late, reports, basis.today)

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
    return sorted(late, key=lambda assignment: -assignment.severity)


def _actions_with_light(
    chosen: list[ControlledAction],
    actions: ActionQuerySet,
    assignments: AssignmentQuerySet,
    basis: LightBasis,
) -> dict[int, Action]:
    """{primary key: action}, with path and lit assignments: a line of the plan table needs both."""
    lit = assignments.with_light(basis).select_related("department")
    lit = lit.order_by("kind", "position", "id")
    keys = [row.pk for row in chosen]
    rows = actions.filter(pk__in=keys).with_path()
    return {action.pk: action for action in rows.prefetch_related(Prefetch("assignments", lit))}


def _newest_reports(
    assignments: list[Assignment], reports: ProgressReportQuerySet, today: date
) -> dict[int, ProgressReport]:
    """{assignment: its newest submitted report}.

    Drafts and returned reports are left out: nobody but their department may read them.
    """
    keys = [assignment.pk for assignment in assignments]
    submitted = reports.newest_submitted(today).filter(assignment__in=keys)
    newest: dict[int, ProgressReport] = {}
    for report in submitted.select_related("period"):
        # Newest first: what comes later of the same assignment is older.
        newest.setdefault(report.assignment_id, report)
    return newest
