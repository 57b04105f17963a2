"""填報期: the plan office opens and closes them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.exchange.spreadsheets.write import FORMATS
from items.forms.periods import DueForm
from items.forms.reopening import ReopenSomeForm
from items.models import Period, Programme, WorkingCalendar
from items.requests import OfficeRequest
from items.roc import format_roc
from items.saying import saying
from items.workflow import periods as workflow
from items.workflow import reopening
from items.workflow.held_rows import held
from items.worklists.first_steps import first_steps
from items.worklists.period_cards import (
    CLOSE,
    DUE,
    KEEP_SOME,
    OPEN,
    REOPEN,
    REOPEN_SOME,
    form_of,
    period_cards,
)
from items.worklists.period_summary import closed_words
from items.worklists.reopened import assignments_to_reopen


@require_safe
def periods(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_run_periods(request.user))
    return show(request, programme)


def show(
    request: OfficeRequest,
    programme: Programme,
    invalid: DueForm | None = None,
    invalid_some: ReopenSomeForm | None = None,
) -> HttpResponse:
    """All periods; the forms are those of one of them, with their errors."""
    context = {
        "programme": programme,
        "first_steps": first_steps(request.user, programme, back_to=request.path),
        "cards": period_cards(programme, request.today, invalid, invalid_some),
        "formats": list(FORMATS),
    }
    return render(request, "items/periods.html", context)


@require_POST
def period_layout(request: OfficeRequest, year: int) -> HttpResponse:
    """Make the year's periods by the programme's frequency."""
    programme = access.get_programme(year)
    access.require(access.can_run_periods(request.user))
    with saying(request, "已建立填報期。"):
        workflow.lay_out(programme, by=request.user, at=request.now)
    return redirect("periods", year)


@require_POST
def period_step(request: OfficeRequest, year: int, number: int, step: str) -> HttpResponse:
    """Open, open again, close, or move the due date of one period."""
    programme = access.get_programme(year)
    access.require(access.can_run_periods(request.user))
    period = access.get_period(programme, number)
    if step == CLOSE:
        with saying(request, closed_words(period)):
            workflow.close_period(period, by=request.user, at=request.now)
        return redirect("periods", year)
    if step == KEEP_SOME:
        done = f"{period}的個別補正已結束，內容已重新保存；其他項目維持原來關閉時的內容。"
        with saying(request, done):
            reopening.end_and_keep(period, by=request.user, at=request.now)
        return redirect("periods", year)
    if step == REOPEN_SOME:
        return reopen_some(request, programme, period)
    # A day that may have been typed comes with the other steps.
    if step not in (OPEN, REOPEN, DUE):
        raise Http404
    return step_with_day(request, programme, period, step)


def step_with_day(
    request: OfficeRequest, programme: Programme, period: Period, step: str
) -> HttpResponse:
    # The year is held first, in the order of the verbs that close or delete it.
    with held(Programme.objects.filter(pk=programme.pk), Period.objects.filter(pk=period.pk)):
        period.refresh_from_db()
        form = form_of(period, request.today, WorkingCalendar.load(), data=request.POST)
        if form.is_valid():
            take_step_with_day(request, period, step, form)
            return redirect("periods", programme.year)
    # The page is long: it opens at the part that has to be corrected.
    refused = [name for name in form.fields if name in form.errors]
    form.fields[refused[0]].widget.attrs["autofocus"] = True
    return show(request, programme, invalid=form)


def reopen_some(request: OfficeRequest, programme: Programme, period: Period) -> HttpResponse:
    """Open a closed period again for one department, or for one item."""
    form = ReopenSomeForm(
        request.POST, period=period, today=request.today, calendar=WorkingCalendar.load()
    )
    if not form.is_valid():
        return show(request, programme, invalid_some=form)
    chosen = form.cleaned_data
    shares = assignments_to_reopen(period, chosen["department"], chosen["code"])
    due_words = f"補正期限 {format_roc(chosen['due_on'])}"
    done = f"{period}已對 {len(shares):,} 件重新開放，{due_words}；承辦人會在「我的填報」看到。"
    with saying(request, done):
        reopening.open_for(
            period,
            shares,
            because=chosen["because"],
            due_on=chosen["due_on"],
            by=request.user,
            at=request.now,
        )
    return redirect("periods", programme.year)


def take_step_with_day(request: OfficeRequest, period: Period, step: str, form: DueForm) -> None:
    """Open the period or move its day, and say which day was understood."""
    due_on = form.cleaned_data["due_on"]
    due_words = f"填報期限 {format_roc(due_on)}"
    # Nobody is kept from it: an office that works on that day knows better.
    holiday_words = WorkingCalendar.load().due_day_words(due_on)
    if step == OPEN:
        with saying(request, f"{period}已開放填報，{due_words}。{holiday_words}"):
            workflow.open_period(period, due_on=due_on, by=request.user, at=request.now)
    elif step == REOPEN:
        because = form.cleaned_data.get("because", "")
        done = f"{period}已重新開放，{due_words}；各單位會在「我的填報」看到。{holiday_words}"
        with saying(request, done):
            workflow.reopen_period(
                period, because=because, due_on=due_on, by=request.user, at=request.now
            )
    else:
        with saying(request, f"{period}的{due_words}，已更新。{holiday_words}"):
            workflow.set_due(period, due_on, by=request.user, at=request.now)
