"""匯入批次: who brought what in, the very file, what it changed, and taking it back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from items import access
from items.downloading import download
from items.exchange.plan_import.batch_page import (
    SHOWN_OBSTACLES,
    door_words,
    entries_of,
    figures_of,
    marked_entries,
)
from items.exchange.plan_import.undo import AlreadyUndone, NotUndone, obstacles, undo
from items.exchange.spreadsheets.write import WrittenFile
from items.models import ImportBatch
from items.requests import OfficeRequest
from items.workflow.errors import WorkflowError
from items.worklists.first_steps import first_steps
from plan_tracker.security_log import SecurityEvent

PER_PAGE = 50
BINARY = "application/octet-stream"


@require_safe
def batches(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_read_imports(request.user))
    of_year = access.visible_batches(request.user).filter(programme=programme)
    newest_first = of_year.select_related("by", "undone_by")
    page = Paginator(newest_first, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "page": page,
        "may_import": access.can_import(request.user),
    }
    return render(request, "items/batches.html", context)


def _get_batch(request: OfficeRequest, year: int, pk: int) -> ImportBatch:
    """A batch to read; undoing it asks for another right."""
    programme = access.get_programme(year)
    access.require(access.can_read_imports(request.user))
    # By way of its year: a batch of another year is not found at this address.
    of_year = access.visible_batches(request.user).filter(programme=programme)
    return access.get_or_404(of_year.select_related("by", "undone_by", "programme"), pk=pk)


@require_safe
def batch(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    import_batch = _get_batch(request, year, pk)
    entries = entries_of(import_batch).select_related("action")
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": import_batch.programme,
        "batch": import_batch,
        "first_steps": first_steps(request.user, import_batch.programme, back_to=request.path),
        "figures": figures_of(import_batch),
        "page": page,
        "entries": marked_entries(page),
        "may_import": access.can_import(request.user),
        "door": door_words(import_batch),
    }
    return render(request, "items/batch.html", context)


@require_safe
def batch_file(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """The very file that was imported."""
    import_batch = _get_batch(request, year, pk)
    # Always as bytes to save, also a file that calls itself a page: no browser opens it within ours.
    file = WrittenFile(import_batch.file_name, bytes(import_batch.content), BINARY)
    return download(file, event=SecurityEvent.DOWNLOAD)


@require_http_methods(["GET", "HEAD", "POST"])
def batch_undo(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """A GET says what undoing would do, or what stands in its way; a POST does it."""
    access.require(access.can_import(request.user))
    import_batch = _get_batch(request, year, pk)
    if request.method != "POST":
        if import_batch.undone_at:
            # An old tab or a bookmark: there is nothing to ask any more.
            return redirect("batch", year, pk)
        return _ask(request, import_batch, obstacles(import_batch))
    try:
        undo(import_batch, by=request.user, at=request.now)
    except NotUndone as error:
        # Somebody has changed or reported on something since the question was asked.
        return _ask(request, import_batch, error.obstacles)
    except AlreadyUndone as error:
        messages.info(request, str(error))
    except WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已復原這次匯入，計畫回到匯入之前的內容。")
    return redirect("batch", year, pk)


def _ask(request: OfficeRequest, import_batch: ImportBatch, sentences: list[str]) -> HttpResponse:
    """Whether to undo; `sentences` say what stands in the way."""
    context = {
        "programme": import_batch.programme,
        "batch": import_batch,
        "number_of_obstacles": len(sentences),
        "obstacles": sentences[:SHOWN_OBSTACLES],
        "figures": figures_of(import_batch),
    }
    return render(request, "items/batch_undo.html", context)
