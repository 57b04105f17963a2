"""歷程: what was reported on a date, by whom, unchanged; and what changed in the plan itself."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from items import access
from items.forms import RecordForm
from items.models import Programme
from items.requests import OfficeRequest
from items.worklists.record import (
    KIND_NOTES,
    RecordKind,
    RecordLimits,
    entries_of,
    record_tabs,
    usual_ranges,
)

PER_PAGE = 50


@require_safe
def record(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_read_record(request.user))
    form = record_form(request, programme)
    context: dict[str, Any] = {
        "programme": programme,
        "form": form,
        "ranges": usual_ranges(request.today),
        "kinds": RecordKind,
    }
    if form.is_valid():
        kind = RecordKind(form.cleaned_data["what"])
        limits = limits_of(form)
        entries = entries_of(kind, request.user, programme, limits)
        tabs = record_tabs(request.user, programme, limits)
        page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "kind": kind,
            "note": KIND_NOTES[kind],
            "conditions": limits.conditions(),
            "tabs": tabs,
            "page": page,
        }
    # Else the sentence alone: other entries than those asked for would be taken for the answer.
    return render(request, "items/record.html", context)


def record_form(request: OfficeRequest, programme: Programme) -> RecordForm:
    return RecordForm(request.GET, programme=programme, kinds=RecordKind.choices)


def limits_of(form: RecordForm) -> RecordLimits:
    """The limits of a form that is valid."""
    chosen = form.cleaned_data
    return RecordLimits(
        start=chosen["start"],
        end=chosen["end"],
        code=chosen["code"],
        person=chosen["person"],
        department=chosen["department"],
    )
