"""填報審核: the plan office's screen: what waits, who is missing, and the grid of department by period."""

from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from items import access
from items.models import Assignment, ProgressReport, ReportState
from items.roc import format_roc
from items.views.inbox import WINDOW, compared, decide
from items.workflow import reporting


@dataclass
class Cell:
    """填報狀態 of one department in one period, as counts of assignments."""

    period: object
    expected: int = 0
    counts: dict = field(default_factory=dict)

    @property
    def missing(self):
        return self.expected - sum(self.counts.values())

    @property
    def outstanding(self):
        """What the department still owes: 未填, 草稿 and 退回."""
        return self.missing + self.counts.get("draft", 0) + self.counts.get("returned", 0)

    @property
    def parts(self):
        """[(state, word, count)] in the order of the way of a report, without the empty ones."""
        every = {"missing": ("未填", self.missing)} | {
            state.value: (state.label, self.counts.get(state.value, 0)) for state in ReportState
        }
        if self.period.is_closed:
            every["accepted"] = ("鎖定", every["accepted"][1])
        return [(state, word, count) for state, (word, count) in every.items() if count]


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, year):
    programme = access.get_programme(year)
    access.require(access.can_review(request.user))
    if request.method == "POST":
        waiting = access.visible_reports(request.user).for_programme(programme)
        verbs = {"accept": reporting.accept, "return": reporting.send_back}
        decide(request, waiting.filter(Q(acceptable=True) | Q(endorsable=True)), verbs)
        return redirect(request.get_full_path())
    periods = list(programme.periods.all())
    period = chosen_period(request, periods)
    waiting = access.visible_reports(request.user).for_programme(programme).filter(acceptable=True)
    stranded = access.visible_reports(request.user).for_programme(programme).filter(endorsable=True)
    context = {
        "programme": programme,
        "periods": periods,
        "period": period,
        "days_left": (period.due_on - request.today).days if period else None,
        "waiting": compared(request, waiting, programme),
        "waiting_total": waiting.count(),
        "stranded": stranded.with_path()[:WINDOW],
        "grid": grid(programme, periods),
        "totals": totals(programme, period),
        "reminders": reminders(programme, period, request.today)
        if period and period.is_open
        else [],
    }
    return render(request, "items/review.html", context)


def chosen_period(request, periods):
    """The one asked for, else the one being filled in, else the newest that was opened."""
    asked = request.GET.get("period", "")
    if asked:
        found = next((period for period in periods if str(period.number) == asked), None)
        if found is None:
            raise Http404
        return found
    opened = [period for period in periods if period.opened_at]
    return next((period for period in opened if period.is_open), opened[-1] if opened else None)


def counts_by_department(programme, period):
    """{department: Cell} of one opened period, in two grouped queries."""
    expected = Assignment.objects.expected_in(period)
    cells = {
        (row["department"], row["department__name"]): Cell(period, row["number"])
        for row in expected.order_by("department__position")
        .values("department", "department__name")
        .annotate(number=Count("pk"))
    }
    states = (
        ProgressReport.objects.filter(period=period, assignment__in=expected.values("pk"))
        .order_by()
        .values("assignment__department", "assignment__department__name", "state")
        .annotate(number=Count("pk"))
    )
    for row in states:
        cells[row["assignment__department"], row["assignment__department__name"]].counts[
            row["state"]
        ] = row["number"]
    return cells


def grid(programme, periods):
    """[(department name, department pk, [Cell or None per period])]: one line per department that owes anything."""
    columns = [
        counts_by_department(programme, period) if period.opened_at else {} for period in periods
    ]
    departments = list(dict.fromkeys(department for column in columns for department in column))
    return [(name, pk, [column.get((pk, name)) for column in columns]) for pk, name in departments]


def totals(programme, period):
    """The whole office's Cell of one period; None where nothing was opened yet."""
    if period is None or not period.opened_at:
        return None
    whole = Cell(period)
    for cell in counts_by_department(programme, period).values():
        whole.expected += cell.expected
        for state, number in cell.counts.items():
            whole.counts[state] = whole.counts.get(state, 0) + number
    return whole


def reminders(programme, period, today):
    """[(department, number, 催辦 text to copy)] for every department that still owes reports."""
    owing = (
        Assignment.objects.expected_in(period)
        .with_report(period)
        .filter(
            Q(report_state__isnull=True)
            | Q(report_state__in=[ReportState.DRAFT, ReportState.RETURNED])
        )
        .with_path()
        .in_order()
    )
    by_department = {}
    for assignment in owing:
        by_department.setdefault(assignment.department, []).append(assignment)
    ordered = sorted(by_department.items(), key=lambda pair: (pair[0].position, pair[0].pk))
    return [
        (department, len(items), reminder_text(department, items, period, today))
        for department, items in ordered
    ]


def reminder_text(department, assignments, period, today):
    """A message that can be pasted into mail or LINE as it stands."""
    left = (period.due_on - today).days
    when = f"剩 {left} 天" if left > 0 else "今天截止" if left == 0 else f"已逾期 {-left} 天"
    lines = [
        f"{line.action.code} {line.action.title[:30]}{'…' if len(line.action.title) > 30 else ''}"
        + ("（退回待補正）" if line.report_state == ReportState.RETURNED else "")
        for line in assignments
    ]
    return "\n".join(
        [
            f"【催辦】{department}：{period}尚有 {len(assignments)} 件未送出，填報期限 {format_roc(period.due_on)}（{when}）。",
            *lines,
            "請登入計畫管考系統「我的填報」完成填報，謝謝。",
        ]
    )
