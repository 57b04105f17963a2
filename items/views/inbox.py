"""待我核可: what waits for the head of a department, with what changed since the last period marked."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from items import access
from items.diff import new_clauses
from items.forms import ReasonForm
from items.lights import Light
from items.models import Assignment, ProgressReport
from items.workflow import WorkflowError, reporting

WINDOW = 200
"""How many waiting reports a page shows; the next ones move up when these are dealt with."""


@dataclass(frozen=True)
class Waiting:
    """A report that waits, beside what the same assignment said before."""

    report: ProgressReport
    assignment: Assignment
    earlier: ProgressReport | None
    flags: tuple

    @property
    def changes(self):
        return (
            new_clauses(self.earlier.text, self.report.text)
            if self.earlier
            else [("same", self.report.text)]
        )


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request, year):
    programme = access.get_programme(year)
    access.require(access.is_head(request.user))
    waiting = access.visible_reports(request.user).for_programme(programme).filter(endorsable=True)
    if request.method == "POST":
        decide(request, waiting, {"endorse": reporting.endorse, "return": reporting.send_back})
        return redirect("inbox", year)
    departments = access.departments_of(request.user, role="head")
    soon = (
        access.visible_assignments(request.user)
        .for_programme(programme)
        .filter(department__in=departments)
        .with_light(request.today)
        .filter(light_days__range=(0, programme.soon_days))
        .exclude(light__in=[Light.DONE, Light.FREE])
        .with_path()
        .order_by("deadline", "action__code")
    )
    context = {
        "programme": programme,
        "waiting": compared(request, waiting, programme),
        "waiting_total": waiting.count(),
        "soon": soon[:WINDOW],
    }
    return render(request, "items/inbox.html", context)


def compared(request, waiting, programme):
    """The first waiting reports, each with its light, its earlier report and its quality flags, in three queries."""
    ordered = waiting.with_path().order_by(
        "period__number", "assignment__action__code", "assignment_id"
    )
    found = list(ordered[:WINDOW])
    keys = [report.assignment_id for report in found]
    lit = {
        assignment.pk: assignment
        for assignment in access.visible_assignments(request.user)
        .for_programme(programme)
        .filter(pk__in=keys)
        .with_light(request.today)
        .with_path()
    }
    before = {}
    earlier = (
        access.visible_reports(request.user)
        .submitted()
        .for_programme(programme)
        .filter(assignment__in=keys)
    )
    for report in earlier.select_related("period").order_by("period__ends_on"):
        before.setdefault(report.assignment_id, []).append(report)
    rows = []
    for report in found:
        past = [
            one
            for one in before.get(report.assignment_id, [])
            if one.period.ends_on < report.period.ends_on
        ]
        last = past[-1] if past else None
        rows.append(Waiting(report, lit[report.assignment_id], last, reporting.flags(report, last)))
    return rows


def ticks(pairs):
    """{report pk: version that the reader saw} of "pk:version"; what is not of that form was not made by the page."""
    found = (re.fullmatch(r"([0-9]{1,18}):([0-9]{1,9})", pair) for pair in pairs)
    return {int(match[1]): int(match[2]) for match in found if match}


def decide(request, waiting, verbs):
    """Take one step for every ticked report (`report` = "pk:version"); say what was done and what was not, and why."""
    verb = verbs.get(request.POST.get("intent"))
    ticked = ticks(request.POST.getlist("report"))
    form = ReasonForm(request.POST)
    if verb is None or not ticked:
        messages.error(request, "還沒有勾選任何一件。")
        return
    if not form.is_valid():
        messages.error(request, "".join(form.errors["words"]))
        return
    words = form.cleaned_data["words"]
    if verb is reporting.send_back and not words:
        messages.error(request, "請寫退回原因，讓承辦人知道要補什麼；還沒有退回任何一件。")
        return
    done, problems = [], []
    for report in waiting.with_path().filter(pk__in=ticked):
        try:
            verb(report, by=request.user, at=request.now, version=ticked[report.pk], words=words)
            done.append(str(report.assignment))
        except WorkflowError as error:
            problems.append(f"{report.assignment}：{error}")
    what = "退回" if verb is reporting.send_back else "備查" if verb is reporting.accept else "同意"
    if done:
        messages.success(request, f"已{what} {len(done)} 件：{'、'.join(done)}。")
    gone = len(ticked) - len(done) - len(problems)
    if gone:
        problems.append(f"{gone} 件已經由別人處理，或不在您的權限內。")
    for problem in problems:
        messages.error(request, problem)
