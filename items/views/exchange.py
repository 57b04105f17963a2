"""匯入: upload → preview → confirm; and the official table as a file."""

import logging
from collections import Counter, defaultdict

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.diff import Marker, apart
from items.exchange import uploads
from items.exchange.columns import ACTION, BENEFIT, METHOD, PLAN, STRATEGY
from items.exchange.offline import returned
from items.exchange.plan_export.official import export_programme
from items.exchange.plan_export.progress import export_progress
from items.exchange.plan_import import preview_files
from items.exchange.plan_import.confirm import NotImported, Source, compare, confirm
from items.exchange.plan_import.preview import Status
from items.exchange.plan_import.source import LONGEST_NAME, WhichSheet, table_of
from items.exchange.plan_table.headings import NoTable
from items.exchange.spreadsheets.limits import MAX_FILE_BYTES
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.write import FORMATS
from items.models import Upload

log = logging.getLogger("security")
SHOWN = 100
"""How many rows of each kind the preview shows; the list to download has all of them."""
SHOWN_CHARACTERS = 200_000
"""And how much text of old and new: cells of 32,767 characters would make a page of many megabytes."""
TEXTS = {STRATEGY, METHOD, PLAN, ACTION, BENEFIT}
"""What is read as prose, and compared by the character."""
SHEETS = "sheets"
"""In the address of a preview: the file has several, "one" was chosen, or "all" are to be chosen from again."""


class UploadForm(forms.Form):
    """One file; what is wrong with it is said by the reader."""

    file = forms.FileField(
        label="計畫表檔案",
        max_length=255,
        widget=forms.FileInput(
            attrs={
                "accept": ".xlsx,.ods,.csv,.tsv,.txt",
                "aria-describedby": "accepted",
                "data-largest": MAX_FILE_BYTES,
                "data-too-large": uploads.TOO_LARGE,
            }
        ),
        error_messages={
            "required": "請選擇要匯入的檔案。",
            "empty": "這個檔案是空的，請確認選對了檔案。",
            "max_length": "檔名太長（最多 255 個字），請縮短後再上傳。",
            "invalid": "沒有收到檔案，請重新選擇。",
        },
    )


@csrf_exempt  # only until the size limit stands before the first byte is read: see `_upload`
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request, year):
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    if uploads.is_too_large(request):
        return _form(request, programme, UploadForm(), uploads.TOO_LARGE, status=413)
    return _upload(request, programme)


@csrf_protect
def _upload(request, programme):
    if request.method != "POST":
        return _form(request, programme, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if request.file_is_too_large:
        return _form(request, programme, UploadForm(), uploads.TOO_LARGE, status=413)
    if not form.is_valid():
        return _form(request, programme, form)
    file = form.cleaned_data["file"]
    content = file.read()
    try:
        sheet, seen = _look(content, file.name, programme)
    except Refused as error:
        said = _other_door(content, file.name) if isinstance(error, NoTable) else ""
        form.add_error("file", f"「{file.name}」不能匯入。{said or error.message}")
        return _form(request, programme, form)
    upload = uploads.keep(
        programme, file.name, content, sheet, seen, by=request.user, at=request.now
    )
    return redirect("import_preview", programme.year, upload.reference)


def _other_door(content, name):
    """Where a file belongs that came to the wrong page. It is read once more for that: not one that is beyond reading."""
    if not returned.is_ours(content, name):
        return ""
    return "這是單位的填報表，不是計畫表。填報表請由該單位的人在「我的填報」的「離線填報表」上傳。"


def _look(content, name, programme, sheet=""):
    """(sheet, digest of its preview), both empty while the person has to say which sheet."""
    try:
        table, _ = table_of(content, name, programme, sheet)
    except WhichSheet:
        return "", ""
    return table.sheet[:LONGEST_NAME], compare(table, programme).digest


def _form(request, programme, form, error="", status=200):
    context = {
        "programme": programme,
        "form": form,
        "error": error,
        "batches": programme.batches.exists(),
    }
    return render(request, "items/import_upload.html", context, status=status)


def _waiting(request, programme, reference):
    """The person's own upload; None, and a message, when it is used up or too old."""
    upload = uploads.waiting(programme, reference, by=request.user, at=request.now)
    if upload is None:
        words = "這次預覽已經失效：已經匯入過、超過一小時，或之後又上傳了好幾個檔案。要再匯入，請重新上傳檔案。"
        if _has_imported(request, programme):
            words = "這次預覽已經匯入過或已經失效，沒有再匯入一次。您匯入過的都列在這裡；要再匯入，請重新上傳檔案。"
        messages.warning(request, words)
    return upload


def _has_imported(request, programme):
    """Whether the person has just confirmed something: who then presses "back" asks whether it was written."""
    return programme.batches.filter(by=request.user, at__gt=request.now - uploads.LIFETIME).exists()


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request, year, reference):
    """What the import would do; a POST says which of several sheets is meant."""
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    upload = _waiting(request, programme, reference)
    if upload is None:
        return redirect("batches" if _has_imported(request, programme) else "import_upload", year)
    if request.method == "POST":
        return _choose(request, programme, upload)
    sheet = "" if request.GET.get(SHEETS) == "all" else upload.sheet
    try:
        table, notes = table_of(bytes(upload.content), upload.file_name, programme, sheet)
    except WhichSheet as choice:
        return render(
            request,
            "items/import_sheet.html",
            {"programme": programme, "upload": upload, "names": choice.names},
        )
    preview = compare(table, programme)
    context = _shown(programme, upload, preview, notes) | {
        "is_one_of_several": SHEETS in request.GET
    }
    return render(request, "items/import_preview.html", context)


def _choose(request, programme, upload):
    try:
        upload.sheet, upload.seen = _look(
            bytes(upload.content), upload.file_name, programme, request.POST.get("sheet", "")
        )
    except Refused as error:
        messages.error(request, error.message)
    else:
        # Not `save`: the upload may be gone since, and the page says so better than an error does.
        Upload.objects.filter(pk=upload.pk).update(sheet=upload.sheet, seen=upload.seen)
    address = reverse("import_preview", args=[programme.year, upload.reference])
    return redirect(f"{address}?{SHEETS}=one")


def _shown(programme, upload, preview, notes):
    """Counts first, then what needs eyes; long lists are cut, and the files have them whole."""
    changed = [row for row in preview.with_status(Status.CHANGED) if _own(row)]
    shown = _fitting(changed, _own)
    marked = Marker()
    renamed = _fitting(preview.renamed, lambda each: [each])
    new = preview.with_status(Status.NEW)
    return {
        "programme": programme,
        "upload": upload,
        "preview": preview,
        "counts": preview.counts,
        "is_stale": preview.digest != upload.seen,
        "notes": [*notes, *preview.notes],
        "errors": preview.errors[:SHOWN],
        "error_columns": Counter(each.column or "整張表" for each in preview.errors).most_common(),
        "warnings": preview.warnings[:SHOWN],
        "renamed": [(each, marked(each.old, each.new)) for each in renamed],
        "changed": [
            (row, [(c, differences(marked, c.heading, c.old, c.new)) for c in _own(row)])
            for row in shown
        ],
        "changed_at": "changed" if changed else "renamed",
        "is_changed_cut": len(shown) < len(changed),
        "is_renamed_cut": len(renamed) < len(preview.renamed),
        "only_renamed": len(preview.with_status(Status.CHANGED)) - len(changed),
        "new": _by_strategy(new),
        "unchanged": preview.with_status(Status.UNCHANGED)[:SHOWN],
        "missing": preview.missing[:SHOWN],
        "ignored": preview.ignored[:SHOWN],
        "shown": SHOWN,
    }


def _by_strategy(rows):
    """(strategy, how many, the first of them), in the order of the file: each strategy gets its share of the page."""
    found = defaultdict(list)
    for row in rows:
        found[row.path[0]].append(row)
    share = max(SHOWN // max(len(found), 1), 3)
    return [(strategy, len(each), each[:share]) for strategy, each in list(found.items())[:SHOWN]]


def _fitting(rows, texts):
    """As many of the first rows as a page can hold, and one at least; `texts(row)` are its pairs of old and new."""
    room = SHOWN_CHARACTERS
    for number, row in enumerate(rows[:SHOWN]):
        room -= sum(len(each.old) + len(each.new) for each in texts(row))
        if room < 0 and number:
            return rows[:number]
    return rows[:SHOWN]


def differences(marked, heading, old, new):
    """What was and what is; of the plan's texts the very characters that differ, of days and departments the whole."""
    if heading in TEXTS and old and new:
        return marked(old, new)
    return apart(*("" if value is None else str(value) for value in (old, new)))


def _own(row):
    """The cells of a row that are not told once for all rows under a renamed strategy, method or plan."""
    return [change for change in row.changes if change.is_own]


@require_POST
def import_confirm(request, year, reference):
    """Write it. The reference is all that is asked for; the file is the one on the server."""
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    upload = _waiting(request, programme, reference)
    if upload is None:
        return redirect("batches", year)
    content = bytes(upload.content)
    try:
        table, _ = table_of(content, upload.file_name, programme, upload.sheet)
    except (Refused, WhichSheet):
        return redirect("import_preview", year, reference)
    source = Source(upload.file_name, content, upload.sheet)
    try:
        with transaction.atomic():
            if not uploads.use_up(upload):
                return _imported_already(request, programme, upload)
            batch = confirm(
                table, programme, source, by=request.user, at=request.now, seen=upload.seen
            )
    except NotImported as error:
        messages.warning(request, str(error))
        if error.preview:
            Upload.objects.filter(pk=upload.pk).update(seen=error.preview.digest)
        return redirect("import_preview", year, reference)
    if batch is None:
        messages.info(request, "檔案與計畫完全相同，不需要匯入。")
        return redirect("import_upload", year)
    log.info(
        "import programme=%s batch=%s file=%s user=%s",
        year,
        batch.pk,
        source.name,
        request.user.username,
    )
    messages.success(request, "匯入完成。下面是寫入的內容；如果不對，可以復原這次匯入。")
    return redirect("batch", year, batch.pk)


def _imported_already(request, programme, upload):
    """The second of two presses of the button: it shows what the first has done."""
    batch = programme.batches.filter(
        by=request.user, sha256=upload.sha256, at__gte=upload.at
    ).first()
    messages.info(request, "這次預覽已經匯入過，沒有再匯入一次。")
    return (
        redirect("batch", programme.year, batch.pk)
        if batch
        else redirect("batches", programme.year)
    )


@require_safe
def import_list(request, year, reference, what, format):
    """The errors, or every row with what becomes of it, as a file."""
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    if what not in preview_files.LISTS or format not in FORMATS:
        raise Http404
    upload = _waiting(request, programme, reference)
    if upload is None:
        return redirect("import_upload", year)
    try:
        table, _ = table_of(bytes(upload.content), upload.file_name, programme, upload.sheet)
    except WhichSheet:
        return redirect("import_preview", year, reference)
    return download(
        *preview_files.export(what, compare(table, programme), upload.file_name, format)
    )


@require_safe
def programme_export(request, year, format):
    """The whole official table, for everyone who may read the plan."""
    programme = access.get_programme(year)
    if format not in FORMATS:
        raise Http404
    log.info("export programme=%s format=%s user=%s", year, format, request.user.username)
    return download(*export_programme(programme, format))


@require_safe
def progress_export(request, year, number, format):
    """The table with what was submitted for a period, for everyone who may read it."""
    programme = access.get_programme(year)
    period = access.get_period(programme, number)
    if format not in FORMATS:
        raise Http404
    log.info("export period=%s format=%s user=%s", period, format, request.user.username)
    assignments, reports = (
        access.visible_assignments(request.user),
        access.visible_reports(request.user),
    )
    return download(*export_progress(assignments, reports, period, request.today, format))


def download(name, content, content_type):
    """A file under its Chinese name, never opened in the page."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type, headers={"Content-Disposition": disposition})
