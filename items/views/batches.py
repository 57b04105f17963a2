"""匯入批次: who brought what in, the very file, what it changed, and taking it back."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.exchange.undo import NotUndone, undo
from items.models import Action, Change
from items.views.exchange import download
from items.workflow.errors import WorkflowError

log = logging.getLogger("security")
PER_PAGE = 50


@require_safe
def batches(request, year):
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    page = Paginator(programme.batches.select_related("by", "undone_by").defer("content", "changes"), PER_PAGE)
    context = {"programme": programme, "page": page.get_page(request.GET.get("page"))}
    return render(request, "items/batches.html", context)


@require_safe
def batch(request, year, pk):
    programme = access.get_programme(year)
    return _show(request, programme, _get(request, programme, pk))


def _get(request, programme, pk):
    access.require(access.can_import(request.user))
    return access.get_or_404(
        programme.batches.select_related("by", "undone_by", "programme").defer("content", "changes"), pk=pk
    )


def _show(request, programme, batch, obstacles=()):
    """The numbers are those of the database: its history entries, and the plan as it stands."""
    entries = Change.objects.filter(programme=programme, at=batch.at, by=batch.by, door=batch.door)
    made = entries.filter(model="action", kind=Change.Kind.CREATED).count()
    changed = entries.filter(model="action", kind=Change.Kind.CHANGED).count()
    page = Paginator(entries.select_related("action").order_by("id"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "batch": batch,
        "page": page,
        "made": made,
        "changed": changed,
        "others": page.paginator.count - made - changed,
        "total": Action.objects.for_programme(programme).count(),
        "obstacles": obstacles,
    }
    return render(request, "items/batch.html", context)


@require_safe
def batch_file(request, year, pk):
    """The very file that was imported."""
    found = _get(request, access.get_programme(year), pk)
    log.info("download batch=%s user=%s", pk, request.user.username)
    return download(found.file_name, bytes(found.content), "application/octet-stream")


@require_POST
def batch_undo(request, year, pk):
    programme = access.get_programme(year)
    found = _get(request, programme, pk)
    try:
        undo(found, by=request.user, at=request.now)
    except NotUndone as error:
        return _show(request, programme, found, error.obstacles)
    except WorkflowError as error:
        messages.error(request, str(error))
    else:
        log.info("undo batch=%s user=%s", pk, request.user.username)
        messages.success(request, "已復原這次匯入，計畫回到匯入之前的內容。")
    return redirect("batch", year, pk)
