"""項目歷程: everything that happened to one item, by kind, for the screen and for paper."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from items import access
from items.requests import OfficeRequest
from items.worklists.timeline import TimelineKind, timeline_keys, timeline_tabs
from items.worklists.timeline_entries import timeline_entries

PER_PAGE = 100
ON_PAPER = 2_000
"""As many entries stand on one page that somebody wants to print as a whole."""


@require_safe
def action_timeline(request: OfficeRequest, year: int, code: str) -> HttpResponse:
    programme = access.get_programme(year)
    action = access.get_action(programme, code)
    kind = request.GET.get("kind", "")
    if kind and kind not in TimelineKind.values:
        raise Http404
    keys = timeline_keys(request.user, action)
    shown = keys
    if kind:
        shown = [key for key in keys if key.kind == kind]
    per_page = PER_PAGE
    shows_all = "all" in request.GET
    if shows_all:
        per_page = ON_PAPER
    page = Paginator(shown, per_page).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "action": action,
        "tabs": timeline_tabs(keys),
        "kind": kind,
        "page": page,
        "number": len(shown),
        "shows_all": shows_all,
        "entries": timeline_entries(request.user, action, list(page.object_list)),
        "may_read_record": access.can_read_record(request.user),
    }
    return render(request, "items/timeline.html", context)
