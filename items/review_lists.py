"""The list below the grid of 填報審核: what its view shows of reports and assignments, by page."""

from dataclasses import dataclass
from typing import Any, Self

from items.deciding import ListForm
from items.forms.review import ReviewFilterForm
from items.models import Department, Period, PeriodClosing, Programme
from items.models.closing import closing_in_force
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from items.requests import OfficeRequest, chosen_flag
from items.row_window import page_of_places, page_of_rows, places_on
from items.worklists import review_list, waiting
from items.worklists.flag_counts import (
    WaitingNumbers,
    flag_filters,
)
from items.worklists.period_grid import PeriodGrid


@dataclass(frozen=True)
class ShownPeriod:
    """The chosen period, None where there is none yet, with what the page has fetched of its year."""

    programme: Programme
    period: Period | None
    periods: list[Period]
    departments: list[Department]
    grid: PeriodGrid


@dataclass(frozen=True)
class ListLimits:
    """What the list below the grid is limited to; each is empty, None or 0 where it limits nothing."""

    state: str
    department: Department | None
    older: int
    factor: str

    @classmethod
    def of(cls, filters: ReviewFilterForm) -> Self:
        chosen = filters.cleaned_data
        return cls(
            state=chosen["state"],
            department=chosen["department"],
            older=chosen["older"],
            # Not a field of the form in a year that names no 落後因素.
            factor=chosen.get("delay_factor", ""),
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
    filters = ReviewFilterForm(
        review_list.LIST_STATES,
        shown.departments,
        shown.programme.delay_factor_list,
        request.GET,
    )
    context: dict[str, Any] = {
        "filters": filters,
        "page": page_of_places(0, request.GET.get("page"), per_page=review_list.PER_PAGE),
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
    limits = ListLimits.of(filters)
    period = shown.period
    if period is None or review_list.is_decision_list(limits.state, period):
        return context | decision_context(request, shown, to_accept, numbers, limits, form=form)
    closing = closing_in_force(period)
    if closing is not None:
        return context | kept_context(request, period, closing, limits)
    return context | assignments_context(request, period, limits)


def decision_context(
    request: OfficeRequest,
    shown: ShownPeriod,
    to_accept: ProgressReportQuerySet,
    numbers: WaitingNumbers,
    limits: ListLimits,
    *,
    form: ListForm,
) -> dict[str, Any]:
    """The reports to decide on, within the limits."""
    flag = chosen_flag(request)
    reports = review_list.limited(
        to_accept,
        limits.state,
        shown.period,
        limits.department,
        older=limits.older,
        factor=limits.factor,
        today=request.today,
    )
    if flag is not None:
        reports = reports.flagged(flag, request.today)
    total = numbers.total
    may_be_long = total > review_list.PER_PAGE
    is_limited = any((limits.state, limits.department, limits.older, limits.factor, flag))
    if may_be_long and is_limited:
        total = reports.count()
    page = page_of_places(total, request.GET.get("page"), per_page=review_list.PER_PAGE)
    rows = waiting.with_earlier(
        request.user,
        reports,
        shown.programme,
        request.today,
        basis=LightBasis.of(shown.programme, request.today, periods=shown.periods),
        places=places_on(page.number, per_page=review_list.PER_PAGE),
        may_be_long=may_be_long,
    )
    if not may_be_long:
        # All of them are at hand.
        total = len(rows)
    return {
        "chosen_flag": flag,
        "flag_filters": flag_filters(shown.programme, numbers.by_flag, flag),
        "rows": form.rows(rows, shown.programme.year),
        "page": page,
        "waiting_total": total,
    }


def kept_context(
    request: OfficeRequest, period: Period, closing: PeriodClosing, limits: ListLimits
) -> dict[str, Any]:
    """The lines of a closed period, as the grid counts them: what was kept, not what is now."""
    lines = review_list.kept_in_state(
        closing, limits.state, limits.department, factor=limits.factor
    )
    page = page_of_rows(lines, request.GET.get("page"), per_page=review_list.PER_PAGE)
    kept = [review_list.KeptInList(row.line, period) for row in page.object_list]
    return {
        "closing": closing,
        "kept": kept,
        "page": page,
        "waiting_total": page.paginator.count,
    }


def assignments_context(
    request: OfficeRequest, period: Period, limits: ListLimits
) -> dict[str, Any]:
    """Where the assignments stand that a figure of the grid counts, and whose turn it is."""
    assignments = review_list.assignments_in_state(
        request.user,
        limits.state,
        period,
        limits.department,
        older=limits.older,
        factor=limits.factor,
        today=request.today,
    )
    page = page_of_rows(assignments, request.GET.get("page"), per_page=review_list.PER_PAGE)
    return {
        "listed": review_list.with_turns(list(page.object_list), period, request.today),
        "page": page,
        "waiting_total": page.paginator.count,
    }
