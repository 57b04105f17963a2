"""年度: the plan office starts, closes and reopens a year, or deletes one made by mistake."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from items import access
from items.models import Programme
from items.requests import OfficeRequest
from items.saying import saying
from items.workflow import WorkflowError, years

START, CLOSE, REOPEN, DELETE = "start", "close", "reopen", "delete"
"""The steps as they stand in the address."""


@require_POST
def year_step(request: OfficeRequest, year: int, step: str) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_run_years(request.user))
    if step == DELETE:
        return _delete(request, programme)
    if step == START:
        with saying(request, f"{year}年度開始執行；大家登入後會從這個年度開始。"):
            years.start(programme, by=request.user, at=request.now)
    elif step == CLOSE:
        with saying(request, f"{year}年度已結案，內容仍可查閱。"):
            years.close(programme, by=request.user, at=request.now)
    elif step == REOPEN:
        because = request.POST.get("because", "")
        with saying(request, f"{year}年度已恢復執行。"):
            years.reopen(programme, because=because, by=request.user, at=request.now)
    else:
        raise Http404
    return redirect("periods", year)


def _delete(request: OfficeRequest, programme: Programme) -> HttpResponse:
    """The year's own pages are gone afterwards."""
    try:
        years.delete_empty(programme, by=request.user, at=request.now)
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("periods", programme.year)
    messages.success(request, f"{programme.year}年度已刪除。")
    return redirect("home")
