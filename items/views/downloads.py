"""匯出: the official table, and the table with what was reported, as files."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from items import access
from items.downloading import download
from items.exchange.plan_export.official import export_programme
from items.exchange.plan_export.progress import export_progress
from items.exchange.spreadsheets.write import FORMATS
from items.requests import OfficeRequest


@require_safe
def programme_export(request: OfficeRequest, year: int, format: str) -> HttpResponse:
    """The whole official table, for everyone who may read the plan."""
    programme = access.get_programme(year)
    # The address takes any word, so that a new format needs no new address.
    if format not in FORMATS:
        raise Http404
    return download(export_programme(programme, format))


@require_safe
def progress_export(request: OfficeRequest, year: int, number: int, format: str) -> HttpResponse:
    """The table with what was submitted for a period, for everyone who may read it."""
    period = access.get_period_of_year(year, number)
    if format not in FORMATS:
        raise Http404
    # The file chooses nothing by itself: it holds what this reader may see.
    assignments = access.visible_assignments(request.user)
    reports = access.visible_reports(request.user)
    file = export_progress(assignments, reports, period, request.today, format)
    return download(file)
