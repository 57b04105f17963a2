"""計畫表: the official table, filtered by its address, on screen and as a file."""

import logging

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from items import access, plan_lines
from items.downloading import download
from items.exchange.plan_export.filtered import export_actions
from items.exchange.spreadsheets.write import FORMATS
from items.filters import PlanFilter

log = logging.getLogger("security")

PER_PAGE = 200
FORMAT_NAMES = (("xlsx", "Excel"), ("ods", "ODS"), ("csv", "CSV"))
PARTS = ("rows",)
"""The parts of the page that htmx may ask for: the partial, the element's id and the HX-Target in one."""


@require_safe
def plan(request, year):
    programme = access.get_programme(year)
    filters = PlanFilter(request.GET, user=request.user, programme=programme, today=request.today)
    page = Paginator(list(filters.qs.values_list("pk", flat=True)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    spanning = not filters.chosen("sort")
    lines = plan_lines.lines(
        actions_of(request, page.object_list), filters.chosen_department, spanning
    )
    context = {
        "programme": programme,
        "filters": filters,
        "page": page,
        "groups": plan_lines.grouped(lines),
        "spanning": spanning,
        "shows_benefit": filters.chosen("benefit"),
        "department": filters.chosen_department,
        "query": filters.query(),
        "formats": FORMAT_NAMES,
        "periods": programme.periods.opened(),
    }
    if request.htmx.target not in PARTS or request.htmx.history_restore_request:
        return render(request, "items/plan.html", context)
    # The form sends its empty fields too: the address that people see and share is the short one.
    return push_url(
        render(request, f"items/plan.html#{request.htmx.target}", context),
        address(request, filters),
    )


@require_safe
def plan_export(request, year, format):
    """匯出目前清單: the same filter, every page of it, as a file."""
    programme = access.get_programme(year)
    if format not in FORMATS:
        raise Http404
    filters = PlanFilter(request.GET, user=request.user, programme=programme, today=request.today)
    log.info(
        "export list=%s format=%s user=%s", address(request, filters), format, request.user.username
    )
    return download(*export_actions(filters, request.today, format))


def actions_of(request, pks):
    """The actions of one page in the order of their keys, with all that a line shows, in two queries."""
    assignments = (
        access.visible_assignments(request.user)
        .with_light(request.today)
        .select_related("department")
        .order_by("kind", "position", "id")
    )
    actions = (
        access.visible_actions(request.user)
        .filter(pk__in=pks)
        .with_path()
        .prefetch_related(Prefetch("assignments", assignments))
    )
    by_pk = {action.pk: action for action in actions}
    return [by_pk[pk] for pk in pks]


def address(request, filters):
    query = filters.query()
    return f"{request.path}?{query}" if query else request.path
