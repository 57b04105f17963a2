"""填報審核: what waits for the plan office, who is missing, and the grid of departments by period."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from items import access
from items.deciding import ACCEPT, ListForm, decide
from items.models import Period, Programme, current_period
from items.models.department_list import all_departments
from items.models.light_basis import fetch_periods
from items.requests import OfficeRequest
from items.review_lists import ShownPeriod, list_context
from items.worklists import waiting
from items.worklists.control_lists import number_to_decide
from items.worklists.directive_states import number_asked
from items.worklists.flag_counts import (
    WaitingNumbers,
    waiting_numbers,
)
from items.worklists.grid_rows import (
    GRID_SHOWN,
    MOST_OF_ALL_TEXTS,
    REMINDERS_SHOWN,
    grid_rows,
    reminder_rows,
)
from items.worklists.owing import all_texts, reminders_of
from items.worklists.period_grid import PeriodGrid, columns_in_order, period_grid
from items.worklists.period_summary import PeriodSummary
from items.worklists.questions import questions_to_do
from items.worklists.reminding import EVERYTHING, SystemAddresses
from items.worklists.stranded import stranded_reports
from items.worklists.waiting_ages import GridColumn, oldest_ages

Row = TypeVar("Row")


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_review(request.user))
    form = ListForm()
    if request.method == "POST":
        reports = access.visible_reports(request.user).for_programme(programme)
        # Only these can be decided on, also where a request names others.
        in_our_hands = reports.filter(Q(acceptable=True) | Q(endorsable=True))
        left = decide(request, in_our_hands, {"accept": ACCEPT})
        if left is None:
            return redirect(request.get_full_path())
        form = left
    periods = fetch_periods(programme)
    columns = columns_in_order(periods, request.today)
    departments = all_departments()
    ages = oldest_ages(periods, request.today)
    shown = ShownPeriod(
        programme=programme,
        period=chosen_period(request.GET.get("period", ""), periods, request.today),
        periods=periods,
        departments=departments,
        grid=period_grid(columns, departments, ages=ages),
    )
    to_accept = waiting.waiting_for_office(request.user, programme)
    numbers = waiting_numbers(to_accept, request.today)
    context = grid_context(request, shown)
    if shown.period is not None:
        context |= period_context(request, shown, shown.period, numbers)
    context |= list_context(request, shown, to_accept, numbers, form=form)
    return render(request, "items/review.html", context)


def is_asked_whole(request: OfficeRequest, part: str) -> bool:
    """Whether this part is shown whole: in an office of many departments each is long."""
    return request.GET.get("all") == part


def grid_context(request: OfficeRequest, shown: ShownPeriod) -> dict[str, Any]:
    """The grid, and what waits beside the reports."""
    programme = shown.programme
    rows = grid_rows(shown.grid)
    return {
        "programme": programme,
        "columns": [GridColumn(one, request.today) for one in shown.grid.periods],
        "period": shown.period,
        # Where the last head has left a department, the plan office may endorse in their place.
        "stranded": stranded_reports(
            request.user, programme, shows_all=is_asked_whole(request, "stranded")
        ),
        "grid": shown.grid,
        "grid_rows": first_unless(rows, GRID_SHOWN, shows_all=is_asked_whole(request, "grid")),
        "grid_number": len(rows),
        "questions_to_do": questions_to_do(request.user),
        "releases_asked": number_asked(request.user, programme),
        "requests_waiting": number_to_decide(request.user, programme),
        "summary": None,
    }


def period_context(
    request: OfficeRequest, shown: ShownPeriod, period: Period, numbers: WaitingNumbers
) -> dict[str, Any]:
    """Where the chosen period stands in words, and the texts of 催辦."""
    number_waiting = numbers.by_period[period.pk]
    summary = PeriodSummary(
        period=period,
        total=shown.grid.total(period),
        number_waiting=number_waiting,
        number_waiting_elsewhere=numbers.total - number_waiting,
        today=request.today,
    )
    shows_all = is_asked_whole(request, "reminders")
    room = REMINDERS_SHOWN
    if shows_all:
        room = EVERYTHING
    to_remind = reminders_of(
        request.user,
        periods_to_remind_of(period, shown.grid),
        request.today,
        addresses=addresses_of(request, shown.programme),
        departments=shown.departments,
        grid=shown.grid,
        room=room,
    )
    texts = ""
    if to_remind.has_all:
        texts = all_texts(to_remind.shown)
        # The same once more: a long one only where it is asked for.
        if len(texts) > MOST_OF_ALL_TEXTS and not shows_all:
            texts = ""
    return {
        "summary": summary,
        "reminders": to_remind,
        "reminder_rows": reminder_rows(to_remind.shown),
        "all_texts": texts,
    }


def first_unless(rows: list[Row], number: int, *, shows_all: bool) -> list[Row]:
    """The first rows of a list that may be long, or all where somebody has asked for them."""
    if shows_all:
        return rows
    return rows[:number]


def periods_to_remind_of(period: Period, grid: PeriodGrid) -> list[Period]:
    """The chosen period and, beside an open one, the closed ones of which something was not sent."""
    to_remind = [period]
    if period.is_open:
        for other in sorted(grid.periods, key=lambda one: one.number):
            total = grid.total(other)
            # The grid has counted already what a list would be asked for in vain.
            if other.is_closed and total is not None and total.outstanding:
                to_remind.append(other)
    return to_remind


def addresses_of(request: OfficeRequest, programme: Programme) -> SystemAddresses:
    return SystemAddresses(
        todo=request.build_absolute_uri(reverse("todo", args=[programme.year])),
        inbox=request.build_absolute_uri(reverse("inbox", args=[programme.year])),
    )


def chosen_period(asked: str, periods: Sequence[Period], today: date) -> Period | None:
    """The period asked for, else the one that every screen starts from."""
    if not asked:
        return current_period(periods, today)
    for period in periods:
        if str(period.number) == asked:
            return period
    raise Http404
