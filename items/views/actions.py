"""項目: what one action is, who does it, how far each is, and what was said about it."""

from dataclasses import dataclass, field
from itertools import groupby

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from items import access, plan_lines
from items.models import Assignment, Period, ProgressReport, ReportState, StepKind
from items.views.plan import actions_of

CHANGES_PER_PAGE = 50
NOT_SENT = "尚未送出"
NOT_ASKED = "不必填報"


@dataclass(frozen=True)
class Filing:
    """填報狀態 of one assignment in an open period, as this reader may know it."""

    period: Period
    words: str
    state: str = ""
    report: ProgressReport | None = None
    returned_because: str = ""
    writable: bool = False


@dataclass(frozen=True)
class Share:
    """What one department does for the action: its newest submitted report, and where it stands in the open periods."""

    assignment: Assignment
    newest: ProgressReport | None
    filings: list = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """One submitted report with the way since it was last sent; what went before is the department's own."""

    report: ProgressReport

    @property
    def steps(self):
        steps = list(self.report.steps.all())
        sent = max(
            (place for place, step in enumerate(steps) if step.kind == StepKind.SUBMIT),
            default=0,
        )
        return steps[sent:]


@require_safe
def action(request, year, code):
    programme = access.get_programme(year)
    # Looked up in the list that is needed anyway: PostgreSQL would answer a code with a NUL in it by an error.
    order = dict(
        access.visible_actions(request.user)
        .for_programme(programme)
        .in_order()
        .values_list("code", "pk")
    )
    if code not in order:
        raise Http404
    [found] = actions_of(request, [order[code]])
    reports = reports_of(request.user, found)
    changes = (
        access.visible_changes(request.user)
        .filter(action=found)
        .select_related("by")
        .order_by("-at", "-id")
    )
    context = {
        "programme": programme,
        "action": found,
        "line": plan_lines.Line(found, found.leads()),
        "shares": shares(request, programme, found, reports),
        "told": by_period(reports),
        "page": Paginator(changes, CHANGES_PER_PAGE).get_page(request.GET.get("page")),
        **neighbours(list(order), code),
    }
    return render(request, "items/action.html", context)


def neighbours(codes, code):
    """The codes before and after, in official order."""
    place = codes.index(code)
    return {
        "previous": codes[place - 1] if place else None,
        "following": next(iter(codes[place + 1 :]), None),
    }


def reports_of(user, found):
    """Every report that this person may see, the newest period first, departments in the order of the document."""
    return list(
        access.visible_reports(user)
        .filter(assignment__action=found)
        .select_related("period__programme", "written_by", "assignment__department")
        .prefetch_related("steps__by")
        .order_by("-period__ends_on", "assignment__kind", "assignment__position", "assignment_id")
    )


def by_period(reports):
    """[(period, [Told])] of what was submitted."""
    submitted = [report for report in reports if report.is_submitted]
    return [
        (period, [Told(report) for report in group])
        for period, group in groupby(submitted, key=lambda report: report.period)
    ]


def shares(request, programme, found, reports):
    """One share per department, leads first."""
    own = set(access.departments_of(request.user).values_list("department_id", flat=True))
    filings = {assignment.pk: [] for assignment in found.assignments.all()}
    for period in programme.periods.open():
        of_period = {
            report.assignment_id: report for report in reports if report.period_id == period.pk
        }
        asked = set(
            Assignment.objects.expected_in(period).filter(action=found).values_list("pk", flat=True)
        )
        for assignment in found.assignments.all():
            report = of_period.get(assignment.pk)
            is_own = assignment.department_id in own
            filings[assignment.pk].append(
                filing(period, assignment, report, assignment.pk in asked, is_own)
            )
    return [
        Share(assignment, newest(reports, assignment, request.today), filings[assignment.pk])
        for assignment in found.assignments.all()
    ]


def newest(reports, assignment, today):
    """The report that the assignment's progress is read from."""
    mine = (
        report
        for report in reports
        if report.assignment_id == assignment.pk and report.is_submitted
    )
    return next((report for report in mine if report.period.starts_on <= today), None)


def filing(period, assignment, report, asked, is_own):
    """Everybody reads what was submitted; that a draft or a returned report exists is for the own department only."""
    if report is not None and report.is_submitted:
        return Filing(period, report.state_words, report.state, report)
    if not asked:
        return Filing(period, NOT_ASKED)
    if not is_own:
        return Filing(period, NOT_SENT)
    if report is None:
        return Filing(period, "未填", "missing", writable=assignment.reportable)
    because = ""
    if report.state == ReportState.RETURNED:
        because = next(
            (step.words for step in reversed(list(report.steps.all())) if step.words), ""
        )
    return Filing(
        period, report.state_words, report.state, report, because, writable=assignment.reportable
    )
