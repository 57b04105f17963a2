"""編輯這一項: the plan office edits an item, makes one, or deletes one made by mistake."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.action_merging import merge
from items.forms.plan.action import ActionEditForm
from items.forms.plan.share import reading_of
from items.models import Action, Assignment, Plan, Programme
from items.plan_content import (
    ActionContent,
    content_of,
    differences_between,
    names_for,
    unpacked,
)
from items.requests import OfficeRequest, key_in
from items.workflow import WorkflowError, editing, removing
from items.worklists.editing import EditConflict, conflict_of, summary_of

CHECK, MORE, PLANS = "check", "more", "plans"
"""What the form is sent for beside saving: to see the days, for another row, for other plans."""
MORE_ROWS = 3


@require_http_methods(["GET", "HEAD", "POST"])
def action_edit(request: OfficeRequest, year: int, code: str) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_edit_plan(request.user))
    action = access.get_action(programme, code)
    stored = content_of(action)
    if request.method != "POST":
        form = ActionEditForm(programme, stored, with_past=keys_with_past(action))
        return show(request, action, form)
    # What the page showed; a script that does not send it takes the row as it is.
    seen = unpacked(request.POST.get("seen", "")) or stored
    form = ActionEditForm(programme, seen, data=request.POST, with_past=keys_with_past(action))
    asked = answer_to_question(request, form)
    if asked is not None:
        return show(request, action, asked)
    if not form.is_valid():
        return show(request, action, form)
    try:
        editing.edit_action(action, form.content, seen=seen, by=request.user, at=request.now)
    except editing.OvertakenAction as overtaken:
        return answer_overtaken(request, action, seen, form, overtaken)
    except (WorkflowError, ValidationError) as error:
        return show(request, action, form, problem=sentence_of(error))
    return answer_saved(request, action, seen)


def keys_with_past(action: Action) -> set[int]:
    """The assignments that keep their department."""
    assignments = Assignment.objects.with_past().filter(action=action)
    return {assignment.pk for assignment in assignments if assignment.has_past}


def answer_to_question(request: OfficeRequest, form: ActionEditForm) -> ActionEditForm | None:
    """The form as it was typed, with what was asked for; None where it shall be saved."""
    intent = request.POST.get("intent", "")
    if intent == MORE:
        return form.as_typed(more_rows=MORE_ROWS)
    if intent in (CHECK, PLANS):
        return form.as_typed()
    return None


def sentence_of(error: WorkflowError | ValidationError) -> str:
    if isinstance(error, ValidationError):
        return "".join(error.messages)
    return str(error)


def answer_saved(request: OfficeRequest, action: Action, before: ActionContent) -> HttpResponse:
    # As it was written: 各單位 may have brought departments that nobody named.
    after = content_of(access.get_action(action.programme, action.code))
    differences = differences_between(before, after, names_for(before, after))
    words = summary_of(action.code, differences)
    if differences:
        messages.success(request, format_html('{} <a href="#changes">看異動紀錄</a>', words))
    else:
        messages.info(request, words)
    return redirect("action", action.programme.year, action.code)


def answer_overtaken(
    request: OfficeRequest,
    action: Action,
    seen: ActionContent,
    form: ActionEditForm,
    overtaken: editing.OvertakenAction,
) -> HttpResponse:
    """Both people's changes are in the form that comes back, and saving once more saves them."""
    stored = overtaken.stored
    names = names_for(seen, stored, form.content)
    merged = merge(seen, stored, form.content, names)
    if not differences_between(stored, merged.content, names):
        # The same was saved already, as by a second press of the button.
        return answer_saved(request, action, seen)
    again = ActionEditForm(
        action.programme, stored, shown=merged.content, with_past=keys_with_past(action)
    )
    conflict = conflict_of(overtaken.newest, merged.sentences)
    return show(request, action, again, conflict=conflict)


def show(
    request: OfficeRequest,
    action: Action,
    form: ActionEditForm,
    *,
    problem: str = "",
    conflict: EditConflict | None = None,
) -> HttpResponse:
    context = {
        "programme": action.programme,
        "action": action,
        "form": form,
        "problem": problem,
        "conflict": conflict,
        # Said before the button is pressed: what has a past is not deleted.
        "obstacle_to_removal": removing.obstacle_to_removal(action),
        "back": reverse("action", args=[action.programme.year, action.code]),
    }
    return render_form(request, context)


def render_form(request: OfficeRequest, context: dict[str, Any]) -> HttpResponse:
    """The page, or the list of plans alone, which htmx puts in the place of the old one."""
    if request.htmx.target == "plan-choice":
        return render(request, "items/action_edit.html#plan-choice", context)
    return render(request, "items/action_edit.html", context)


@login_not_required
@require_safe
def deadline_reading(request: HttpRequest, year: int) -> HttpResponse:
    """Which day a deadline means, while somebody writes it."""
    # A hint must not lead away from what is being written, as the login page would.
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    programme = access.get_programme(year)
    access.require(access.can_edit_plan(request.user))
    written = ""
    # The field comes under its name in the row: row3-deadline_text.
    for name, value in request.GET.items():
        if name.endswith("deadline_text") or name == "common_deadline":
            written = str(value)
    context = {"reading": reading_of(written[:200], programme)}
    return render(request, "items/deadline_reading.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action_new(request: OfficeRequest, year: int) -> HttpResponse:
    """新增一項 under an 執行計畫; `plan` in the address is the one that somebody comes from."""
    programme = access.get_programme(year)
    access.require(access.can_edit_plan(request.user))
    plan_id = plan_of_address(request, programme)
    blank = ActionContent(
        plan_id=plan_id, place=0, title="", expected_benefit="", every_department=False, shares=()
    )
    # In an empty year, what stands above the first item is written on the same page.
    is_first = not programme.strategies.exists()
    data = request.POST if request.method == "POST" else None
    form = ActionEditForm(
        programme, blank, data=data, blank_rows=MORE_ROWS, is_new=True, has_path=is_first
    )
    if data is None:
        return show_new(request, programme, form)
    asked = answer_to_question(request, form)
    if asked is not None:
        return show_new(request, programme, asked)
    if not form.is_valid():
        return show_new(request, programme, form)
    try:
        action = create(request, programme, form)
    except (WorkflowError, ValidationError) as error:
        return show_new(request, programme, form, problem=sentence_of(error))
    again = reverse("action_new", args=[year]) + f"?plan={action.plan_id}"
    words = format_html(
        '已新增 {}。<a href="{}">在同一個執行計畫再新增一項</a>', action.code, again
    )
    messages.success(request, words)
    return redirect("action", year, action.code)


def create(request: OfficeRequest, programme: Programme, form: ActionEditForm) -> Action:
    if form.path is None:
        return editing.create_action(programme, form.content, by=request.user, at=request.now)
    above = form.path.cleaned_data
    path = editing.PathContent(
        number=above["number"],
        strategy=above["strategy_title"],
        method=above["method_title"],
        plan=above["plan_title"],
    )
    return editing.create_first_action(
        programme, path, form.content, by=request.user, at=request.now
    )


def plan_of_address(request: OfficeRequest, programme: Programme) -> int:
    """The key of the 執行計畫 in the address; 0 where there is none of this year."""
    key = key_in(str(request.GET.get("plan", "")))
    if key is None:
        return 0
    plan = Plan.objects.filter(method__strategy__programme=programme, pk=key).first()
    if plan is None:
        return 0
    return plan.pk


def show_new(
    request: OfficeRequest, programme: Programme, form: ActionEditForm, *, problem: str = ""
) -> HttpResponse:
    context = {
        "programme": programme,
        "action": None,
        "form": form,
        "problem": problem,
        "conflict": None,
        "obstacle_to_removal": "",
        "back": reverse("plan", args=[programme.year]),
    }
    return render_form(request, context)


@require_POST
def action_delete(request: OfficeRequest, year: int, code: str) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_edit_plan(request.user))
    action = access.get_action(programme, code)
    try:
        removing.remove_action(action, by=request.user, at=request.now)
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("action_edit", year, code)
    # Codes are printed and cited: a second item of the same code would be taken for the first.
    messages.success(request, f"{code} 已刪除；這個編號不會再用，歷程留有紀錄。")
    return redirect("plan", year)
