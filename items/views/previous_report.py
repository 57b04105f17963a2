"""From one form to the one before it, without the list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from items import access
from items.requests import OfficeRequest
from items.worklists.to_write import previous_to_write


@require_safe
def previous_report(request: OfficeRequest, year: int, pk: int, number: int) -> HttpResponse:
    """To the form of the one before, which is looked for only when somebody wants to go there."""
    place = access.get_place_to_write(request.user, pk, year=year, number=number)
    previous = previous_to_write(request.user, place.period, request.today, before=place.assignment)
    if previous is None:
        messages.info(request, "這一期沒有其他要填的項目。")
        return redirect("todo", year)
    return redirect("report_form", year, previous.pk, number)
