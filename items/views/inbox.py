"""待我核可: what waits for the head of a department, with what is new since the last period."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from items import access
from items.deciding import ENDORSE, SEND_BACK, decide
from items.requests import OfficeRequest
from items.worklists import waiting


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.is_head(request.user))
    reports = waiting.waiting_for_head(request.user, programme)
    # Only these can be decided on, whatever else was ticked.
    if request.method == "POST":
        decide(request, reports, {"endorse": ENDORSE, "return": SEND_BACK})
        return redirect("inbox", year)
    soon = waiting.due_soon(request.user, programme, request.today)
    context = {
        "programme": programme,
        "waiting": waiting.with_earlier(request.user, reports, programme, request.today),
        "waiting_total": reports.count(),
        "soon": soon[: waiting.WINDOW],
    }
    return render(request, "items/inbox.html", context)
