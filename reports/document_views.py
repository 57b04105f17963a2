"""Documents as files to print, sign or write on."""

import logging

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from items import access
from items.downloading import download
from items.models import YearEndDecision
from items.requests import OfficeRequest
from reports.documents import amendment, release
from reports.documents.writers import FORMATS, paper_file

log = logging.getLogger("security")


@require_safe
def control_form(request: OfficeRequest, year: int, pk: int, format: str) -> HttpResponse:
    """管制異動申請表 of one application, for everybody who may read the application."""
    programme = access.get_programme(year)
    shown = access.get_request(request.user, pk)
    action = shown.assignment.action
    is_of_this_year = action.programme == programme
    if not is_of_this_year or format not in FORMATS:
        raise Http404
    username = request.user.username
    log.info("form of request=%s format=%s user=%s", shown.pk, format, username)
    paper = amendment.amendment_paper(request.user, shown, request.today)
    # Item, department and kind: people keep the forms of a year in one folder.
    department = shown.assignment.department
    kind = shown.get_kind_display()
    title = f"{amendment.NAME}_{action.code}_{department}_{kind}"
    return download(paper_file(paper, title, format, request.now))


@require_safe
def year_end_form(request: OfficeRequest, year: int, pk: int, format: str) -> HttpResponse:
    """解除列管 or 轉次年清單 of one decision at the year's end."""
    programme = access.get_programme(year)
    access.require(access.can_settle_year(request.user))
    decision = get_object_or_404(YearEndDecision, pk=pk, programme=programme)
    if format not in FORMATS:
        raise Http404
    paper = release.release_paper(decision, request.today)
    name = release.release_name(decision)
    # People keep all decisions of a year in one folder: without the key the names would be equal.
    title = f"{year}年度{name}_{decision.pk}"
    return download(paper_file(paper, title, format, request.now))
