"""匯入 of the official table: upload → preview → confirm."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.downloading import download
from items.exchange import uploads
from items.exchange.offline.sheet_lines import is_ours
from items.exchange.plan_import import preview_files
from items.exchange.plan_import.confirm import NotImported, Source, confirm
from items.exchange.plan_import.look import Look, SheetChoice
from items.exchange.plan_import.preview_page import PlanPreviewPage
from items.exchange.plan_import.source import WhichSheet
from items.exchange.plan_import.waiting_file import (
    answer_of,
    first_look,
    list_of_upload,
    look_again,
    table_of_upload,
)
from items.exchange.plan_table.headings import NoTable
from items.exchange.reading import read_apart
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.write import FORMATS
from items.models import Programme, Upload
from items.requests import OfficeRequest
from items.uploading import UploadForm, limited, received_form, upload_status
from items.workflow.departments import DepartmentsNotMade, make_departments

SHEETS = "sheets"
"""In the address of a preview of one of several sheets: "one" was chosen, "all" to choose again."""
GONE = (
    "這次預覽已經失效：已經匯入過、超過一小時，或之後又上傳了好幾個檔案。要再匯入，請重新上傳檔案。"
)
GONE_AND_IMPORTED = (
    "這次預覽已經匯入過或已經失效，沒有再匯入一次。您匯入過的都列在這裡；要再匯入，請重新上傳檔案。"
)


class PlanUploadForm(UploadForm):
    """The file of an official table; what is wrong with it is said by the reader."""

    label = "計畫表檔案"
    accept = ".xlsx,.ods,.csv,.tsv,.txt"
    hint = (
        ".xlsx、.ods、.csv（UTF-8 或 Big5）或核定文件的文字檔，最大 {megabytes} MB。"
        "可以把檔案拖到下面的框裡。"
    )
    hint_id = "accepted"


@csrf_exempt  # `_take_upload` checks the token, once the size limit stands
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request: OfficeRequest, year: int) -> HttpResponseBase:
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    return _take_upload(request, programme)


@limited(PlanUploadForm)
def _take_upload(request: OfficeRequest, programme: Programme) -> HttpResponse:
    form = received_form(request, PlanUploadForm)
    if not form.is_valid():
        return _show_form(request, programme, form)
    name, content = form.sent_file()
    try:
        look = first_look(content, name, programme, by=request.user)
    except Refused as refusal:
        words = refusal.message
        if isinstance(refusal, NoTable):
            words = _other_door(content, name, request) or words
        form.add_error("file", f"「{name}」不能匯入。{words}")
        return _show_form(request, programme, form)
    upload = uploads.keep(
        name,
        content,
        programme=programme,
        sheet=look.sheet,
        seen=look.digest,
        read_table=look.table,
        comparison=look.comparison,
        by=request.user,
        at=request.now,
    )
    return redirect("import_preview", programme.year, upload.reference)


def _show_form(request: OfficeRequest, programme: Programme, form: forms.Form) -> HttpResponse:
    context = {"programme": programme, "form": form, "batches": programme.batches.exists()}
    return render(request, "items/import_upload.html", context, status=upload_status(request))


def _other_door(content: bytes, name: str, request: OfficeRequest) -> str:
    """Where a file belongs that came to the wrong page, "" where nobody knows.

    It is read once more for that, so this is not asked about a file that is beyond reading.
    """
    try:
        is_offline_table = read_apart(is_ours, content, name, by=request.user)
    except Refused:
        return ""
    if not is_offline_table:
        return ""
    return "這是單位的填報表，不是計畫表。填報表請由該單位的人在「我的填報」的「離線填報表」上傳。"


def _waiting(request: OfficeRequest, programme: Programme, reference: str) -> Upload | None:
    return uploads.waiting(reference, programme=programme, by=request.user, at=request.now)


def _gone(request: OfficeRequest, programme: Programme) -> HttpResponse:
    """The answer where the upload is used up or too old.

    Somebody who presses "back" after a confirmation asks whether it was written, so they see what
    was.
    """
    an_hour_ago = request.now - uploads.LIFETIME
    if programme.batches.filter(by=request.user, at__gt=an_hour_ago).exists():
        messages.warning(request, GONE_AND_IMPORTED)
        return redirect("batches", programme.year)
    messages.warning(request, GONE)
    return redirect("import_upload", programme.year)


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: OfficeRequest, year: int, reference: str) -> HttpResponse:
    """What the import would do; a POST says which of several sheets is meant."""
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    upload = _waiting(request, programme, reference)
    if upload is None:
        return _gone(request, programme)
    if request.method == "POST":
        return _choose_sheet(request, programme, upload)
    asks_for_sheet = request.GET.get(SHEETS) == "all"
    try:
        answer = answer_of(upload, programme, asks_for_sheet=asks_for_sheet, by=request.user)
    except Refused as refusal:
        return _not_read(request, programme, upload, refusal)
    if isinstance(answer, SheetChoice):
        context = {
            "programme": programme,
            "upload": upload,
            "names": answer.names,
            "checked": upload.sheet or answer.names[0],
        }
        return render(request, "items/import_sheet.html", context)
    page = PlanPreviewPage(
        upload, answer, year=programme.year, is_one_of_several=SHEETS in request.GET
    )
    return render(request, "items/import_preview.html", {"programme": programme, "page": page})


def _not_read(
    request: OfficeRequest, programme: Programme, upload: Upload, refusal: Refused
) -> HttpResponse:
    """The answer where a file that waits had to be read once more, and others are being read."""
    messages.warning(request, f"「{upload.file_name}」還不能重新比對。{refusal.message}")
    return redirect("import_upload", programme.year)


def _choose_sheet(request: OfficeRequest, programme: Programme, upload: Upload) -> HttpResponse:
    sheet = request.POST.get("sheet", "")
    try:
        content = bytes(upload.content)
        look = first_look(content, upload.file_name, programme, sheet, by=request.user)
    except Refused as refusal:
        # The page offers only names that exist: this request was made by hand.
        messages.error(request, refusal.message)
    else:
        _remember(upload, look)
    address = reverse("import_preview", args=[programme.year, upload.reference])
    return redirect(f"{address}?{SHEETS}=one")


def _remember(upload: Upload, look: Look) -> None:
    """Keep what the person sees next: the next press of the button agrees to exactly that."""
    uploads.remember_preview(upload, seen=look.digest, sheet=look.sheet)
    uploads.keep_found(upload, read_table=look.table, comparison=look.comparison)


@require_POST
def import_codes(request: OfficeRequest, year: int, reference: str) -> HttpResponse:
    """Take the codes of another year as new items, or as codes again."""
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    upload = _waiting(request, programme, reference)
    if upload is None:
        return _gone(request, programme)
    # A plan of next year is often last year's file: its codes then name nothing here.
    as_new = request.POST.get("codes") == "new"
    uploads.treat_other_codes(upload, as_new=as_new)
    return _show_again(request, programme, upload)


@require_POST
def import_departments(request: OfficeRequest, year: int, reference: str) -> HttpResponse:
    """Make departments that the file names and nobody has made, and show the preview again."""
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    access.require(access.can_run_departments(request.user))
    upload = _waiting(request, programme, reference)
    if upload is None:
        return _gone(request, programme)
    try:
        answer = answer_of(upload, programme, by=request.user)
    except Refused as refusal:
        return _not_read(request, programme, upload, refusal)
    if isinstance(answer, SheetChoice):
        return redirect("import_preview", year, reference)
    # Only what the file names: the form is no way to make departments of any other name.
    chosen = set(request.POST.getlist("department"))
    unknown = answer.unknown_departments
    names = [department.name for department in unknown if department.name in chosen]
    if not names:
        messages.warning(request, "沒有勾選要建立的單位，什麼都沒有建立。")
        return redirect("import_preview", year, reference)
    try:
        make_departments(names, by=request.user, at=request.now, today=request.today)
    except DepartmentsNotMade as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"已建立 {len(names)} 個單位：{'、'.join(names)}。")
    return _show_again(request, programme, upload)


def _show_again(request: OfficeRequest, programme: Programme, upload: Upload) -> HttpResponse:
    """The preview after the person has changed what it depends on: it is seen anew."""
    try:
        look = look_again(upload, programme, by=request.user)
    except Refused as refusal:
        return _not_read(request, programme, upload, refusal)
    # Where the sheet is still to be chosen, nothing was seen.
    if not isinstance(look.answer, SheetChoice):
        _remember(upload, look)
    return redirect("import_preview", programme.year, upload.reference)


@require_POST
def import_confirm(request: OfficeRequest, year: int, reference: str) -> HttpResponse:
    """Write it. The reference is all that is asked for; the file is the one on the server."""
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    upload = _waiting(request, programme, reference)
    if upload is None:
        return _gone(request, programme)
    content = bytes(upload.content)
    try:
        table = table_of_upload(upload, programme, by=request.user)
    except (Refused, WhichSheet):
        # The preview says what is wrong, or asks which sheet.
        return redirect("import_preview", year, reference)
    source = Source(upload.file_name, content, upload.sheet)
    try:
        # One transaction: a file that was not imported is not used up either.
        with transaction.atomic():
            if not uploads.use_up(upload):
                return _imported_already(request, programme, upload)
            batch = confirm(
                table, programme, source, by=request.user, at=request.now, seen=upload.seen
            )
    except NotImported as error:
        messages.warning(request, str(error))
        if error.preview:
            # What the person sees next is what the next press of the button agrees to.
            uploads.remember_preview(upload, seen=error.preview.digest)
        return redirect("import_preview", year, reference)
    if batch is None:
        # Somebody else has written the same in the meantime.
        messages.info(request, "檔案與計畫完全相同，不需要匯入。")
        return redirect("import_upload", year)
    messages.success(request, "匯入完成。下面是寫入的內容；如果不對，可以復原這次匯入。")
    return redirect("batch", year, batch.pk)


def _imported_already(request: OfficeRequest, programme: Programme, upload: Upload) -> HttpResponse:
    """The second of two presses of the button: it shows what the first has done."""
    messages.info(request, "這次預覽已經匯入過，沒有再匯入一次。")
    # The same file may have been brought in before: only what came after this upload is meant.
    batches = programme.batches.filter(
        by=request.user,
        sha256=upload.sha256,
        at__gte=upload.at,
    )
    batch = batches.first()
    if batch is None:
        return redirect("batches", programme.year)
    return redirect("batch", programme.year, batch.pk)


@require_safe
def import_list(
    request: OfficeRequest, year: int, reference: str, what: str, format: str
) -> HttpResponse:
    """The errors, or every row with what becomes of it, as a file."""
    programme = access.get_programme(year)
    access.require(access.can_import(request.user))
    if what not in preview_files.LISTS or format not in FORMATS:
        raise Http404
    upload = _waiting(request, programme, reference)
    if upload is None:
        return _gone(request, programme)
    try:
        file = list_of_upload(upload, programme, what=what, format=format, by=request.user)
    except Refused as refusal:
        return _not_read(request, programme, upload, refusal)
    # While the sheet is still to be chosen there is nothing to list.
    if file is None:
        return redirect("import_preview", year, reference)
    return download(file)
