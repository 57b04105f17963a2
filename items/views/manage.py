"""管理: one page of cards, of which each role sees its own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from items import access
from items.models import Programme
from items.requests import OfficeRequest
from items.worklists.first_steps import first_steps
from items.worklists.manage import manage_cards
from items.worklists.office import office_checks


@require_safe
def manage(request: OfficeRequest, year: int) -> HttpResponse:
    """What needs a hand first, then the cards."""
    programme = access.get_programme(year)
    access.require(access.can_manage(request.user))
    steps = first_steps(request.user, programme, back_to=request.path)
    # While the list is shown, it says itself what else is missing of the year.
    checked: Programme | None = programme
    if steps is not None and not steps.is_finished:
        checked = None
    context = {
        "programme": programme,
        "first_steps": steps,
        "checks": office_checks(checked, request.today),
        "cards": manage_cards(request.user, programme, request.today),
    }
    return render(request, "items/manage.html", context)
