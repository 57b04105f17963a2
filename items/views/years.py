"""年度: the plan office makes, sets up, starts, closes and reopens a year, or deletes an empty one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.forms.base import error_sentences
from items.forms.control_settings import ControlSettingsForm
from items.forms.office import FlagsForm, NewYearForm, YearForm
from items.models import Programme
from items.models.control_settings import control_settings_of
from items.models.quality_flags import RaisedFlag, written_flags
from items.requests import OfficeRequest, way_back
from items.saying import save_changed, saying
from items.workflow import WorkflowError
from items.workflow import years as workflow
from items.workflow.held_rows import held
from items.workflow.year_rules import change_rules
from items.worklists.years import proposed_year, year_cards

START, CLOSE, REOPEN, DELETE = "start", "close", "reopen", "delete"
"""The steps as they stand in the address."""


@require_safe
def years(request: OfficeRequest) -> HttpResponse:
    """All years with their states, and what may be done with each."""
    access.require(access.can_prepare_years(request.user))
    return _show(request)


def _show(
    request: OfficeRequest, *, refused_year: int | None = None, because: str = ""
) -> HttpResponse:
    """The list; of a year that could not be opened again with the reason that was written."""
    context = {
        "refused_year": refused_year,
        "because": because,
        "cards": year_cards(),
        "next_year": proposed_year(request.today).year,
        "may_run_years": access.can_run_years(request.user),
        "may_settle_year": access.can_settle_year(request.user),
        "may_run_periods": access.can_run_periods(request.user),
    }
    return render(request, "items/years.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def year_new(request: OfficeRequest) -> HttpResponse:
    """新增年度, with what follows from the number filled in."""
    access.require(access.can_prepare_years(request.user))
    proposed = proposed_year(request.today)
    form = NewYearForm(instance=proposed)
    if request.method == "POST":
        form = NewYearForm(request.POST, instance=proposed)
        if form.is_valid() and _make(request, form):
            address = reverse("manage", args=[form.instance.year])
            return redirect(way_back(request) or address)
    context = {"form": form, "back_to": way_back(request)}
    return render(request, "items/year_new.html", context)


def _make(request: OfficeRequest, form: NewYearForm) -> bool:
    """Make the year that was typed; whether it was possible."""
    try:
        programme = workflow.create(form.instance, by=request.user, at=request.now)
    except ValidationError as error:
        # The form has looked for this year, but somebody else has made it since.
        form.add_error(None, error.messages)
        return False
    messages.success(
        request,
        f"已新增 {programme.year} 年度（{programme.get_state_display()}）。"
        "接著可以匯入計畫表、建立填報期；開始執行之前，不會影響大家現在的工作。",
    )
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def year_settings(request: OfficeRequest, year: int) -> HttpResponse:
    """設定: title, days and thresholds of one year."""
    programme = access.get_programme(year)
    access.require(access.can_prepare_years(request.user))
    form = YearForm(instance=programme)
    if request.method == "POST":
        with held(Programme.objects.filter(pk=programme.pk)):
            programme.refresh_from_db()
            form = YearForm(request.POST, instance=programme)
            if form.is_valid():
                _save(request, form)
                return redirect(way_back(request) or request.path)
    return _settings_page(request, programme, form=form)


def _settings_page(
    request: OfficeRequest,
    programme: Programme,
    *,
    form: YearForm | None = None,
    control_form: ControlSettingsForm | None = None,
) -> HttpResponse:
    """設定 with the form that was refused; the others as the database has them."""
    if form is None:
        form = YearForm(instance=programme)
    if control_form is None:
        control_form = ControlSettingsForm(instance=control_settings_of(programme))
    context = {
        "programme": programme,
        "form": form,
        "flags_form": FlagsForm(in_use=programme.flags_in_use),
        "control_form": control_form,
        "may_run_years": access.can_run_years(request.user),
        "back_to": way_back(request),
    }
    return render(request, "items/year_settings.html", context)


def _save(request: OfficeRequest, form: YearForm) -> None:
    """Write the fields that are to be others than the database has, and say which."""

    def write(content: dict[str, Any]) -> None:
        workflow.change(form.instance, content, by=request.user, at=request.now)

    save_changed(request, form, write)


@require_POST
def year_flags(request: OfficeRequest, year: int) -> HttpResponse:
    """Which 品質提示 the year looks at."""
    programme = access.get_programme(year)
    access.require(access.can_prepare_years(request.user))
    # Held while compared: of two people who change the list, the second sees the first one's.
    with held(Programme.objects.filter(pk=programme.pk)):
        programme.refresh_from_db()
        _save_flags(request, programme)
    return redirect("year_settings", year)


def _save_flags(request: OfficeRequest, programme: Programme) -> None:
    form = FlagsForm(request.POST, in_use=programme.flags_in_use)
    if not form.is_valid():
        messages.error(request, error_sentences(form))
        return
    off = written_flags(RaisedFlag(flag) for flag in form.off)
    if off == programme.flags_off:
        messages.info(request, "沒有變動。")
    else:
        workflow.change(programme, {"flags_off": off}, by=request.user, at=request.now)
        messages.success(request, "已儲存：品質提示。待我核可與審核立刻照新的清單提示。")


@require_http_methods(["GET", "HEAD", "POST"])
def year_control(request: OfficeRequest, year: int) -> HttpResponse:
    """管制異動 on 設定: grounds, last day, whose decision."""
    programme = access.get_programme(year)
    access.require(access.can_prepare_years(request.user))
    back = reverse("year_settings", args=[year]) + "#control"
    if request.method != "POST":
        # A refused form leaves this address in the browser, and reloading asks for it.
        return redirect(back)
    # The year is held and not the row of its rules, which may not exist yet.
    with held(Programme.objects.filter(pk=programme.pk)):
        form = ControlSettingsForm(request.POST, instance=control_settings_of(programme))
        if form.is_valid():
            _save_control(request, programme, form)
            return redirect(back)
    return _settings_page(request, programme, control_form=form)


def _save_control(request: OfficeRequest, programme: Programme, form: ControlSettingsForm) -> None:
    def write(content: dict[str, Any]) -> None:
        change_rules(control_settings_of, programme, content, by=request.user, at=request.now)

    save_changed(request, form, write, of_what="管制異動設定")


@require_POST
def year_step(request: OfficeRequest, year: int, step: str) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_run_years(request.user))
    if step == DELETE:
        return _delete(request, programme)
    if step == START:
        with saying(request, f"{year}年度開始執行；大家登入後會從這個年度開始。"):
            workflow.start(programme, by=request.user, at=request.now)
    elif step == CLOSE:
        with saying(request, f"{year}年度已結案，內容仍可查閱。"):
            workflow.close(programme, by=request.user, at=request.now)
    elif step == REOPEN:
        because = request.POST.get("because", "")
        try:
            workflow.reopen(programme, because=because, by=request.user, at=request.now)
        except WorkflowError as error:
            messages.error(request, str(error))
            # The reason comes back in its box: nobody writes it twice.
            return _show(request, refused_year=year, because=because)
        messages.success(request, f"{year}年度已恢復執行。")
    else:
        raise Http404
    return redirect("years")


def _delete(request: OfficeRequest, programme: Programme) -> HttpResponse:
    try:
        workflow.delete_empty(programme, by=request.user, at=request.now)
    except WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{programme.year}年度已刪除。")
    return redirect("years")
