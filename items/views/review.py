"""填報審核: what waits for the plan office, who is missing, and the grid of departments by period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from items import access
from items.deciding import ACCEPT, ListForm, decide
from items.forms.review import ReviewFilterForm
from items.models import Department, Period, Programme, current_period
from items.models.closing import closing_in_force
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from items.requests import OfficeRequest, chosen_flag
from items.row_window import page_of_places, page_of_rows, places_on
from items.worklists import review_list, waiting
from items.worklists.control import number_to_decide
from items.worklists.flag_counts import (
    WaitingNumbers,
    flag_filters,
    waiting_numbers,
)
from items.worklists.grid_rows import (
    GRID_SHOWN,
    MOST_OF_ALL_TEXTS,
    REMINDERS_SHOWN,
    grid_rows,
    reminder_rows,
)
from items.worklists.meetings import number_asked
from items.worklists.owing import SystemAddresses, all_texts, reminders_of
from items.worklists.period_grid import PeriodGrid, PeriodSummary, columns_in_order, period_grid
from items.worklists.questions import questions_to_do
from items.worklists.waiting_ages import GridColumn, oldest_ages

Row = TypeVar("Row")


@dataclass(frozen=True)
class ShownPeriod:
    """The chosen period, None where there is none yet, with what the page has fetched of its year."""

    programme: Programme
    period: Period | None
    periods: list[Period]
    departments: list[Department]
    grid: PeriodGrid


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
    periods = list(programme.periods.all())
    period = chosen_period(request.GET.get("period", ""), periods, request.today)
    columns = columns_in_order(periods, request.today)
    departments = list(Department.objects.all())
    ages = oldest_ages(periods, request.today)
    grid = period_grid(columns, departments, ages=ages)
    rows_of_grid = grid_rows(grid)
    # Which part of the page is shown whole, for an office of many departments.
    asked_whole = request.GET.get("all")
    context: dict[str, Any] = {
        "programme": programme,
        "columns": [GridColumn(one, request.today) for one in columns],
        "period": period,
        # Where the last head has left a department, the plan office may endorse in their place.
        "stranded": waiting.stranded_reports(
            request.user, programme, shows_all=asked_whole == "stranded"
        ),
        "grid": grid,
        "grid_rows": first_unless(rows_of_grid, GRID_SHOWN, shows_all=asked_whole == "grid"),
        "grid_number": len(rows_of_grid),
        "questions_to_do": questions_to_do(request.user),
        "releases_asked": number_asked(request.user, programme),
        "requests_waiting": number_to_decide(request.user, programme),
        "summary": None,
    }
    to_accept = waiting.waiting_for_office(request.user, programme)
    numbers = waiting_numbers(to_accept, request.today)
    if period is not None:
        number_waiting = numbers.by_period[period.pk]
        context["summary"] = PeriodSummary(
            period=period,
            total=grid.total(period),
            number_waiting=number_waiting,
            number_waiting_elsewhere=numbers.total - number_waiting,
            today=request.today,
        )
        to_remind = reminders_of(
            request.user,
            periods_to_remind_of(period, grid),
            request.today,
            addresses=addresses_of(request, programme),
            departments=departments,
            grid=grid,
        )
        shown_reminders = first_unless(
            to_remind, REMINDERS_SHOWN, shows_all=asked_whole == "reminders"
        )
        context["reminders"] = to_remind
        context["reminder_rows"] = reminder_rows(shown_reminders)
        context["all_texts"] = ""
        if len(shown_reminders) == len(to_remind):
            texts = all_texts(to_remind)
            # The same once more: a long one only where it is asked for.
            if asked_whole == "reminders" or len(texts) <= MOST_OF_ALL_TEXTS:
                context["all_texts"] = texts
    shown = ShownPeriod(programme, period, periods, departments, grid)
    context |= list_context(request, shown, to_accept, numbers, form=form)
    return render(request, "items/review.html", context)


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


def list_context(
    request: OfficeRequest,
    shown: ShownPeriod,
    to_accept: ProgressReportQuerySet,
    numbers: WaitingNumbers,
    *,
    form: ListForm,
) -> dict[str, Any]:
    """What the list below the grid shows: reports to decide on, or where assignments stand."""
    period = shown.period
    filters = ReviewFilterForm(
        review_list.LIST_STATES,
        shown.departments,
        shown.programme.delay_factor_list,
        request.GET,
    )
    asked_page = request.GET.get("page")
    context: dict[str, Any] = {
        "filters": filters,
        "page": page_of_places(0, asked_page, per_page=review_list.PER_PAGE),
        "form": form,
        "rows": [],
        "listed": [],
        "kept": [],
        "waiting_total": 0,
        "is_filtered": any(
            request.GET.get(name)
            for name in ("state", "department", "older", "delay_factor", "flag")
        ),
        "flag_filters": [],
        "chosen_flag": None,
    }
    # A value that does not exist is said, and not taken for no filter at all.
    if not filters.is_valid():
        return context
    state = filters.cleaned_data["state"]
    department = filters.cleaned_data["department"]
    older = filters.cleaned_data["older"]
    factor = filters.cleaned_data.get("delay_factor", "")
    if period is None or review_list.is_decision_list(state, period):
        flag = chosen_flag(request)
        reports = review_list.limited(
            to_accept, state, period, department, older=older, factor=factor, today=request.today
        )
        if flag is not None:
            reports = reports.flagged(flag, request.today)
        context["chosen_flag"] = flag
        context["flag_filters"] = flag_filters(shown.programme, numbers.by_flag, flag)
        basis = LightBasis.of(shown.programme, request.today, periods=shown.periods)
        total = numbers.total
        may_be_long = total > review_list.PER_PAGE
        if may_be_long and any((state, department, older, factor, flag)):
            total = reports.count()
        page = page_of_places(total, asked_page, per_page=review_list.PER_PAGE)
        rows = waiting.with_earlier(
            request.user,
            reports,
            shown.programme,
            request.today,
            basis=basis,
            places=places_on(page.number, per_page=review_list.PER_PAGE),
            may_be_long=may_be_long,
        )
        if not may_be_long:
            # All of them are at hand.
            total = len(rows)
        context["rows"] = form.rows(rows, shown.programme.year)
        context["page"] = page
        context["waiting_total"] = total
        return context
    closing = closing_in_force(period)
    if closing is not None:
        kept = review_list.kept_in_state(closing, state, department, factor=factor)
        page = page_of_rows(kept, asked_page, per_page=review_list.PER_PAGE)
        for row in page.object_list:
            context["kept"].append(review_list.KeptInList(row.line, period))
        context["closing"] = closing
    else:
        assignments = review_list.assignments_in_state(
            request.user, state, period, department, older=older, factor=factor, today=request.today
        )
        page = page_of_rows(assignments, asked_page, per_page=review_list.PER_PAGE)
        context["listed"] = review_list.with_turns(list(page.object_list), period, request.today)
    context["page"] = page
    context["waiting_total"] = page.paginator.count
    return context


def chosen_period(asked: str, periods: Sequence[Period], today: date) -> Period | None:
    """The period asked for, else the one that every screen starts from."""
    if not asked:
        return current_period(periods, today)
    for period in periods:
        if str(period.number) == asked:
            return period
    raise Http404
