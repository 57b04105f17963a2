"""需要處理: the actions to ask about, with what their departments say about it."""

from dataclasses import dataclass

from django.db.models import F, Prefetch

from items.lights import ATTENTION, Light
from items.models import Action, Assignment, ProgressReport
from items.models.actions import ActionQuerySet
from items.models.assignments import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from items.models.row_light import light_up
from items.plan_lines import PlanLine
from reports.counts import WorstAction

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
    worst: list[WorstAction],
    basis: LightBasis,
    *,
    actions: ActionQuerySet,
    assignments: AssignmentQuerySet,
    reports: ProgressReportQuerySet,
) -> list[Case]:
    """The cases of these actions, the worst first, in three queries."""
    lines = _lines_of(worst, basis, actions, assignments)
    # Collected over all actions first, so that one query brings every report.
    late_of = {line.action.pk: _late_ones(line) for line in lines}
    all_shown = []
    for late in late_of.values():
        all_shown += late[:SHOWN_DEPARTMENTS]
    newest = _newest_reports(all_shown, reports)

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


def _lines_of(
    worst: list[WorstAction],
    basis: LightBasis,
    actions: ActionQuerySet,
    assignments: AssignmentQuerySet,
) -> list[PlanLine]:
    """Lines of the plan table, which need path and lit assignments; the worst first."""
    gravity_of = {action.pk: action.gravity for action in worst}
    shares = assignments.select_related("department").order_by("kind", "position", "id")
    rows = actions.filter(pk__in=gravity_of).in_order().with_path()
    in_order = list(rows.prefetch_related(Prefetch("assignments", shares)))
    lit: list[Assignment] = []
    for action in in_order:
        lit += action.assignments.all()
    light_up(lit, basis)
    # Sorting keeps the order of the plan among those that are equally bad.
    worst_first = sorted(in_order, key=lambda action: gravity_of[action.pk])
    return [PlanLine(action, action.leads()) for action in worst_first]


def _newest_reports(
    assignments: list[Assignment], reports: ProgressReportQuerySet
) -> dict[int, ProgressReport]:
    """{assignment: its newest submitted report}.

    Drafts and returned reports are left out: nobody but their department may read them.
    """
    with_report = [one.pk for one in assignments if one.newest_until is not None]
    newest = reports.submitted().filter(
        assignment__in=with_report, period__ends_on=F("assignment__newest_until")
    )
    return {report.assignment_id: report for report in newest.select_related("period")}
