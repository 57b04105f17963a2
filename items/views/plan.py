"""計畫表: the official table, filtered by its address, on screen and as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from items import access
from items.downloading import FORMAT_NAMES, download
from items.exchange.plan_export.filtered import export_actions
from items.exchange.spreadsheets.write import FORMATS
from items.filters import PlanFilter
from items.requests import OfficeRequest
from items.row_window import page_of_keys
from items.worklists.plan_table import TableView, plan_table

PER_PAGE = 200
PARTS = ("rows",)
"""What htmx may ask for: a name that is the partial, the element's id and the HX-Target in one."""


@require_safe
def plan(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    filters = PlanFilter(request.GET, user=request.user, programme=programme, today=request.today)
    page = page_of_keys(filters.qs, request.GET.get("page"), per_page=PER_PAGE)
    view = TableView(
        basis=filters.basis,
        department=filters.chosen_department,
        is_spanning=not filters.chosen("sort"),
        shows_benefit=bool(filters.chosen("benefit")),
    )
    context = {
        "programme": programme,
        "filters": filters,
        "page": page,
        "groups": plan_table(request.user, list(page.object_list), view),
        "spanning": view.is_spanning,
        "shows_benefit": view.shows_benefit,
        "department": view.department,
        "query": filters.query(),
        "formats": FORMAT_NAMES,
        "periods": filters.opened_periods,
        "can_import": access.can_import(request.user),
        "can_edit": access.can_edit_plan(request.user),
    }
    # Going back in the browser asks with htmx's headers too, and wants the whole page.
    if request.htmx.target not in PARTS or request.htmx.history_restore_request:
        return render(request, "items/plan.html", context)
    # The form sends its empty fields too: the address that people see and share is the short one.
    return push_url(
        render(request, f"items/plan.html#{request.htmx.target}", context),
        address(request, filters),
    )


@require_safe
def plan_export(request: OfficeRequest, year: int, format: str) -> HttpResponse:
    """匯出目前清單: the same filter, every page of it, as a file."""
    programme = access.get_programme(year)
    if format not in FORMATS:
        raise Http404
    filters = PlanFilter(request.GET, user=request.user, programme=programme, today=request.today)
    return download(export_actions(filters, request.today, format))


def address(request: OfficeRequest, filters: PlanFilter) -> str:
    query = filters.query()
    if not query:
        return request.path
    return f"{request.path}?{query}"
