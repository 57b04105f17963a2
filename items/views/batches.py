"""匯入批次: who brought what in, the very file, what it changed, and taking it back."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from items import access
from items.diff import Marker
from items.downloading import download
from items.exchange.plan_import.preview_page import marked_cell as differences
from items.exchange.plan_import.undo import AlreadyUndone, NotUndone, obstacles, undo
from items.models import Action, Change, ChangeKind
from items.workflow.errors import WorkflowError

log = logging.getLogger("security")
PER_PAGE = 50


@require_safe
def batches(request, year):
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    page = Paginator(
        programme.batches.select_related("by", "undone_by").defer("content", "changes"), PER_PAGE
    )
    context = {"programme": programme, "page": page.get_page(request.GET.get("page"))}
    return render(request, "items/batches.html", context)


def _get(request, programme, pk):
    access.require(access.can_import(request.user))
    return access.get_or_404(
        programme.batches.select_related("by", "undone_by", "programme").defer(
            "content", "changes"
        ),
        pk=pk,
    )


@require_safe
def batch(request, year, pk):
    programme = access.get_programme(year)
    found = _get(request, programme, pk)
    entries = _entries(found).select_related("action").order_by("id")
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    marked = Marker()
    rows = [
        (
            entry,
            [
                (one.label, differences(marked, one.label, one.old, one.new))
                for one in entry.differences()
            ],
        )
        for entry in page
    ]
    context = {
        "programme": programme,
        "batch": found,
        "page": page,
        "rows": rows,
        **_figures(found),
    }
    return render(request, "items/batch.html", context)


def _entries(batch):
    return Change.objects.filter(
        programme=batch.programme, at=batch.at, by=batch.by, door=batch.door
    )


def _figures(batch):
    """The numbers are those of the database: its history entries, and the plan as it stands."""
    entries = _entries(batch)
    made = entries.filter(model="action", kind=ChangeKind.CREATED).count()
    changed = entries.filter(model="action", kind=ChangeKind.CHANGED).count()
    others = entries.exclude(model="action").count()
    total = Action.objects.for_programme(batch.programme).count()
    return {
        "made": made,
        "changed": changed,
        "others": others,
        "total": total,
        "left": total - made,
    }


@require_safe
def batch_file(request, year, pk):
    """The very file that was imported."""
    found = _get(request, access.get_programme(year), pk)
    log.info("download batch=%s user=%s", pk, request.user.username)
    return download(found.file_name, bytes(found.content), "application/octet-stream")


@require_http_methods(["GET", "HEAD", "POST"])
def batch_undo(request, year, pk):
    """A GET says what undoing would do, or what stands in its way; a POST does it."""
    programme = access.get_programme(year)
    found = _get(request, programme, pk)
    if request.method != "POST":
        return (
            redirect("batch", year, pk)
            if found.undone_at
            else _ask(request, found, obstacles(found))
        )
    try:
        undo(found, by=request.user, at=request.now)
    except NotUndone as error:
        return _ask(request, found, error.obstacles)
    except AlreadyUndone as error:
        messages.info(request, str(error))
    except WorkflowError as error:
        messages.error(request, str(error))
    else:
        log.info("undo batch=%s user=%s", pk, request.user.username)
        messages.success(request, "已復原這次匯入，計畫回到匯入之前的內容。")
    return redirect("batch", year, pk)


def _ask(request, batch, obstacles):
    context = {
        "programme": batch.programme,
        "batch": batch,
        "obstacles": obstacles,
        **_figures(batch),
    }
    return render(request, "items/batch_undo.html", context)
