"""總覽: where things stand, on one page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from items import access
from items.requests import OfficeRequest
from items.worklists.directive_states import followed_up_words
from reports.dashboard import summarise
from reports.page_rows import dashboard_rows


@require_safe
def dashboard(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    summary = summarise(
        programme,
        request.today,
        reader=request.user,
        actions=access.visible_actions(request.user).for_programme(programme),
        # `readable` and not `visible`: rights cost a sub-query for each row, and counting needs none.
        # Of any year: what is counted of the whole year is found in two ways.
        assignments=access.readable_assignments(request.user),
        reports=access.readable_reports(request.user).for_programme(programme),
    )
    may_read_record = access.can_read_record(request.user)
    context = {
        "programme": programme,
        "summary": summary,
        "rows": dashboard_rows(summary, year, may_read_record=may_read_record),
        "directive_words": followed_up_words(request.user, programme, request.today),
        "may_read_record": may_read_record,
    }
    return render(request, "reports/dashboard.html", context)
