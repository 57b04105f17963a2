"""填報表: a department's workbook for one period, down and up again, with a preview between."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.downloading import download
from items.exchange import uploads
from items.exchange.offline.confirm import take
from items.exchange.offline.kept_lines import lines_of_new_file, lines_of_upload, sealed_lines
from items.exchange.offline.offline_sheet import OfflineSheet
from items.exchange.offline.preview_page import OfflinePreviewPage
from items.exchange.offline.returned import compare, require_open
from items.exchange.offline.sheet_lines import SheetLine
from items.exchange.offline.workbook import workbook
from items.exchange.spreadsheets.refused import Refused
from items.models import Department, Period, Upload, User, current_first
from items.models.assignment_queries import AssignmentQuerySet
from items.requests import OfficeRequest
from items.uploading import UploadForm, limited, received_form, upload_status
from items.workflow import WorkflowError
from items.worklists.reopened import not_open_words


class OfflineUploadForm(UploadForm):
    """A 填報表 is a workbook: a text file has no cells that only some may be written in."""

    label = "填報表檔案"
    accept = ".xlsx,.ods"
    hint = ".xlsx 或 .ods，最大 {megabytes} MB。可以把檔案拖到下面的框裡。"
    hint_id = "accepted"


def _get_period(request: OfficeRequest, year: int, number: int) -> Period:
    """The period, for those who write for a department."""
    programme = access.get_programme(year)
    period = access.get_period(programme, number)
    access.require(access.departments_of(request.user).exists())
    return period


def _reportable(user: User) -> AssignmentQuerySet:
    return access.visible_assignments(user).filter(access.can_report(user))


@csrf_exempt  # `_take_upload` checks the token, once the size limit stands
@require_http_methods(["GET", "HEAD", "POST"])
def offline(request: OfficeRequest, year: int, number: int) -> HttpResponseBase:
    return _take_upload(request, _get_period(request, year, number))


@limited(OfflineUploadForm)
def _take_upload(request: OfficeRequest, period: Period) -> HttpResponse:
    form = received_form(request, OfflineUploadForm)
    if not form.is_valid():
        return _show_form(request, period, form)
    name, content = form.sent_file()
    try:
        require_open(period)
        lines = lines_of_new_file(content, name, by=request.user)
        sheet = _compared(request, lines, period)
    except Refused as refusal:
        form.add_error("file", f"「{name}」不能讀取。{refusal.message}")
        return _show_form(request, period, form)
    upload = uploads.keep(
        name,
        content,
        programme=period.programme,
        table=_table_name(period),
        # What the preview is about to show: only that can be confirmed.
        seen=sheet.digest,
        read_table=sealed_lines(lines, content, name),
        by=request.user,
        at=request.now,
    )
    return redirect("offline_preview", period.programme.year, period.number, upload.reference)


def _table_name(period: Period) -> str:
    """What an upload is kept as: the preview of one period's file confirms nothing in another."""
    return f"offline-{period.pk}"


def _show_form(request: OfficeRequest, period: Period, form: forms.Form) -> HttpResponse:
    departments = Department.objects.filter(pk__in=access.departments_of(request.user))
    open_periods = list(period.programme.periods.open())
    context = {
        "programme": period.programme,
        "period": period,
        "open_periods": current_first(open_periods, request.today),
        "form": form,
        "departments": departments,
        "not_open_words": not_open_words(request.user, period),
    }
    return render(request, "items/offline.html", context, status=upload_status(request))


@require_safe
def offline_file(request: OfficeRequest, year: int, number: int, department: int) -> HttpResponse:
    """The workbook of one of the person's own departments."""
    period = _get_period(request, year, number)
    owner = access.get_or_404(Department.objects.all(), pk=department)
    # The file holds drafts: nobody but the department may have it.
    writes_for_owner = access.departments_of(request.user).filter(department=owner)
    access.require(writes_for_owner.exists())
    assignments = _reportable(request.user)
    file = workbook(assignments, owner, period, today=request.today)
    return download(file)


def _waiting(request: OfficeRequest, period: Period, reference: str) -> Upload | None:
    return uploads.waiting(
        reference,
        programme=period.programme,
        table=_table_name(period),
        by=request.user,
        at=request.now,
    )


def _gone(request: OfficeRequest, period: Period) -> HttpResponse:
    words = "這份填報表已經送出過、換成了另一份，或超過一小時已經失效；請重新上傳。"
    messages.warning(request, words)
    return redirect("offline", period.programme.year, period.number)


def _compared_again(request: OfficeRequest, upload: Upload, period: Period) -> OfflineSheet:
    """The kept file against the reports of now: an hour may lie between the two."""
    return _compared(request, lines_of_upload(upload, by=request.user), period)


def _compared(request: OfficeRequest, lines: list[SheetLine], period: Period) -> OfflineSheet:
    return compare(lines, _reportable(request.user), period=period, today=request.today)


@require_safe
def offline_preview(request: OfficeRequest, year: int, number: int, reference: str) -> HttpResponse:
    period = _get_period(request, year, number)
    upload = _waiting(request, period, reference)
    if upload is None:
        return _gone(request, period)
    try:
        sheet = _compared_again(request, upload, period)
    except Refused as refusal:
        # The period was closed since, or the person has left the department.
        messages.warning(request, f"沒有寫入任何資料。{refusal.message}")
        return redirect("offline", year, number)
    context = {
        "programme": period.programme,
        "period": period,
        "upload": upload,
        "page": OfflinePreviewPage(sheet),
    }
    return render(request, "items/offline_preview.html", context)


@require_POST
def offline_confirm(request: OfficeRequest, year: int, number: int, reference: str) -> HttpResponse:
    """As drafts, or sent on; all of it or nothing."""
    period = _get_period(request, year, number)
    # Which of the two buttons was pressed.
    intent = request.POST.get("intent")
    if intent not in ("draft", "submit"):
        raise Http404
    upload = _waiting(request, period, reference)
    if upload is None:
        return _gone(request, period)
    try:
        sheet = _compared_again(request, upload, period)
        if sheet.digest != upload.seen:
            # Somebody wrote in the browser since. The preview that comes now is agreed to anew.
            uploads.remember_preview(upload, seen=sheet.digest)
            raise WorkflowError("預覽之後內容有異動，以下是重新比對的結果，請再看一次。")
        # One transaction: a file that was not written is not used up either.
        with transaction.atomic():
            if not uploads.use_up(upload):
                raise WorkflowError("這份填報表已經送出過。")
            count = take(
                sheet,
                period,
                by=request.user,
                at=request.now,
                today=request.today,
                submit=intent == "submit",
            )
    except (WorkflowError, Refused) as error:
        messages.warning(request, f"沒有寫入任何資料。{error}")
        return redirect("offline_preview", year, number, reference)
    if intent == "submit":
        words = f"已送出 {count:,} 件。送到誰那裡，列在下面的「已送出」。"
    else:
        words = f"已存成草稿 {count:,} 件。要繼續離線填寫，請重新下載填報表；或在下面的項目裡補齊後送出。"
    messages.success(request, words)
    return redirect("todo", year)
