"""佐證資料: attached by the script of the form, sent to those who may read it, packed as a zip file."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.attaching import evidence_section, take_evidence
from items.evidence.kinds import KIND_OF
from items.evidence.serving import SEALED, sealed_file
from items.models import Evidence
from items.requests import OfficeRequest
from items.worklists.evidence_zip import EvidenceZip, report_zip, year_zip


@require_POST
def evidence_take(request: OfficeRequest, year: int, pk: int, number: int) -> HttpResponse:
    """What the script of the form sends, file by file: attach, take away, put back.

    The answer is the part of the form about evidence. Without the script the form itself does it.
    """
    place = access.get_place_to_write(request.user, pk, year=year, number=number)
    period = place.period
    taken = take_evidence(request, place.assignment, period, place.report)
    context = {
        "programme": period.programme,
        "evidence": evidence_section(taken.report, period, taken),
    }
    return render(request, "items/report/evidence_rows.html", context)


@require_safe
def evidence(request: OfficeRequest, year: int, pk: int) -> HttpResponseBase:
    """One file, as it is kept."""
    row = get_file(request, year, pk)
    kind = KIND_OF[row.content_kind]
    return sealed_file(row.stored_name, kind.content_type, attachment=row.file_name)


@require_safe
def evidence_thumbnail(request: OfficeRequest, year: int, pk: int) -> HttpResponseBase:
    """A picture in small, by the same right as the picture."""
    row = get_file(request, year, pk)
    # Only pictures have one.
    if not row.thumbnail_name:
        raise Http404
    return sealed_file(row.thumbnail_name, "image/jpeg")


def get_file(request: OfficeRequest, year: int, pk: int) -> Evidence:
    programme = access.get_programme(year)
    row = access.get_evidence(request.user, pk)
    # A link has no file, and a file of another year is not found at this address.
    if row.report.period.programme_id != programme.pk or not row.stored_name:
        raise Http404
    return row


@require_safe
def report_evidence(request: OfficeRequest, year: int, pk: int) -> HttpResponseBase:
    """All evidence of one report as a zip file, with a list."""
    programme = access.get_programme(year)
    report = access.get_report(request.user, pk)
    if report.period.programme_id != programme.pk:
        raise Http404
    return zip_response(report_zip(request.user, report, request.now))


@require_safe
def year_evidence(request: OfficeRequest, year: int) -> HttpResponseBase:
    """All evidence of a year's submitted reports as a zip file, with a list."""
    programme = access.get_programme(year)
    access.require(access.can_read_record(request.user))
    return zip_response(year_zip(request.user, programme, request.now))


def zip_response(zip_file: EvidenceZip) -> StreamingHttpResponse:
    # In pieces: all files of a year at once would not fit into the memory of a process.
    disposition = content_disposition_header(as_attachment=True, filename=zip_file.name)
    headers = {"Content-Disposition": str(disposition), **SEALED}
    return StreamingHttpResponse(zip_file.pieces, "application/zip", headers=headers)
