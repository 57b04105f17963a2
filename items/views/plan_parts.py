"""計畫架構: the plan office makes, edits and deletes what stands above the items."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.forms.plan.parts import PartForm
from items.models import Method, Plan, Programme, Strategy
from items.part_content import (
    LEVELS,
    Part,
    PartContent,
    merge_parts,
    parent_model,
    part_content_of,
    part_differences,
    siblings_of_part,
    unpacked_part,
)
from items.plan_merging import Versions
from items.requests import OfficeRequest, key_or_404
from items.workflow import WorkflowError, plan_parts, removing
from items.worklists.editing import EditConflict, conflict_of, summary_of
from items.worklists.outline import outline_of


@require_safe
def plan_outline(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_edit_plan(request.user))
    outline = outline_of(programme, request.GET.get("strategy", ""))
    context = {"programme": programme, "outline": outline}
    return render(request, "items/plan_outline.html", context)


def model_of(level: str) -> type[Part]:
    if level not in LEVELS:
        raise Http404
    return LEVELS[level]


def outline_address(part: Part) -> str:
    """The outline with the strategy of a part unfolded."""
    strategy = strategy_of(part)
    address = reverse("plan_outline", args=[strategy.programme.year])
    return f"{address}?strategy={strategy.number}#strategy-{strategy.pk}"


def strategy_of(part: Part) -> Strategy:
    if isinstance(part, Plan):
        return part.method.strategy
    if isinstance(part, Method):
        return part.strategy
    return part


@require_http_methods(["GET", "HEAD", "POST"])
def part_new(request: OfficeRequest, year: int, level: str) -> HttpResponse:
    """`under` in the address is the part above; a strategy stands under its year."""
    programme = access.get_programme(year)
    access.require(access.can_edit_plan(request.user))
    model = model_of(level)
    parent = parent_of_address(request, programme, model)
    place = next_place(programme, model, parent)
    blank = PartContent(parent_id=parent.pk, place=place, title="")
    if request.method != "POST":
        form = PartForm(model, programme, blank)
        return show_part(request, programme, model, form)
    form = PartForm(model, programme, blank, request.POST)
    if not form.is_valid():
        return show_part(request, programme, model, form)
    try:
        part = plan_parts.create_part(
            model, programme, form.content, by=request.user, at=request.now
        )
    except ValidationError as error:
        form.add_error(None, "".join(error.messages))
        return show_part(request, programme, model, form)
    messages.success(request, made_words(part))
    return redirect(outline_address(part))


def next_place(
    programme: Programme, model: type[Part], parent: Programme | Strategy | Method
) -> int:
    """The place behind the last one; of a strategy its number."""
    if model is not Strategy:
        siblings = siblings_of_part(model, parent.pk)
        return len(siblings) + 1
    last = programme.strategies.order_by("-number").first()
    # Numbers of strategies may have gaps: the next one follows the highest.
    if last is None:
        return 1
    return last.number + 1


def parent_of_address(
    request: OfficeRequest, programme: Programme, model: type[Part]
) -> Programme | Strategy | Method:
    """404 where the part above is not named, or is not of this year."""
    if model is Strategy:
        return programme
    key = key_or_404(str(request.GET.get("under", "")))
    above = parent_model(model)
    # Only a strategy hangs under the year, and it was answered above.
    assert above is Strategy or above is Method
    parent = access.get_plan_part(programme, above, key)
    assert isinstance(parent, Strategy | Method)
    return parent


def made_words(part: Part) -> str:
    """What was made, and the way to what comes next."""
    year = strategy_of(part).programme.year
    if isinstance(part, Plan):
        address = reverse("action_new", args=[year]) + f"?plan={part.pk}"
        words = "接著新增它的第一項"
    elif isinstance(part, Method):
        address = reverse("part_new", args=[year, "plan"]) + f"?under={part.pk}"
        words = "接著新增它的執行計畫"
    else:
        address = reverse("part_new", args=[year, "method"]) + f"?under={part.pk}"
        words = "接著新增它的推動方法"
    name = part._meta.verbose_name
    return format_html('已新增{}。<a href="{}">{}</a>', name, address, words)


@require_http_methods(["GET", "HEAD", "POST"])
def part_edit(request: OfficeRequest, year: int, level: str, pk: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_edit_plan(request.user))
    model = model_of(level)
    part = access.get_plan_part(programme, model, pk)
    stored = part_content_of(part)
    if request.method != "POST":
        form = PartForm(model, programme, stored)
        return show_part(request, programme, model, form, part=part)
    # What the page showed; a script that does not send it takes the row as it is.
    seen = unpacked_part(request.POST.get("seen", "")) or stored
    form = PartForm(model, programme, seen, request.POST)
    if not form.is_valid():
        return show_part(request, programme, model, form, part=part)
    try:
        plan_parts.edit_part(part, form.content, seen=seen, by=request.user, at=request.now)
    except plan_parts.OvertakenPart as overtaken:
        return answer_overtaken(request, part, seen, form, overtaken)
    except ValidationError as error:
        form.add_error(None, "".join(error.messages))
        return show_part(request, programme, model, form, part=part)
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("plan_outline", year)
    return answer_saved(request, part, seen, form.content)


def answer_saved(
    request: OfficeRequest, part: Part, before: PartContent, after: PartContent
) -> HttpResponse:
    differences = part_differences(type(part), before, after)
    messages.success(request, summary_of(f"{part._meta.verbose_name}", differences))
    part.refresh_from_db()
    return redirect(outline_address(part))


def answer_overtaken(
    request: OfficeRequest,
    part: Part,
    seen: PartContent,
    form: PartForm,
    overtaken: plan_parts.OvertakenPart,
) -> HttpResponse:
    """Both people's changes are in the form that comes back, and saving once more saves them."""
    model = type(part)
    stored = overtaken.stored
    merged = merge_parts(model, Versions(seen, stored, form.content))
    shown = PartContent(**merged.values)
    if shown == stored:
        # A second press of the button: the same was saved already.
        return answer_saved(request, part, seen, stored)
    programme = strategy_of(part).programme
    again = PartForm(model, programme, stored, shown=shown)
    conflict = conflict_of(overtaken.newest, merged.sentences)
    return show_part(request, programme, model, again, part=part, conflict=conflict)


def show_part(
    request: OfficeRequest,
    programme: Programme,
    model: type[Part],
    form: PartForm,
    *,
    part: Part | None = None,
    conflict: EditConflict | None = None,
) -> HttpResponse:
    back = reverse("plan_outline", args=[programme.year])
    obstacle = ""
    level = ""
    if part is not None:
        back = outline_address(part)
        obstacle = removing.obstacle_to_removal(part)
        level = str(model._meta.model_name)
    context = {
        "programme": programme,
        "name": model._meta.verbose_name,
        "part": part,
        "level": level,
        "form": form,
        "conflict": conflict,
        "obstacle_to_removal": obstacle,
        "back": back,
    }
    return render(request, "items/plan_part.html", context)


@require_POST
def part_delete(request: OfficeRequest, year: int, level: str, pk: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_edit_plan(request.user))
    model = model_of(level)
    part = access.get_plan_part(programme, model, pk)
    name = model._meta.verbose_name
    try:
        removing.remove_part(part, by=request.user, at=request.now)
    except WorkflowError as error:
        # Something stands below it: the page of the part says what.
        messages.error(request, str(error))
        return redirect("part_edit", year, level, pk)
    messages.success(request, f"{name}已刪除，歷程留有紀錄。")
    return redirect("plan_outline", year)
