"""待核可, 待審核: reports that wait for a decision, beside what was said the period before."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Q, Value, When

from items import access
from items.diff import SAME, Piece, has_common_words, new_clauses
from items.lights import SEVERITY, Light
from items.models import (
    Assignment,
    MembershipRole,
    Programme,
    ProgressReport,
    User,
    current_period,
)
from items.models.assignments import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from items.workflow.report_planned import planned_in
from items.workflow.report_quality import quality_flags

WINDOW = 200
"""How many waiting reports a page shows; the next ones move up when these are dealt with."""


@dataclass(frozen=True)
class WaitingReport:
    """A report that waits, with its light, the report before it and its quality flags.

    `planned` is 預定進度 in percent that the report is held against, as on its page.
    """

    report: ProgressReport
    assignment: Assignment
    earlier: ProgressReport | None
    planned: int
    flags: tuple[str, ...]

    @property
    def marked_text(self) -> list[Piece]:
        """The text, with the clauses marked that the report before did not have."""
        if self.earlier is None or self.is_wholly_new:
            return [Piece(SAME, self.report.text)]
        return new_clauses(self.earlier.text, self.report.text)

    @property
    def is_wholly_new(self) -> bool:
        """Whether no clause is as it was: marks from end to end would say nothing."""
        if self.earlier is None:
            return False
        return not has_common_words(new_clauses(self.earlier.text, self.report.text))

    @property
    def has_new_text(self) -> bool:
        return self.earlier is not None and self.earlier.text != self.report.text

    @property
    def earlier_percent_words(self) -> str:
        """「75% → 」 before the percent of now; empty where there is none to compare with."""
        if self.earlier is None or self.earlier.percent is None:
            return ""
        return f"{self.earlier.percent}% → "


def waiting_for_head(user: User, programme: Programme) -> ProgressReportQuerySet:
    """Reports that this person may endorse; of the plan office, those that no head is left for."""
    return access.visible_reports(user).for_programme(programme).filter(Q(endorsable=True))


def waiting_for_office(user: User, programme: Programme) -> ProgressReportQuerySet:
    """Reports that this person may accept (備查)."""
    return access.visible_reports(user).for_programme(programme).filter(Q(acceptable=True))


def with_earlier(
    user: User, reports: ProgressReportQuerySet, programme: Programme, today: date
) -> list[WaitingReport]:
    """The first `WINDOW` of these reports beside the ones before them.

    Those of the current period come first, as on every screen. Four queries and one for each period.
    """
    current = current_period(list(programme.periods.open()), today)
    is_current = Q(pk__in=[])
    if current is not None:
        is_current = Q(period=current)
    place = Case(When(is_current, then=Value(0)), default=Value(1))
    in_order = reports.with_path().order_by(
        place, "-period__ends_on", "assignment__action__code", "assignment_id"
    )
    shown = list(in_order[:WINDOW])
    # By assignment: the same one may wait for two periods at once.
    keys = [report.assignment_id for report in shown]
    basis = LightBasis.of(programme, today)
    assignments = (
        access.visible_assignments(user)
        .for_programme(programme)
        .filter(pk__in=keys)
        .with_light(basis)
        .with_path()
    )
    assignment_of = {assignment.pk: assignment for assignment in assignments}
    history_of = _submitted_reports(user, programme, keys)
    # By period: the light compares the newest one, and a reopened one has a plan of its own.
    planned_of = {}
    for period in {report.period for report in shown}:
        planned_of[period.pk] = planned_in(period, today)
    waiting = []
    for report in shown:
        earlier = _newest_before(report, history_of.get(report.assignment_id, []))
        planned = report.planned_percent
        # Not kept of a report that was sent before the figure was.
        if planned is None:
            planned = planned_of[report.period_id][report.assignment_id]
        waiting.append(
            WaitingReport(
                report=report,
                assignment=assignment_of[report.assignment_id],
                earlier=earlier,
                planned=planned,
                flags=quality_flags(report, earlier),
            )
        )
    return waiting


def _submitted_reports(
    user: User, programme: Programme, assignment_keys: list[int]
) -> dict[int, list[ProgressReport]]:
    """{key of the assignment: the reports that it submitted in this year, newest period first}"""
    reports = (
        access.visible_reports(user)
        .submitted()
        .for_programme(programme)
        .filter(assignment__in=assignment_keys)
        .select_related("period")
        .order_by("-period__ends_on")
    )
    # Of the whole year, since the waiting reports may be of several periods.
    reports_of: dict[int, list[ProgressReport]] = {}
    for report in reports:
        reports_of.setdefault(report.assignment_id, []).append(report)
    return reports_of


def _newest_before(
    report: ProgressReport, newest_first: list[ProgressReport]
) -> ProgressReport | None:
    # What `ProgressReport.objects.before` asks the database, but not once for each row of a page.
    for candidate in newest_first:
        if candidate.period.ends_on < report.period.ends_on:
            return candidate
    return None


@dataclass(frozen=True)
class DueItem:
    """An assignment that falls due soon; its light and progress are annotated."""

    assignment: Assignment

    @property
    def progress_words(self) -> str:
        """「最近填報 72%／當時預定 78%」: the report's own page has the same two figures."""
        assignment = self.assignment
        if assignment.reported_until is None:
            return f"還沒有填報，到今天預定 {assignment.planned}%"
        return f"最近填報 {assignment.actual}%／當時預定 {assignment.planned}%"


def due_soon(user: User, programme: Programme, today: date) -> AssignmentQuerySet:
    """What falls due within the programme's 即將到期 days in the departments that one heads."""
    return (
        access.visible_assignments(user)
        .for_programme(programme)
        .filter(department__in=access.departments_of(user, role=MembershipRole.HEAD))
        .with_light(LightBasis.of(programme, today))
        .filter(Q(light_days__range=(0, programme.soon_days)))
        .exclude(Q(severity__in=[SEVERITY[Light.DONE], SEVERITY[Light.FREE]]))
        .with_path()
        .order_by("deadline", "action__code")
    )
