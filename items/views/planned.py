"""預定進度 of one item: the plan office enters it where the plan is not linear."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from items import access
from items.forms.plan.planned import (
    PlannedForm,
    field_name,
    planned_rows,
    unpacked_percents,
)
from items.models import Action, Assignment, Period
from items.models.earlier_deadlines import show_earlier
from items.plan_content import ContentDifference
from items.plan_merging import Versions, merge_fields
from items.requests import OfficeRequest
from items.workflow import planned
from items.workflow.planned import PlannedCell
from items.worklists.editing import EditConflict, conflict_of, summary_of

BLANK = "留白"


@require_http_methods(["GET", "HEAD", "POST"])
def action_planned(request: OfficeRequest, year: int, code: str) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_run_periods(request.user))
    action = access.get_action(programme, code)
    assignments = assignments_of(action)
    periods = list(programme.periods.order_by("ends_on"))
    stored = by_name(planned.planned_of(action))
    if request.method != "POST":
        form = PlannedForm(assignments, periods, stored)
        return show(request, action, form)
    # What the page showed; a script that does not send it takes the rows as they are.
    seen = unpacked_percents(request.POST.get("seen", ""))
    if seen is None:
        seen = stored
    form = PlannedForm(assignments, periods, seen, request.POST)
    if not form.is_valid():
        return show(request, action, form)
    try:
        planned.set_planned(
            action,
            by_cell(form, form.percents),
            seen=by_cell(form, seen),
            by=request.user,
            at=request.now,
        )
    except planned.OvertakenPlanned as overtaken:
        return answer_overtaken(request, action, form, overtaken)
    except ValidationError as error:
        form.add_error(None, "".join(error.messages))
        return show(request, action, form)
    return answer_saved(request, action, form, seen)


def assignments_of(action: Action) -> list[Assignment]:
    assignments = Assignment.objects.filter(action=action).select_related("department")
    rows = list(assignments.order_by("kind", "position", "id"))
    show_earlier(rows, action.programme)
    return rows


def by_name(percents: planned.Percents) -> dict[str, int | None]:
    """The percents by the names of their fields."""
    percent_of = {}
    for cell, percent in percents.items():
        name = field_name(cell.assignment_id, cell.period_id)
        percent_of[name] = percent
    return percent_of


def by_cell(form: PlannedForm, percents: Mapping[str, int | None]) -> planned.Percents:
    """The percents by department and period; names that the page does not have are left out."""
    percent_of = {}
    for assignment in form.assignments:
        for period in form.periods:
            cell = PlannedCell(assignment.pk, period.pk)
            percent_of[cell] = percents.get(field_name(assignment.pk, period.pk))
    return percent_of


def in_words(percent: int | None) -> str:
    return BLANK if percent is None else f"{percent}%"


def answer_saved(
    request: OfficeRequest, action: Action, form: PlannedForm, seen: Mapping[str, int | None]
) -> HttpResponse:
    differences = []
    for name, percent in form.percents.items():
        before = seen.get(name)
        if percent == before:
            continue
        difference = ContentDifference(
            label=str(form[name].label),
            old=in_words(before),
            new=in_words(percent),
        )
        differences.append(difference)
    messages.success(request, summary_of(f"{action.code} 的預定進度", differences))
    return redirect("action", action.programme.year, action.code)


def answer_overtaken(
    request: OfficeRequest,
    action: Action,
    form: PlannedForm,
    overtaken: planned.OvertakenPlanned,
) -> HttpResponse:
    """Both people's figures are in the form that comes back, and saving once more saves them."""
    stored = by_name(overtaken.stored)

    def label_of(name: str) -> str:
        return str(form[name].label)

    def words_of(name: str, percent: int | None) -> str:
        return in_words(percent)

    versions = Versions(form.seen_percents, stored, form.percents)
    merged = merge_fields(versions, label_of, words_of)
    if all(stored.get(name) == percent for name, percent in merged.values.items()):
        # The same was saved already, as by a second press of the button.
        return answer_saved(request, action, form, form.seen_percents)
    again = PlannedForm(form.assignments, form.periods, stored, shown=merged.values)
    conflict = conflict_of(overtaken.newest, merged.sentences)
    return show(request, action, again, conflict=conflict)


def show(
    request: OfficeRequest,
    action: Action,
    form: PlannedForm,
    *,
    conflict: EditConflict | None = None,
) -> HttpResponse:
    linear = linear_percents(action, form.periods)
    context = {
        "programme": action.programme,
        "action": action,
        "form": form,
        "rows": planned_rows(form, linear, form.seen_percents),
        "conflict": conflict,
    }
    return render(request, "items/planned.html", context)


def linear_percents(action: Action, periods: Sequence[Period]) -> dict[str, int]:
    """What counts where nothing is entered, by the name of the field; a query for each period."""
    assignments = Assignment.objects.filter(action=action)
    linear = {}
    for period in periods:
        for assignment in assignments.with_linear(period):
            name = field_name(assignment.pk, period.pk)
            linear[name] = assignment.linear
    return linear
