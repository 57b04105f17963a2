"""單位: the plan office makes, names, orders, ends and deletes departments."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from items import access
from items.forms.office import DepartmentForm, NewDepartmentsForm
from items.models import Department, Programme
from items.requests import OfficeRequest, way_back
from items.saying import saying
from items.workflow import WorkflowError
from items.workflow import departments as workflow
from items.workflow.held_rows import held
from items.worklists.departments import department_facts, department_lists
from items.worklists.first_steps import first_steps

UP, DOWN, DEACTIVATE, ACTIVATE, DELETE = "up", "down", "deactivate", "activate", "delete"
"""The steps as they stand in the address."""


@require_http_methods(["GET", "HEAD", "POST"])
def departments(request: OfficeRequest, year: int) -> HttpResponse:
    """The list; a POST makes new ones."""
    programme = access.get_programme(year)
    access.require(access.can_run_departments(request.user))
    form = NewDepartmentsForm()
    if request.method == "POST":
        form = NewDepartmentsForm(request.POST)
        if form.is_valid() and _make(request, form):
            # From 首次設定 one goes on there with the next step.
            return redirect(way_back(request) or reverse("departments", args=[year]))
    context = {
        "programme": programme,
        "first_steps": first_steps(request.user, programme, back_to=request.path),
        "form": form,
        "lists": department_lists(programme),
    }
    return render(request, "items/departments.html", context)


def _make(request: OfficeRequest, form: NewDepartmentsForm) -> bool:
    """Make what was typed; whether it was possible."""
    names = form.cleaned_data["names"]
    try:
        workflow.make_departments(names, by=request.user, at=request.now, today=request.today)
    except WorkflowError as error:
        # Somebody else has made one of them in the meantime.
        form.add_error("names", str(error))
        return False
    messages.success(request, f"已新增 {len(names)} 個單位：{'、'.join(names)}。")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def department(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """One department: its name and place, who belongs to it, and how it ends."""
    programme = access.get_programme(year)
    access.require(access.can_run_departments(request.user))
    chosen = access.get_or_404(Department.objects.all(), pk=pk)
    form = DepartmentForm(instance=chosen)
    if request.method == "POST":
        # All of them, since a new place moves its neighbours, in the order of that verb.
        with held(Department.objects.order_by("position", "id")):
            chosen.refresh_from_db()
            form = DepartmentForm(request.POST, instance=chosen)
            if form.is_valid() and _save(request, form):
                return redirect("departments", year)
        # The heading shows what is stored, not what was refused.
        chosen.refresh_from_db()
    return _show(request, programme, chosen, form)


def _show(
    request: OfficeRequest, programme: Programme, chosen: Department, form: DepartmentForm
) -> HttpResponse:
    context = {
        "programme": programme,
        "department": chosen,
        "form": form,
        "facts": department_facts(chosen),
        "obstacle_to_deletion": workflow.obstacle_to_deletion(chosen),
    }
    return render(request, "items/department.html", context)


def _save(request: OfficeRequest, form: DepartmentForm) -> bool:
    """Write what was changed, and say it; whether it was possible."""
    chosen = form.instance
    name = form.cleaned_data["name"]
    is_renamed = name != form.stored_name
    is_moved = "behind" in form.changed_data
    if not is_renamed and not is_moved:
        messages.info(request, f"{form.stored_name}沒有變動。")
        return True
    if is_renamed:
        try:
            workflow.rename_department(chosen, name, by=request.user, at=request.now)
        except ValidationError as error:
            # Somebody else has given the name away since the form looked.
            form.add_error("name", error.messages)
            return False
    if is_moved:
        behind = form.cleaned_data["behind"]
        workflow.place_department(chosen, behind=behind, by=request.user, at=request.now)
    messages.success(request, f"已儲存{chosen}。")
    return True


@require_POST
def department_step(request: OfficeRequest, year: int, pk: int, step: str) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_run_departments(request.user))
    chosen = access.get_or_404(Department.objects.all(), pk=pk)
    if step in (UP, DOWN):
        _move(request, chosen, is_up=step == UP)
    elif step == DEACTIVATE:
        with saying(request, f"已停用{chosen}；既有的分辦與辦理情形都保留。"):
            workflow.deactivate_departments([chosen], by=request.user, at=request.now)
    elif step == ACTIVATE:
        # 各單位 means every department in use: one that comes back gets those items anew.
        handed_out = workflow.activate_department(
            chosen, by=request.user, at=request.now, today=request.today
        )
        words = f"已啟用{chosen}。"
        if handed_out:
            words += f"分辦「各單位」的 {handed_out:,} 項已分給它。"
        messages.success(request, words)
    elif step == DELETE:
        with saying(request, f"已刪除{chosen}。"):
            workflow.delete_unused(chosen, by=request.user, at=request.now)
    else:
        raise Http404
    return redirect("departments", programme.year)


def _move(request: OfficeRequest, chosen: Department, *, is_up: bool) -> None:
    """Change places with the neighbour among those in use; nothing where there is none."""
    in_use = list(Department.objects.filter(is_active=True).order_by("position", "id"))
    if chosen not in in_use:
        messages.warning(request, f"{chosen}已經停用，不必排順序。")
        return
    place = in_use.index(chosen)
    new_place = place + 1
    if is_up:
        new_place = place - 1
    # The page has no button there; a page from before somebody else moved it has.
    if not 0 <= new_place < len(in_use):
        return
    others = [department for department in in_use if department != chosen]
    behind = None
    if new_place > 0:
        behind = others[new_place - 1]
    workflow.place_department(chosen, behind=behind, by=request.user, at=request.now)
