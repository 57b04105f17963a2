"""歷程: what was reported on a date, by whom, unchanged; and what changed in the plan itself."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from items import access
from items.downloading import FORMAT_NAMES, download
from items.exchange.spreadsheets.write import FORMATS
from items.forms.record import RecordForm
from items.models import Programme
from items.requests import OfficeRequest
from items.worklists.record import KIND_NOTES, RecordKind, entries_of, record_tabs
from items.worklists.record_file import export_record, too_many_words
from items.worklists.record_limits import RecordLimits, usual_ranges

PER_PAGE = 50


class EntryPages(Paginator):
    """Finds the entries of a page by their keys alone, and fetches what they show after that.

    With all that is joined to an entry, SQLite may sort a million of them for the fifty of a page.
    """

    def __init__(self, entries: QuerySet[Any], per_page: int) -> None:
        super().__init__(entries, per_page)
        self.entries = entries

    def page(self, number: int | str) -> Page:
        place = self.validate_number(number)
        first = (place - 1) * self.per_page
        # All keys of the page at once, so that the second query needs no order of a million rows.
        all_keys = self.entries.values_list("pk", flat=True)
        keys = list(all_keys[first : first + self.per_page])
        entries_of_page = list(self.entries.filter(pk__in=keys))
        return Page(entries_of_page, place, self)


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
        paginator = EntryPages(entries, PER_PAGE)
        for tab in tabs:
            if tab.kind == kind:
                # Counted for its tab already: of a million steps, once takes a second.
                paginator.count = tab.number
        page = paginator.get_page(request.GET.get("page"))
        context |= {
            "kind": kind,
            "note": KIND_NOTES[kind],
            "condition_words": limits.words,
            "tabs": tabs,
            "page": page,
            "formats": FORMAT_NAMES,
        }
    # Otherwise the sentence alone: other entries than those asked for would be taken for the answer.
    return render(request, "items/record.html", context)


@require_safe
def record_export(request: OfficeRequest, year: int, format: str) -> HttpResponse:
    """What the page lists, every page of it, as a file."""
    programme = access.get_programme(year)
    access.require(access.can_read_record(request.user))
    if format not in FORMATS:
        raise Http404
    form = record_form(request, programme)
    if not form.is_valid():
        # The page says what is wrong with the address.
        return redirect(record_address(request, year))
    kind = RecordKind(form.cleaned_data["what"])
    limits = limits_of(form)
    number = entries_of(kind, request.user, programme, limits).count()
    refusal = too_many_words(number)
    if refusal:
        messages.error(request, refusal)
        return redirect(record_address(request, year))
    file = export_record(kind, request.user, programme, limits, today=request.today, format=format)
    return download(file)


def record_address(request: OfficeRequest, year: int) -> str:
    """The page with what was asked for."""
    address = reverse("record", args=[year])
    query = request.GET.urlencode()
    if query:
        return f"{address}?{query}"
    return address


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
