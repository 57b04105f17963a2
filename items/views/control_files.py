"""申請附件: attached to an application, sent to readers of the application, and taken away."""

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.evidence.kinds import KIND_OF
from items.evidence.prepare import prepared
from items.evidence.refused import FileRefused
from items.evidence.serving import sealed_file
from items.evidence.sizes import MEGABYTE, size_words
from items.evidence.storage import DISK_FULL
from items.models import ControlFile, ControlRequest
from items.requests import OfficeRequest
from items.workflow import WorkflowError
from items.workflow.control_files import attach, take_away
from plan_tracker.receiving import disk_was_full

FIELD = "files"


@require_POST
def control_attach(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """Attach files; each by itself: one that is refused loses no other."""
    programme = access.get_programme(year)
    shown = access.get_request(request.user, pk)
    if shown.assignment.action.programme != programme:
        raise Http404
    access.require(shown.attachable)
    attached = []
    files = request.FILES.getlist(FIELD)
    for file in files:
        try:
            row = _attach(request, shown, file)
        except (FileRefused, WorkflowError) as error:
            words = str(error)
            if isinstance(error, FileRefused):
                words = error.sentence
            messages.error(request, f"「{file.name}」沒有附上：{words}")
        else:
            attached.append(row.file_name)
    if disk_was_full(request):
        messages.error(request, f"有檔案沒有附上：{DISK_FULL}")
    elif not files:
        messages.error(request, "請先選檔案。")
    if attached:
        names = "".join(f"「{name}」" for name in attached)
        messages.success(request, f"已附上{names}。")
    return redirect("control_request", year, pk)


def _attach(request: OfficeRequest, shown: ControlRequest, file: UploadedFile) -> ControlFile:
    size = file.size or 0
    most = settings.EVIDENCE_FILE_BYTES
    # Before it is read: a larger one would stand in the memory of the process.
    if size > most:
        raise FileRefused(
            f"這個檔案有 {size_words(size)}，超過一個檔案 {most // MEGABYTE} MB 的上限；"
            "請縮小圖片，或分成幾個檔案。"
        )
    ready = prepared(file.name or "", file.read())
    return attach(shown, ready, by=request.user, at=request.now)


@require_safe
def control_file(request: OfficeRequest, year: int, pk: int) -> HttpResponseBase:
    """One file, as it is kept."""
    row = _file_of_year(request, year, pk)
    content_type = KIND_OF[row.content_kind].content_type
    return sealed_file(row.stored_name, content_type, attachment=row.file_name)


@require_POST
def control_file_remove(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    row = _file_of_year(request, year, pk)
    shown = access.get_request(request.user, row.request_id)
    # Attaching and taking away end together: what somebody decides on stays as it was.
    access.require(shown.attachable)
    try:
        take_away(row, by=request.user, at=request.now)
    except WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"已移除「{row.file_name}」。")
    return redirect("control_request", year, shown.pk)


def _file_of_year(request: OfficeRequest, year: int, pk: int) -> ControlFile:
    programme = access.get_programme(year)
    row = access.get_control_file(request.user, pk)
    if row.request.assignment.action.programme != programme:
        raise Http404
    return row
