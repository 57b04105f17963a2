"""填報表: a department's workbook for one period, down and up again, with a preview between."""

import logging

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.diff import apart, marked
from items.downloading import download
from items.exchange import uploads
from items.exchange.offline import returned as returning
from items.exchange.offline.returned import Outcome
from items.exchange.offline.workbook import FIELDS, workbook
from items.exchange.spreadsheets.refused import Refused
from items.models import Department, Period, Programme, Upload
from items.requests import OfficeRequest
from items.uploading import UploadForm, limited, received_form, upload_status
from items.workflow import WorkflowError

_SHORT = {column.heading for column in FIELDS.values() if column.is_centred}

log = logging.getLogger("security")


class OfflineUploadForm(UploadForm):
    """A 填報表 is a workbook: a text file has no cells that only some may be written in."""

    label = "填報表檔案"
    accept = ".xlsx,.ods"
    hint_id = "accepted"


def _period(request, year, number):
    """The period, for those who write for a department."""
    programme = access.get_programme(year)
    period = access.get_period(programme, number)
    access.require(access.departments_of(request.user).exists())
    return programme, period


def _own(user):
    return access.visible_assignments(user).filter(reportable=True)


def _kind(period: Period) -> str:
    return f"offline-{period.pk}"


@csrf_exempt  # `_take_upload` checks the token, once the size limit stands
@require_http_methods(["GET", "HEAD", "POST"])
def offline(request: OfficeRequest, year: int, number: int) -> HttpResponseBase:
    programme, period = _period(request, year, number)
    return _take_upload(request, programme, period)


@limited(OfflineUploadForm)
def _take_upload(request: OfficeRequest, programme: Programme, period: Period) -> HttpResponse:
    form = received_form(request, OfflineUploadForm)
    if not form.is_valid():
        return _show_form(request, period, form)
    name, content = form.sent_file()
    try:
        returns = returning.read(content, name, _own(request.user), period, request.today)
    except Refused as refusal:
        form.add_error("file", f"「{name}」不能讀取。{refusal.message}")
        return _show_form(request, period, form)
    upload = uploads.keep(
        name,
        content,
        programme=programme,
        table=_kind(period),
        seen=returns.digest,
        by=request.user,
        at=request.now,
    )
    return redirect("offline_preview", programme.year, period.number, upload.reference)


def _show_form(request: OfficeRequest, period: Period, form: forms.Form) -> HttpResponse:
    departments = Department.objects.filter(pk__in=access.departments_of(request.user))
    context = {
        "programme": period.programme,
        "period": period,
        "form": form,
        "departments": departments,
    }
    return render(request, "items/offline.html", context, status=upload_status(request))


@require_safe
def offline_file(request, year, number, department):
    """The workbook of one of the own departments."""
    _, period = _period(request, year, number)
    own = access.get_or_404(Department.objects.all(), pk=department)
    access.require(access.departments_of(request.user).filter(department=own).exists())
    log.info("export offline period=%s department=%s user=%s", period, own, request.user.username)
    return download(*workbook(_own(request.user), own, period, request.today))


def _read(request, upload, period):
    content = bytes(upload.content)
    return returning.read(content, upload.file_name, _own(request.user), period, request.today)


def _waiting(
    request: OfficeRequest, programme: Programme, period: Period, reference: str
) -> Upload | None:
    return uploads.waiting(
        reference, programme=programme, table=_kind(period), by=request.user, at=request.now
    )


def _gone(request: OfficeRequest, period: Period) -> HttpResponse:
    words = "這份填報表已經送出過、換成了另一份，或超過一小時已經失效；請重新上傳。"
    messages.warning(request, words)
    return redirect("offline", period.programme.year, period.number)


@require_safe
def offline_preview(request, year, number, reference):
    programme, period = _period(request, year, number)
    upload = _waiting(request, programme, period, reference)
    if upload is None:
        return _gone(request, period)
    try:
        returns = _read(request, upload, period)
    except Refused as error:
        messages.warning(request, f"沒有寫入任何資料。{error}")
        return redirect("offline", year, number)
    context = {
        "programme": programme,
        "period": period,
        "upload": upload,
        "returns": returns,
        "errors": returns.having(Outcome.ERROR),
        "problems": len(returns.having(Outcome.ERROR)) + len(returns.strays),
        "conflicts": [(row, _marked(row)) for row in returns.having(Outcome.CONFLICT)],
        "writes": [(row, _marked(row)) for row in returns.having(Outcome.WRITE)],
        "same": returns.having(Outcome.SAME),
    }
    return render(request, "items/offline_preview.html", context)


def _marked(row):
    """(heading, now, in the file, what differs): of texts the very words, of a percent or a status all of it."""
    return [
        (heading, old, new, apart(old, new) if heading in _SHORT else marked(old, new))
        for heading, old, new in row.cells()
    ]


@require_POST
def offline_confirm(request, year, number, reference):
    """As drafts, or sent on; all of it or nothing."""
    programme, period = _period(request, year, number)
    intent = request.POST.get("intent")
    if intent not in ("draft", "submit"):
        raise Http404
    upload = _waiting(request, programme, period, reference)
    if upload is None:
        return _gone(request, period)
    try:
        returns = _read(request, upload, period)
        if returns.digest != upload.seen:
            uploads.remember_preview(upload, seen=returns.digest)
            raise WorkflowError("預覽之後內容有異動，以下是重新比對的結果，請再看一次。")
        with transaction.atomic():
            if not uploads.use_up(upload):
                raise WorkflowError("這份填報表已經送出過。")
            count = returning.take(
                returns,
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
        words = f"已送出 {count} 件。送到誰那裡，列在下面的「已送出」。"
    else:
        words = (
            f"已存成草稿 {count} 件。要繼續離線填寫，請重新下載填報表；或在下面的項目裡補齊後送出。"
        )
    messages.success(request, words)
    return redirect("todo", year)
