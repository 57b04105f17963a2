"""當天的填報: what was reported on a day, for the auditor, on one page with a day to choose."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from items import access
from items.downloading import FORMAT_NAMES, download
from items.exchange.plan_export.progress import export_closing, export_day
from items.exchange.spreadsheets.write import FORMATS
from items.forms.reported import ReportedForm
from items.models import Period, Programme
from items.requests import OfficeRequest
from items.worklists.period_on_day import PeriodOnDay, day_links, periods_on, usual_period
from items.worklists.reported import StateOnDay, rules_changed_words, shown_lines, state_on

PER_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the periods of the day, and the one that is shown.

    `not_open_yet` is the period that was asked for, where it was opened only after the day.
    """

    form: ReportedForm
    on_day: list[PeriodOnDay]
    shown: StateOnDay | None
    not_open_yet: Period | None = None


@require_safe
def reported(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_read_record(request.user))
    asked = read_address(request, programme)
    context: dict[str, Any] = {
        "programme": programme,
        "form": asked.form,
        "on_day": asked.on_day,
        "day_links": day_links(asked.on_day, request.today),
        "not_open_yet": asked.not_open_yet,
        "formats": FORMAT_NAMES,
        "day": None,
        "shown": None,
        "before": None,
        "rules_words": "",
        "is_limited": False,
    }
    # Otherwise the sentence alone: other lines than those asked for would be taken for the answer.
    if asked.form.is_valid():
        context["day"] = asked.form.cleaned_data["day"]
        if asked.shown is not None:
            context |= lines_context(request, programme, asked.form, asked.shown)
    return render(request, "items/reported.html", context)


def lines_context(
    request: OfficeRequest, programme: Programme, form: ReportedForm, shown: StateOnDay
) -> dict[str, Any]:
    """The lines of a page, and beside them what the closing before had otherwise."""
    chosen = form.cleaned_data
    lines = shown.limited(
        department=chosen["department"], code=chosen["code"], is_changed=chosen["changed"]
    )
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    before = None
    if chosen["changed"]:
        before = shown.on_day.closing_before
    closing = shown.on_day.closing
    rules_words = ""
    # Another 門檻 makes another light of the same report: without this it looks like a mistake.
    if before is not None and closing is not None:
        rules_words = rules_changed_words(programme, closing, before)
    return {
        "shown": shown,
        "is_limited": bool(chosen["department"] or chosen["code"] or before),
        "before": before,
        "rules_words": rules_words,
        "page": page,
        "lines": shown_lines(list(page), before),
    }


@require_safe
def reported_export(request: OfficeRequest, year: int, format: str) -> HttpResponse:
    """The whole period as it stood on the day, as a file."""
    programme = access.get_programme(year)
    access.require(access.can_read_record(request.user))
    if format not in FORMATS:
        raise Http404
    asked = read_address(request, programme)
    shown = asked.shown
    if not asked.form.is_valid() or shown is None or asked.not_open_yet is not None:
        # The page says what is wrong with the address.
        address = reverse("reported", args=[year])
        return redirect(f"{address}?{request.GET.urlencode()}")
    on_day = shown.on_day
    if on_day.closing is not None:
        file = export_closing(on_day.closing, format)
    else:
        file = export_day(shown.lines, on_day.period, on_day.words, on_day.day, format=format)
    return download(file)


def read_address(request: OfficeRequest, programme: Programme) -> Asked:
    """Read the day first: the choice of departments is that of the period on the day."""
    form = ReportedForm(request.GET, programme=programme, today=request.today)
    typed = {"day": request.GET.get("day", "")}
    day_form = ReportedForm(typed, programme=programme, today=request.today)
    if not day_form.is_valid():
        return Asked(form, [], None)
    on_day = periods_on(programme, day_form.cleaned_data["day"])
    number = request.GET.get("period", "")
    one = open_on_day(number, on_day)
    not_open_yet = None
    if number and one is None:
        # The period stays in the address when somebody goes to an earlier day.
        not_open_yet = period_of(programme, number)
    if one is None:
        one = usual_period(on_day)
    if one is None:
        return Asked(form, on_day, None)
    closing = request.GET.get("closing", "")
    if closing and not_open_yet is None:
        one = one.at_closing(closing)
        if one is None:
            raise Http404
    shown = state_on(request.user, one)
    form.with_departments(shown.departments)
    return Asked(form, on_day, shown, not_open_yet)


def open_on_day(number: str, on_day: list[PeriodOnDay]) -> PeriodOnDay | None:
    """The period with this number; None where it had not been opened by the day."""
    for one in on_day:
        if str(one.period.number) == number:
            return one
    return None


def period_of(programme: Programme, number: str) -> Period:
    """The period of the year with this number; 404 where there is none."""
    for period in programme.periods.all():
        if str(period.number) == number:
            return period
    raise Http404
