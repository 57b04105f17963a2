"""A year counted slowly and plainly in Python: what pages, lists and files have to agree with.

It fetches whole rows and knows no annotation, no copy and no kept figure; each rule stands here
once more, in the words of product.md. Only tests use it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from items.lights import Light
from items.models import (
    SUBMITTED,
    Action,
    Assignment,
    AssignmentKind,
    ControlStatus,
    PlannedProgress,
    ProgressReport,
)

WORST_FIRST = (
    Light.OVER,
    Light.UNREPORTED,
    Light.BEHIND,
    Light.SOON,
    Light.OK,
    Light.NOT_YET,
    Light.DONE,
    Light.FREE,
)


def rounded(percent):
    """A half is rounded up; nothing stays nothing."""
    if percent is None:
        return None
    return int(percent + Fraction(1, 2))


def mean(percents):
    percents = list(percents)
    if not percents:
        return None
    return sum(percents, Fraction(0)) / len(percents)


def worst(lights):
    return min(lights, key=WORST_FIRST.index, default=None)


@dataclass(frozen=True)
class PlainStanding:
    """How one assignment stands on a day."""

    assignment: Assignment
    light: Light
    actual: int
    planned: int
    reported_until: date | None

    @property
    def counts(self):
        return self.reported_until is not None or self.light in (Light.OVER, Light.UNREPORTED)


@dataclass(frozen=True)
class PlainFiling:
    """What one assignment that was expected to report has filed; `state` is None of no report."""

    assignment_key: int
    department_key: int
    state: str | None


class PlainYear:
    """The rows of one programme, as they are in the database now."""

    def __init__(self, programme):
        programme.refresh_from_db()
        self.programme = programme
        self.periods = list(programme.periods.order_by("number"))
        self.actions = list(
            Action.objects.filter(plan__method__strategy__programme=programme).select_related(
                "plan__method__strategy"
            )
        )
        self.actions.sort(key=_official_place)
        self.assignments_of = defaultdict(list)
        rows = Assignment.objects.filter(action__in=self.actions).select_related("department")
        for assignment in rows.order_by("kind", "position", "id"):
            self.assignments_of[assignment.action_id].append(assignment)
        self.reports_of = defaultdict(list)
        reports = ProgressReport.objects.filter(assignment__action__in=self.actions)
        for report in reports.select_related("period"):
            self.reports_of[report.assignment_id].append(report)
        self.entries_of = defaultdict(list)
        entries = PlannedProgress.objects.filter(assignment__action__in=self.actions)
        for entry in entries.select_related("period"):
            self.entries_of[entry.assignment_id].append(entry)

    # Which rows.

    @property
    def controlled(self):
        return [
            action
            for action in self.actions
            if action.control_status == ControlStatus.UNDER_CONTROL
        ]

    def leads(self, action):
        return [
            assignment
            for assignment in self.assignments_of[action.pk]
            if assignment.kind == AssignmentKind.LEAD
        ]

    def controlled_assignments(self):
        found = []
        for action in self.controlled:
            found += self.assignments_of[action.pk]
        return found

    # One assignment.

    def submitted(self, assignment):
        """The newest period first."""
        reports = [report for report in self.reports_of[assignment.pk] if report.state in SUBMITTED]
        return sorted(reports, key=lambda report: report.period.ends_on, reverse=True)

    def newest(self, assignment, day=None):
        """The report of the newest period; with a day, of those that had begun by then."""
        for report in self.submitted(assignment):
            if day is None or report.period.starts_on <= day:
                return report
        return None

    def planned_on(self, assignment, until, last_day):
        """預定進度 by a day: what was entered for the newest period until then, else linear."""
        entries = [
            entry for entry in self.entries_of[assignment.pk] if entry.period.ends_on <= until
        ]
        if entries:
            return max(entries, key=lambda entry: entry.period.ends_on).percent
        first_day = self.programme.starts_on
        day = min(until, last_day)
        days_in_all = max((assignment.deadline - first_day).days + 1, 1)
        days_passed = max((day - first_day).days + 1, 0)
        return min(rounded(Fraction(100 * days_passed, days_in_all)), 100)

    def was_there(self, assignment, period):
        """Whether it had been handed out before the period was closed for the first time."""
        if assignment.handed_out_on is None or period.first_closed_on is None:
            return True
        return assignment.handed_out_on < period.first_closed_on

    def newest_due(self, assignment, today):
        """The newest period that the assignment owes and whose 填報期限 has passed."""
        due = []
        for period in self.periods:
            is_due = period.opened_at is not None and period.due_on < today
            if is_due and self.was_there(assignment, period):
                due.append(period)
        return max(due, key=lambda period: period.ends_on, default=None)

    def standing(self, action, assignment, today, *, earlier=False):
        """`earlier` leaves out what was reported on periods that had not begun by that day."""
        report = self.newest(assignment, today if earlier else None)
        if report is None:
            actual, until = 0, None
            planned = self.planned_on(assignment, today, today)
        else:
            actual, until = report.percent, report.period.ends_on
            planned = report.planned_percent
            if planned is None:
                planned = self.planned_on(assignment, until, today)
        light = self._light(action, assignment, today, actual=actual, planned=planned, until=until)
        return PlainStanding(assignment, light, actual, planned, until)

    def _light(self, action, assignment, today, *, actual, planned, until):
        due = self.newest_due(assignment, today)
        if action.control_status != ControlStatus.UNDER_CONTROL:
            return Light.FREE
        if actual >= 100:
            return Light.DONE
        if assignment.deadline < today:
            return Light.OVER
        if due is not None and (until is None or until < due.ends_on):
            return Light.UNREPORTED
        if until is not None and planned - actual >= self.programme.behind_threshold:
            return Light.BEHIND
        if (assignment.deadline - today).days <= self.programme.soon_days:
            return Light.SOON
        if until is None:
            return Light.NOT_YET
        return Light.OK

    def expects(self, assignment, period):
        """Whether a report of the period is owed, or was begun all the same."""
        if any(report.period_id == period.pk for report in self.reports_of[assignment.pk]):
            return True
        for report in self.submitted(assignment):
            if report.period.ends_on < period.ends_on:
                return self.was_there(assignment, period) and report.percent < 100
        return self.was_there(assignment, period)

    def owes(self, assignment, period):
        """Whether it is expected, and has not been sent."""
        sent = {report.period_id for report in self.submitted(assignment)}
        return self.expects(assignment, period) and period.pk not in sent

    def report_in(self, assignment, period):
        for report in self.reports_of[assignment.pk]:
            if report.period_id == period.pk:
                return report
        return None

    # Many.

    def expected_in(self, period, department=None):
        """{assignment: its report or None} of what is 列管中 and expected in a period."""
        expected = {}
        for assignment in self.controlled_assignments():
            if department is not None and assignment.department != department:
                continue
            if self.expects(assignment, period):
                expected[assignment] = self.report_in(assignment, period)
        return expected

    def filed_in(self, period):
        """The same, as it stays when the rows go on changing."""
        filings = []
        for assignment, report in self.expected_in(period).items():
            state = None if report is None else report.state
            filings.append(PlainFiling(assignment.pk, assignment.department_id, state))
        return filings

    def lead_standings(self, action, today, *, earlier=False):
        return [self.standing(action, lead, today, earlier=earlier) for lead in self.leads(action)]

    def light_of(self, action, today, *, earlier=False):
        """The worst of the leads; None where nobody is in the lead."""
        standings = self.lead_standings(action, today, earlier=earlier)
        return worst(standing.light for standing in standings)

    def lights(self, actions, today):
        counts = Counter(self.light_of(action, today) for action in actions)
        counts.pop(None, None)
        return counts

    def means(self, actions, today):
        """(實際, 預定) of these actions in whole percents: means of the means of their leads."""
        actual = []
        planned = []
        for action in actions:
            counted = [one for one in self.lead_standings(action, today) if one.counts]
            if counted:
                actual.append(mean(standing.actual for standing in counted))
                planned.append(mean(standing.planned for standing in counted))
        return rounded(mean(actual)), rounded(mean(planned))

    def is_reported_by(self, period):
        """Whether anybody has reported on this period, or on one that ended before it."""
        for reports in self.reports_of.values():
            for report in reports:
                if report.state in SUBMITTED and report.period.ends_on <= period.ends_on:
                    return True
        return False

    def at_end_of(self, period, today):
        """(實際, 預定) at the end of a period, of what is 列管中 and was there."""
        day = min(period.ends_on, today)
        actual = []
        planned = []
        for action in self.controlled:
            actual_of_leads = []
            planned_of_leads = []
            for lead in self.leads(action):
                report = self.newest(lead, day)
                if report is None and not self.was_there(lead, period):
                    continue
                planned_of_leads.append(
                    self.planned_on(lead, period.ends_on, period.last_day_of_reports)
                )
                owed = [
                    due
                    for due in self.periods
                    if due.opened_at is not None
                    and due.due_on < today
                    and due.ends_on <= period.ends_on
                    and self.was_there(lead, due)
                ]
                if report is not None or owed:
                    actual_of_leads.append(report.percent if report else 0)
            if planned_of_leads:
                planned.append(mean(planned_of_leads))
            if actual_of_leads:
                actual.append(mean(actual_of_leads))
        return rounded(mean(actual)), rounded(mean(planned))


def _official_place(action):
    plan = action.plan
    method = plan.method
    return (
        method.strategy.number,
        method.position,
        method.pk,
        plan.position,
        plan.pk,
        action.position,
        action.pk,
    )
