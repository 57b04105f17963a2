"""項目: what one action is, who does it, how far each department is, and what was said about it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from items import access
from items.models.item_links import links_of_item
from items.models.light_basis import LightBasis
from items.plan_lines import PlanLine, actions_for_lines
from items.requests import OfficeRequest
from items.worklists.action_page import (
    changes_page,
    department_shares,
    neighbours_of,
    periods_to_compose,
    reports_about,
    sent_by_period,
    with_official_texts,
    with_requests,
)
from items.worklists.control_lists import requests_of_shares
from items.worklists.meetings import cards_of_action
from items.worklists.questions import questions_of_action
from items.worklists.succession import pasts_of


@require_safe
def action(request: OfficeRequest, year: int, code: str) -> HttpResponse:
    programme = access.get_programme(year)
    # Looked up in the list that is needed anyway: PostgreSQL answers a code with a NUL by an error.
    key_of = access.action_keys_by_code(request.user, programme)
    if code not in key_of:
        raise Http404
    basis = LightBasis.of(programme, request.today)
    [shown] = actions_for_lines(request.user, [key_of[code]], basis)
    reports = reports_about(request.user, shown)
    shares = department_shares(request.user, shown, reports, basis)
    requests = requests_of_shares(request.user, list(shown.assignments.all()))
    links = links_of_item(shown)
    shows_all = request.GET.get("questions") == "all"
    context = {
        "programme": programme,
        "action": shown,
        "links": links,
        "pasts": pasts_of(request.user, links),
        "line": PlanLine(shown, shown.leads()),
        "shares": with_requests(shares, requests),
        "to_compose": periods_to_compose(request.user, shown, shares),
        "periods_told": with_official_texts(shown, sent_by_period(reports)),
        "directive_cards": cards_of_action(request.user, shown, request.today),
        "questions": questions_of_action(request.user, shown, shows_all=shows_all),
        "may_read_record": access.can_read_record(request.user),
        "page": changes_page(request.user, shown, request.GET.get("page")),
        "neighbours": neighbours_of(code, list(key_of)),
        "editable": access.can_edit_plan(request.user),
    }
    return render(request, "items/action.html", context)
