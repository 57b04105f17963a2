"""填報期: the plan office opens and closes them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.exchange.spreadsheets.write import FORMATS
from items.forms import DueForm
from items.models import Period, Programme
from items.requests import OfficeRequest
from items.roc import format_roc
from items.saying import saying
from items.workflow import periods as workflow
from items.worklists.first_steps import first_steps
from items.worklists.period_cards import CLOSE, DUE, OPEN, REOPEN, form_of, period_cards
from items.worklists.period_grid import closed_words


@require_safe
def periods(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_run_periods(request.user))
    return show(request, programme)


def show(
    request: OfficeRequest, programme: Programme, invalid: DueForm | None = None
) -> HttpResponse:
    """All periods; `invalid` is the form of one of them, with its errors."""
    context = {
        "programme": programme,
        "first_steps": first_steps(request.user, programme, back_to=request.path),
        "cards": period_cards(programme, request.today, invalid),
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
    # A day that may have been typed comes with the other steps.
    if step not in (OPEN, REOPEN, DUE):
        raise Http404
    form = form_of(period, request.today, request.POST)
    if not form.is_valid():
        # The page is long: whoever has to mend something is taken to it.
        first_refused = next(iter(form.errors))
        form.fields[first_refused].widget.attrs["autofocus"] = True
        return show(request, programme, invalid=form)
    take_step_with_day(request, period, step, form)
    return redirect("periods", year)


def take_step_with_day(request: OfficeRequest, period: Period, step: str, form: DueForm) -> None:
    """Open the period or move its day, and say which day was understood."""
    due_on = form.cleaned_data["due_on"]
    due_words = f"填報期限 {format_roc(due_on)}"
    if step == OPEN:
        with saying(request, f"{period}已開放填報，{due_words}。"):
            workflow.open_period(period, due_on=due_on, by=request.user, at=request.now)
    elif step == REOPEN:
        because = form.cleaned_data.get("because", "")
        with saying(request, f"{period}已重新開放，{due_words}；各單位會在「我的填報」看到。"):
            workflow.reopen_period(
                period, because=because, due_on=due_on, by=request.user, at=request.now
            )
    else:
        with saying(request, f"{period}的{due_words}，已更新。"):
            workflow.set_due(period, due_on, by=request.user, at=request.now)
