"""我的填報: what a department still has to write, and what became of what it sent."""

from dataclasses import dataclass, field

from django.shortcuts import render
from django.views.decorators.http import require_safe

from items import access
from items.models import Assignment, Period, ProgressReport, ReportState

WINDOW = 200
"""How many items of one kind the page lists."""


@dataclass(frozen=True)
class Line:
    """One assignment of the own departments, with its report of the period if there is one."""

    assignment: Assignment
    report: ProgressReport | None

    @property
    def last_step(self):
        return list(self.report.steps.all())[-1]

    @property
    def steps(self):
        """The way since it was last sent: what went before concerns nobody any more."""
        steps = list(self.report.steps.all())
        sent = max((place for place, step in enumerate(steps) if step.kind == "submit"), default=0)
        return steps[sent:]


@dataclass
class Todo:
    """Everything of one open period, sorted by what is to be done with it."""

    period: Period
    days_left: int
    returned: list = field(default_factory=list)
    to_write: list = field(default_factory=list)
    submitted: list = field(default_factory=list)
    finished: list = field(default_factory=list)

    @property
    def waiting(self):
        return len(self.returned) + len(self.to_write)

    @property
    def accepted(self):
        return sum(line.report.state == ReportState.ACCEPTED for line in self.submitted)

    @property
    def shown(self):
        """What the page lists of `to_write`; sending these brings up the next."""
        return self.to_write[:WINDOW]

    def add(self, line):
        if line.report is None:
            place = self.finished if line.assignment.finished_before else self.to_write
        elif line.report.is_submitted:
            place = self.submitted
        else:
            place = self.returned if line.report.state == ReportState.RETURNED else self.to_write
        place.append(line)


@require_safe
def todo(request, year):
    programme = access.get_programme(year)
    departments = access.departments_of(request.user)
    access.require(departments.exists())
    return render(
        request,
        "items/todo.html",
        {
            "programme": programme,
            "todos": [
                todo_of(request.user, period, request.today) for period in programme.periods.open()
            ],
            "next_period": programme.periods.filter(opened_at__isnull=True).first(),
            "several_departments": departments.count() > 1,
        },
    )


def my_assignments(user, period, today):
    """The own departments' assignments in the order of the official table, with this period's report state."""
    return (
        access.visible_assignments(user)
        .filter(reportable=True)
        .for_programme(period.programme)
        .with_light(today)
        .finished_before(period)
        .with_report(period)
        .with_path()
        .in_order()
    )


def todo_of(user, period, today):
    own = access.visible_reports(user).filter(
        period=period, assignment__department__in=access.departments_of(user)
    )
    reports = {
        report.assignment_id: report
        for report in own.select_related("period", "written_by").prefetch_related("steps__by")
    }
    found = Todo(period, (period.due_on - today).days)
    for assignment in my_assignments(user, period, today):
        found.add(Line(assignment, reports.get(assignment.pk)))
    return found


def next_to_write(user, period, today, after):
    """The assignment after this one that still waits for the department; None when everything is sent."""
    assignments = list(my_assignments(user, period, today))
    place = next((index for index, one in enumerate(assignments) if one.pk == after.pk), -1)
    following = assignments[place + 1 :] + assignments[: max(place, 0)]
    return next((one for one in following if is_waiting(one)), None)


def is_waiting(assignment):
    if assignment.report_state is None:
        return not assignment.finished_before
    return assignment.report_state in (ReportState.DRAFT, ReportState.RETURNED)
