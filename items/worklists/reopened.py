"""已關閉的填報期，請補正: what was opened again by itself, for its department and its office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from items import access
from items.day_words import days_left, moment_words
from items.models import (
    Assignment,
    Department,
    Period,
    Programme,
    ProgressReport,
    Reopening,
    User,
)
from items.models.filing_states import MISSING
from items.worklists.locks import ReportLock, lock_of


@dataclass(frozen=True)
class ReopenedItem:
    """One assignment that may be corrected though its period is closed."""

    reopening: Reopening
    report: ProgressReport | None
    lock: ReportLock | None
    today: date

    @property
    def assignment(self) -> Assignment:
        return self.reopening.assignment

    @property
    def period(self) -> Period:
        return self.reopening.period

    @property
    def state(self) -> str:
        if self.report is None:
            return MISSING
        return self.report.state

    @property
    def state_words(self) -> str:
        if self.report is None:
            return "未填"
        return str(self.report.get_state_display())

    @property
    def due_words(self) -> str:
        """「補正期限 115年11月25日（剩 3 天）」"""
        return f"{self.reopening.due_words}（{days_left(self.reopening.due_on, self.today)}）"

    @property
    def opened_words(self) -> str:
        """「顏佳慧 115年11月20日 10:00 重新開放：「更正件數」」"""
        one = self.reopening
        return f"{one.opened_by} {moment_words(one.opened_at)} 重新開放：「{one.because}」"


def reopened_work(user: User, programme: Programme, today: date) -> list[ReopenedItem]:
    """What the reader's departments may correct; one query, and one more where there is any."""
    active = Reopening.objects.active().filter(
        period__programme=programme, assignment__department__in=access.departments_of(user)
    )
    reopenings = list(
        active.select_related(
            "period", "assignment__action", "assignment__department", "opened_by"
        ).order_by("due_on", "assignment__action__code", "pk")
    )
    if not reopenings:
        return []
    reports = _reports_of(reopenings)
    items = []
    for one in reopenings:
        one.period.programme = programme
        report = reports.get((one.assignment_id, one.period_id))
        lock = lock_of(one.period, report, one, today)
        items.append(ReopenedItem(one, report, lock, today))
    return items


def _reports_of(reopenings: Sequence[Reopening]) -> dict[tuple[int, int], ProgressReport]:
    """{(key of the assignment, key of the period): the report}"""
    reports = ProgressReport.objects.filter(
        assignment__in=[one.assignment_id for one in reopenings], unlocked_until__isnull=False
    )
    return {(report.assignment_id, report.period_id): report for report in reports}


def assignments_to_reopen(
    period: Period, department: Department | None, code: str
) -> list[Assignment]:
    """Those of the period that a department, a code, or both stand for."""
    shares = Assignment.objects.for_programme(period.programme).controlled().of_period(period)
    if department is not None:
        shares = shares.filter(department=department)
    if code:
        shares = shares.filter(action__code=code)
    return list(shares.with_path().in_order())
