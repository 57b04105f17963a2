"""待核可, 待審核: reports that wait for a decision, beside what was said the period before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, Value, When

from items import access
from items.access.prepared import PreparedForPersonAndKeys
from items.diff import SAME, Piece, has_common_words, new_clauses
from items.models import (
    Assignment,
    Period,
    Programme,
    ProgressReport,
    ReportState,
    User,
    current_period,
)
from items.models.light_basis import LightBasis
from items.models.periods import NEWEST_PERIOD_FIRST
from items.models.prepared import PreparedForKeys, PreparedOfRows, Slot
from items.models.progress import WRITERS, ProgressReportQuerySet
from items.models.quality_flags import RaisedFlag
from items.models.row_light import light_up
from items.workflow.report_planned import planned_in
from items.worklists.evidence import fetch_attached
from items.worklists.flag_counts import flags_today
from items.worklists.whose_turn import Turn, day_since

WINDOW = 200
"""How many waiting reports 待我核可 shows; the next ones move up when these are dealt with."""

PATH = (*WRITERS, "assignment__department", "assignment__action")


class BesideEarlier:
    """A text beside that of the period before, None where there is none."""

    text: str
    earlier_text: str | None

    @property
    def marked_text(self) -> list[Piece]:
        """The text, with the clauses marked that the report before did not have."""
        if self.earlier_text is None or self.is_wholly_new:
            return [Piece(SAME, self.text)]
        return new_clauses(self.earlier_text, self.text)

    @property
    def is_wholly_new(self) -> bool:
        """Whether no clause is as it was: marks from end to end would say nothing."""
        if self.earlier_text is None:
            return False
        return not has_common_words(new_clauses(self.earlier_text, self.text))

    @property
    def has_new_text(self) -> bool:
        return self.earlier_text is not None and self.earlier_text != self.text


@dataclass(frozen=True)
class WaitingReport(BesideEarlier):
    """A report that waits, with its light, the report before it and its quality flags.

    `planned` is 預定進度 in percent that the report is held against, as on its page.
    """

    report: ProgressReport
    text: str
    assignment: Assignment
    earlier: ProgressReport | None
    earlier_text: str | None
    planned: int
    flags: tuple[RaisedFlag, ...]
    today: date

    @property
    def turn_words(self) -> str:
        """「11月18日起待您核可，已 4 天」"""
        what = "審核"
        if self.report.state == ReportState.WITH_HEAD:
            what = "核可"
        return Turn("您", what, day_since(self.report), self.today).words

    @property
    def earlier_percent_words(self) -> str:
        """「75% → 」 before the percent of now; empty where there is none to compare with."""
        if self.earlier is None or self.earlier.percent is None:
            return ""
        return f"{self.earlier.percent}% → "


def waiting_for_head(user: User, programme: Programme | Slot) -> ProgressReportQuerySet:
    """Reports that this person may endorse; of the plan office, those that no head is left for."""
    return access.reports_to_endorse(user).for_programme(programme)


def waiting_for_office(user: User, programme: Programme) -> ProgressReportQuerySet:
    """Reports that this person may accept (備查)."""
    return access.reports_to_accept(user).for_programme(programme)


# The right as a column: as a condition PostgreSQL joins the memberships first, and goes through all
# assignments of the year for 200 keys.
_WITH_RIGHT = PreparedForPersonAndKeys[Any](
    lambda user, keys: (
        access.visible_assignments(user)
        .filter(pk__in=keys)
        .order_by()
        .values_list("pk", "reportable")
    )
)


def with_earlier(
    user: User,
    reports: ProgressReportQuerySet,
    programme: Programme,
    today: date,
    *,
    basis: LightBasis | None = None,
    places: range | None = None,
    may_be_long: bool = True,
) -> list[WaitingReport]:
    """The first `WINDOW` of these reports beside the ones before them, or those of these places.

    Those of the current period come first, as on every screen. Six queries, one more where
    other periods than the newest are among them, and one for each period that has reports from
    before 預定進度 was kept with them. A caller that knows that there are no more than places
    says so by `may_be_long`, which saves one.
    """
    if basis is None:
        basis = LightBasis.of(programme, today)
    if places is None:
        places = range(WINDOW)
    shown = _shown(reports, basis, places, may_be_long=may_be_long)
    # By assignment: the same one may wait for two periods at once.
    assignment_of = {report.assignment_id: report.assignment for report in shown}
    is_reportable = dict(_WITH_RIGHT(user, assignment_of))
    for assignment in assignment_of.values():
        assignment.reportable = is_reportable.get(assignment.pk, False)
    light_up(assignment_of.values(), basis)
    history_of = _earlier_reports(user, basis, shown)
    planned_of = _planned_of(shown, today)
    waiting = []
    for report in shown:
        # Not `report.assignment`, which may be another object of the same row, without its light.
        assignment = assignment_of[report.assignment_id]
        earlier = _newest_before(report, history_of.get(report.assignment_id, []))
        earlier_text = None
        if earlier is not None:
            earlier_text = earlier.text
        row = WaitingReport(
            report=report,
            text=report.text,
            assignment=assignment,
            earlier=earlier,
            earlier_text=earlier_text,
            planned=planned_of[report.pk],
            flags=flags_today(report, assignment, programme, basis.today),
            today=basis.today,
        )
        waiting.append(row)
    return waiting


def _in_order(reports: ProgressReportQuerySet, basis: LightBasis) -> ProgressReportQuerySet:
    open_periods = [period for period in basis.opened_periods if period.is_open]
    current = current_period(open_periods, basis.today)
    # Holds of no row: without a current period none comes first.
    is_current = Q(pk__in=[])
    if current is not None:
        is_current = Q(period=current)
    current_first = Case(When(is_current, then=Value(0)), default=Value(1))
    return reports.order_by(
        current_first, "-period__ends_on", "assignment__action__code", "assignment_id"
    )


_KEYS = PreparedOfRows[Any](
    lambda reports, basis, first, end: _in_order(reports, basis).values_list("pk", flat=True)[
        first:end
    ]
)
_SHOWN = PreparedOfRows(
    lambda reports, basis, first, end: _in_order(reports, basis).select_related(*PATH)[first:end]
)
_ROWS = PreparedForKeys(
    lambda keys: ProgressReport.objects.filter(pk__in=keys).select_related(*PATH).order_by()
)


def _shown(
    reports: ProgressReportQuerySet, basis: LightBasis, places: range, *, may_be_long: bool
) -> list[ProgressReport]:
    """The reports of these places in the order of the page."""
    first = places.start
    end = places.stop
    if may_be_long:
        # The keys alone are sorted: with all their texts, 16,000 reports took three times as long.
        keys = _KEYS(reports, basis, first, end)
        row_of = {row.pk: row for row in _ROWS(keys)}
        shown = [row_of[key] for key in keys if key in row_of]
    else:
        shown = _SHOWN(reports, basis, first, end)
    fetch_attached(shown)
    period_of = {period.pk: period for period in basis.opened_periods}
    for report in shown:
        report.period = period_of[report.period_id]
    return shown


def _planned_of(reports: Sequence[ProgressReport], today: date) -> dict[int, int]:
    """{key of a report: 預定進度 in percent that it is held against}"""
    planned_of = {}
    without: dict[Period, list[ProgressReport]] = {}
    for report in reports:
        if report.planned_percent is not None:
            planned_of[report.pk] = report.planned_percent
        else:
            # Reports that were sent before the figure was kept have none.
            without.setdefault(report.period, []).append(report)
    # For each period by itself: 預定進度 is that of the period's day, not that of today's light.
    for period, reports_of_period in without.items():
        keys = [report.assignment_id for report in reports_of_period]
        planned = planned_in(period, today, keys)
        for report in reports_of_period:
            planned_of[report.pk] = planned[report.assignment_id]
    return planned_of


def _earlier_reports(
    user: User, basis: LightBasis, shown: Sequence[ProgressReport]
) -> dict[int, list[ProgressReport]]:
    """{key of the assignment: submitted reports, the one before among them, newest period first}"""
    with_previous = []
    with_any = []
    for report in shown:
        assignment = report.assignment
        if not _is_newest_of(assignment, report.period):
            with_any.append(assignment.pk)
        elif assignment.previous_until is not None:
            with_previous.append(assignment.pk)
    period_of = {period.pk: period for period in basis.opened_periods}
    reports_of: dict[int, list[ProgressReport]] = {}
    # One assignment may wait for two periods: then all that it has sent says both.
    only_previous = set(with_previous) - set(with_any)
    for report in [*_PREVIOUS(user, only_previous), *_ANY_SENT(user, with_any)]:
        if report.period_id not in period_of:
            continue
        report.period = period_of[report.period_id]
        reports_of.setdefault(report.assignment_id, []).append(report)
    return reports_of


def _sent_of(user: User, keys: Sequence[int]) -> ProgressReportQuerySet:
    reports = access.readable_reports(user).submitted().filter(assignment__in=keys)
    in_order = reports.order_by(*NEWEST_PERIOD_FIRST)
    return in_order.only("assignment", "period", "text", "percent")


# What an assignment has copied says which one is before its newest: no other has to be fetched.
_PREVIOUS = PreparedForPersonAndKeys(
    lambda user, keys: _sent_of(user, keys).filter(period__ends_on=F("assignment__previous_until"))
)
_ANY_SENT = PreparedForPersonAndKeys(_sent_of)


def _is_newest_of(assignment: Assignment, period: Period) -> bool:
    """Whether the assignment has sent its newest report for this period, and the one before earlier.

    Two periods may end on one day: then neither is before the other.
    """
    previous = assignment.previous_until
    is_newest = assignment.newest_until == period.ends_on
    return is_newest and (previous is None or previous < period.ends_on)


def _newest_before(
    report: ProgressReport, newest_first: list[ProgressReport]
) -> ProgressReport | None:
    # What `ProgressReport.objects.before` asks the database, but not once for each row of a page.
    for candidate in newest_first:
        if candidate.period.ends_on < report.period.ends_on:
            return candidate
    return None
