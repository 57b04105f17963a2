"""需要處理: the actions to ask about, with what their departments say about it."""

from dataclasses import dataclass

from django.db.models import Prefetch

from items.lights import ATTENTION, Light
from items.plan_lines import Line

SHOWN_DEPARTMENTS = 3
"""An action of 各單位 may be late everywhere; the page names the first ones and counts the rest."""


@dataclass(frozen=True)
class Voice:
    """What one department said last; `report` None where it never submitted anything."""

    assignment: object
    report: object

    @property
    def is_late(self):
        return self.assignment.light in (Light.OVER, Light.BEHIND)

    @property
    def reason(self):
        return self.report.delay_reason.strip() if self.report else ""

    @property
    def remedy(self):
        return self.report.remedy.strip() if self.report else ""


@dataclass(frozen=True)
class Case:
    """One action: `line` as in the plan table, `voices` of the departments that are late, `silent` how many more."""

    line: Line
    voices: list
    more: int

    @property
    def action(self):
        return self.line.action

    @property
    def names_departments(self):
        return len(self.line.subjects) > 1


def cases_of(items, actions, assignments, reports, today):
    """Cases in the order of `items`, in three queries."""
    found = actions_with_light(items, actions, assignments, today)
    lines = [Line(found[item.pk], found[item.pk].leads()) for item in items]
    late = [share for line in lines for share in line.subjects if share.light in ATTENTION]
    newest = newest_reports(late, reports, today)
    cases = []
    for line in lines:
        worst_first = sorted(line.subjects, key=lambda share: -share.severity)
        voices = [
            Voice(share, newest.get(share.pk)) for share in worst_first if share.light in ATTENTION
        ]
        cases.append(
            Case(line, voices[:SHOWN_DEPARTMENTS], max(len(voices) - SHOWN_DEPARTMENTS, 0))
        )
    return cases


def actions_with_light(items, actions, assignments, today):
    lit = (
        assignments.with_light(today)
        .select_related("department")
        .order_by("kind", "position", "id")
    )
    chosen = actions.filter(pk__in=[item.pk for item in items]).with_path()
    return {action.pk: action for action in chosen.prefetch_related(Prefetch("assignments", lit))}


def newest_reports(shares, reports, today):
    """{assignment: its newest submitted report}: drafts and returned reports are nobody else's business."""
    submitted = reports.newest_submitted(today).filter(
        assignment__in=[share.pk for share in shares]
    )
    found = {}
    for report in submitted.select_related("period"):
        found.setdefault(report.assignment_id, report)
    return found
