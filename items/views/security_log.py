"""資安日誌: sign-ins, refusals, what was brought in and taken out; read by auditors, changed by nobody."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from items import access
from items.downloading import FORMAT_NAMES, download
from items.exchange.spreadsheets.write import FORMATS, table_file
from items.forms.security_log import SecurityLogForm
from items.requests import OfficeRequest
from items.roc import format_roc
from items.worklists.record_limits import usual_ranges
from items.worklists.security_log import (
    FoundLines,
    limits_from,
    security_table,
    told_lines,
    too_many_words,
)

PER_PAGE = 50


@require_safe
def security_log(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_read_security_log(request.user))
    form = SecurityLogForm(request.GET, year=year)
    context: dict[str, Any] = {
        "programme": programme,
        "form": form,
        "ranges": usual_ranges(request.today),
    }
    if form.is_valid():
        within_limits = found_lines(form, request)
        page = Paginator(within_limits, PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "within_limits": within_limits,
            "page": page,
            "lines": told_lines(list(page)),
            "formats": FORMAT_NAMES,
        }
    # Otherwise the sentence alone: other lines than those asked for would be taken for the answer.
    return render(request, "items/security_log.html", context)


@require_safe
def security_log_export(request: OfficeRequest, year: int, format: str) -> HttpResponse:
    """What the page lists, every page of it, as a file."""
    access.get_programme(year)
    access.require(access.can_read_security_log(request.user))
    if format not in FORMATS:
        raise Http404
    form = SecurityLogForm(request.GET, year=year)
    address = f"{reverse('security_log', args=[year])}?{request.GET.urlencode()}"
    if not form.is_valid():
        # The page says what is wrong with the address.
        return redirect(address)
    lines = found_lines(form, request)
    refusal = too_many_words(len(lines))
    if refusal:
        messages.error(request, refusal)
        return redirect(address)
    table = security_table(lines, request.today)
    day = format_roc(request.today)
    return download(table_file(table, f"資安日誌_{day}_{lines.limits.conditions()}", format))


def found_lines(form: SecurityLogForm, request: OfficeRequest) -> FoundLines:
    """The lines that a valid form asks for."""
    chosen = form.cleaned_data
    limits = limits_from(
        chosen["start"],
        chosen["end"],
        event=chosen["event"],
        words=chosen["words"],
        today=request.today,
    )
    return FoundLines(limits)
