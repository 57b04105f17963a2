"""填報期: the plan office opens and closes them."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.day_words import moment_words
from items.exchange.spreadsheets.write import FORMATS
from items.forms import DueForm
from items.models import Period, Programme
from items.requests import OfficeRequest
from items.saying import saying
from items.workflow import periods as workflow
from items.workflow.years import obstacle_to_deletion
from items.worklists.period_grid import number_unaccepted

OPEN, CLOSE, DUE = "open", "close", "due"
"""The steps as they stand in the address."""


@dataclass(frozen=True)
class PeriodCard:
    """One period with the form for its due day; `unaccepted` counts what is not yet 備查.

    It is 0 for a period that is not open.
    """

    period: Period
    form: DueForm
    unaccepted: int

    @property
    def steps_words(self) -> str:
        """「顏研考 115年10月1日 09:00 開放；顏研考 116年1月8日 09:00 關閉」"""
        words = ""
        if self.period.opened_at:
            words += f"{self.period.opened_by} {moment_words(self.period.opened_at)} 開放"
        if self.period.closed_at:
            words += f"；{self.period.closed_by} {moment_words(self.period.closed_at)} 關閉"
        return words

    @property
    def form_step(self) -> str:
        """What the form does: an open period gets another due day, any other is opened with it."""
        return DUE if self.period.is_open else OPEN

    @property
    def button_words(self) -> str:
        if self.period.is_open:
            return "更改期限"
        if self.period.is_closed:
            return "重新開放"
        return "開放填報"

    @property
    def closing_words(self) -> str:
        """What the coordinator should know before closing."""
        if self.unaccepted:
            return f"還有 {self.unaccepted} 件沒有備查，關閉後單位不能再填。關閉後內容鎖定。"
        return "全部備查。關閉後內容鎖定。"


@require_safe
def periods(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_run_periods(request.user))
    return show(request, programme)


def show(
    request: OfficeRequest, programme: Programme, invalid: DueForm | None = None
) -> HttpResponse:
    """All periods; `invalid` is the form of one of them, with its errors."""
    cards = []
    for period in programme.periods.select_related("opened_by", "closed_by"):
        form = DueForm(instance=period, prefix=str(period.number))
        # What was typed stays in its field, beside the sentence that says what is wrong with it.
        if invalid is not None and invalid.instance.pk == period.pk:
            form = invalid
        unaccepted = number_unaccepted(period) if period.is_open else 0
        cards.append(PeriodCard(period, form, unaccepted))
    context = {
        "programme": programme,
        "cards": cards,
        "formats": list(FORMATS),
        "obstacle_to_deletion": obstacle_to_deletion(programme),
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
    """Open, close, or move the due date of one period."""
    programme = access.get_programme(year)
    access.require(access.can_run_periods(request.user))
    period = access.get_period(programme, number)
    if step == CLOSE:
        with saying(request, f"{period}已關閉，內容已鎖定。"):
            workflow.close_period(period, by=request.user, at=request.now)
        return redirect("periods", year)
    # A day that may have been typed comes with the two other steps.
    if step not in (OPEN, DUE):
        raise Http404
    form = DueForm(request.POST, instance=period, prefix=str(period.number))
    if not form.is_valid():
        return show(request, programme, invalid=form)
    due_on = form.cleaned_data["due_on"]
    if step == OPEN:
        with saying(request, f"{period}已開放填報。"):
            workflow.open_period(period, due_on=due_on, by=request.user, at=request.now)
    else:
        with saying(request, f"{period}的填報期限已更新。"):
            workflow.set_due(period, due_on, by=request.user, at=request.now)
    return redirect("periods", year)
