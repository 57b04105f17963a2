"""已關閉的填報期，請補正: what was opened again by itself, for its department and its office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from items import access
from items.day_words import days_left, moment_words
from items.first_names import first_names
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
from items.models.reopening import reopening_of
from items.roc import format_roc_near
from items.worklists.locks import ReportLock, lock_of

SHOWN = 8
"""How many items are named before the rest is counted."""


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


@dataclass(frozen=True)
class ReopenedWork:
    """What the reader's departments may correct, and what was opened with it and is locked still."""

    writable: list[ReopenedItem]
    locked: list[ReopenedItem]

    @property
    def reopenings(self) -> list[Reopening]:
        return [item.reopening for item in (*self.writable, *self.locked)]


def reopened_work(user: User, programme: Programme, today: date) -> ReopenedWork:
    """What was opened again by itself for the reader's departments."""
    departments = access.departments_of(user)
    active = Reopening.objects.active().filter(
        period__programme=programme, assignment__department__in=departments
    )
    in_full = active.select_related(
        "period", "assignment__action", "assignment__department", "opened_by"
    )
    # What has to be corrected soonest comes first.
    reopenings = list(in_full.order_by("due_on", "assignment__action__code", "pk"))
    reports = _reports_of(reopenings)
    # A report that was accepted before stays locked until the plan office returns it. It is listed
    # apart, or its department would look for a button that does not come.
    work = ReopenedWork([], [])
    for one in reopenings:
        # The words of a period name its year: without this line each of them would fetch it.
        one.period.programme = programme
        report = reports.get((one.assignment_id, one.period_id))
        lock = lock_of(one.period, report, one, today)
        item = ReopenedItem(one, report, lock, today)
        if lock is None:
            work.writable.append(item)
        else:
            work.locked.append(item)
    return work


def _reports_of(reopenings: Sequence[Reopening]) -> dict[tuple[int, int], ProgressReport]:
    """{(key of the assignment, key of the period): the report}"""
    keys = [reopening.assignment_id for reopening in reopenings]
    # The copy of the day on the report says that it is open by itself (decision 0010).
    unlocked = ProgressReport.objects.filter(assignment__in=keys, unlocked_until__isnull=False)
    report_of = {}
    for report in unlocked:
        report_of[report.assignment_id, report.period_id] = report
    return report_of


@dataclass(frozen=True)
class ReopenedTogether:
    """What one step of the plan office has opened: the same reason, and the same day."""

    reopenings: list[Reopening]
    today: date

    @property
    def words(self) -> str:
        """「資訊室 115-02、115-03 等 10 件，補正期限 115年11月25日（剩 3 天）」"""
        names = []
        for reopening in self.reopenings:
            assignment = reopening.assignment
            names.append(f"{assignment.action.code} {assignment.department}")
        shown = first_names(names, SHOWN, "件")
        first = self.reopenings[0]
        left = days_left(first.due_on, self.today)
        return f"{shown}，{first.due_words}（{left}）"

    @property
    def opened_words(self) -> str:
        """「顏佳慧 115年11月20日 10:00 重新開放：「更正件數」」"""
        first = self.reopenings[0]
        return f"{first.opened_by} {moment_words(first.opened_at)} 重新開放：「{first.because}」"


class _OpeningStep(NamedTuple):
    """What the rows of one step have in common; no key joins them."""

    period: int
    opened_at: datetime
    because: str
    due_on: date


def reopened_together(programme: Programme, today: date) -> dict[int, list[ReopenedTogether]]:
    """{key of a closed period: what is open in it by itself}, in one query."""
    active = Reopening.objects.active().filter(period__programme=programme)
    with_item = active.select_related("assignment__action", "assignment__department", "opened_by")
    together: dict[_OpeningStep, ReopenedTogether] = {}
    of_period: dict[int, list[ReopenedTogether]] = {}
    for reopening in with_item.order_by("opened_at", "assignment__action__code", "pk"):
        step = _OpeningStep(
            period=reopening.period_id,
            opened_at=reopening.opened_at,
            because=reopening.because,
            due_on=reopening.due_on,
        )
        if step not in together:
            new = ReopenedTogether([], today)
            together[step] = new
            of_period.setdefault(reopening.period_id, []).append(new)
        together[step].reopenings.append(reopening)
    return of_period


def assignments_to_reopen(
    period: Period, department: Department | None, code: str
) -> list[Assignment]:
    """The assignments of the period that a department, a code, or both name."""
    # What has left control since owes nothing any more, and what came later never owed it.
    shares = Assignment.objects.for_programme(period.programme).controlled().of_period(period)
    if department is not None:
        shares = shares.filter(department=department)
    if code:
        shares = shares.filter(action__code=code)
    return list(shares.with_path().in_order())


def due_words(assignment: Assignment, period: Period, today: date) -> str:
    """「填報期限 12月1日（剩 9 天）」; 補正期限 of what is open by itself in a closed period."""
    label = "填報期限"
    due_on = period.due_on
    reopening = reopening_of(assignment.pk, period)
    if reopening is not None:
        label = "補正期限"
        due_on = reopening.due_on
    return f"{label} {format_roc_near(due_on, today)}（{days_left(due_on, today)}）"


def not_open_words(user: User, period: Period) -> str:
    """Why no 填報表 of a period can come back, and what to do; empty where it can."""
    if period.is_open:
        return ""
    if not period.is_closed:
        return f"{period}還沒有開放填報，請等研考開放後再下載。"
    words = f"{period}已經關閉，下載的檔案只能看，也不能再上傳；"
    assignments = access.assignments_to_report(user).order_by().values("pk")
    active = Reopening.objects.active()
    of_reader = active.filter(period=period, assignment__in=assignments)
    in_order = of_reader.order_by("assignment__action__code")
    codes_of_rows = in_order.values_list("assignment__action__code", flat=True)
    # The reader may belong to two departments of one item: it is named once all the same.
    codes = list(dict.fromkeys(codes_of_rows))
    if not codes:
        return f"{words}如需更正請洽研考。"
    shown = first_names(codes, SHOWN, "項")
    return f"{words}個別重新開放的 {shown}，請到「我的填報」直接在網頁上補正。"
