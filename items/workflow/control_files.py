"""Files with an application: what proves it, and the signed form, attached and taken away."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from items.evidence.prepare import PreparedFile
from items.evidence.sizes import MEGABYTE
from items.evidence.storage import discard, store
from items.models import ChangeKind, ControlRequest, Door, RequestState, User
from items.models.control import REQUEST_EDITABLE
from items.models.control_files import ControlFile, ControlFilePurpose
from items.workflow import history
from items.workflow.control_writing import hold_request
from items.workflow.errors import Refusal, WorkflowError

MOST_OF_A_REQUEST = 20


def purpose_of(request: ControlRequest) -> ControlFilePurpose:
    """What a file that is attached now is for: proof while it is written, then the signed form."""
    if request.state in REQUEST_EDITABLE:
        return ControlFilePurpose.PROOF
    return ControlFilePurpose.SIGNED


def attach(
    request: ControlRequest, file: PreparedFile, *, by: User, at: datetime, door: Door = Door.PAGE
) -> ControlFile:
    """Attach a file; raises `WorkflowError`, and `FileRefused` where the disk has no room."""
    # Before the transaction: writing 20 MB would keep everybody else waiting.
    stored_name = store(file.content)
    try:
        return _attach(request, file, stored_name, by=by, at=at, door=door)
    except BaseException:
        # Also when the process is told to stop: no row will ever name this file.
        discard(stored_name)
        raise


@transaction.atomic
def _attach(
    request: ControlRequest,
    file: PreparedFile,
    stored_name: str,
    *,
    by: User,
    at: datetime,
    door: Door,
) -> ControlFile:
    held = hold_request(request, request.version)
    if held.state == RequestState.WITHDRAWN:
        message = "這件申請已經撤回，不能再附檔案。"
        raise WorkflowError(message, Refusal.EVIDENCE_NOT_WRITABLE)
    _refuse_twice_or_too_much(held, file)
    attached = ControlFile(
        request=held,
        purpose=purpose_of(held),
        file_name=file.name,
        content_kind=file.kind,
        size=len(file.content),
        sha256=file.sha256,
        received_sha256=file.received_sha256,
        stored_name=stored_name,
        added_by=by,
        added_at=at,
    )
    attached.full_clean()
    attached.save()
    # What a draft has is nobody else's, and leaves no entry until it is sent.
    if held.submitted_at is not None and held.state not in REQUEST_EDITABLE:
        _mark_sent(attached, by=by, at=at, door=door)
    return attached


def _refuse_twice_or_too_much(request: ControlRequest, file: PreparedFile) -> None:
    attached = request.files.attached()
    same = attached.filter(received_sha256=file.received_sha256).first()
    if same is not None:
        message = f"這個檔案已經附過（「{same.file_name}」），沒有再附一次。"
        raise WorkflowError(message, Refusal.EVIDENCE_ATTACHED_ALREADY)
    if attached.count() >= MOST_OF_A_REQUEST:
        message = f"一件申請最多附 {MOST_OF_A_REQUEST} 個檔案；請移除不需要的，或壓縮成一個 zip。"
        raise WorkflowError(message, Refusal.EVIDENCE_TOO_MUCH)
    bytes_so_far = attached.aggregate(total=Sum("size"))["total"] or 0
    bytes_with_it = bytes_so_far + len(file.content)
    if bytes_with_it > settings.EVIDENCE_REPORT_BYTES:
        most = settings.EVIDENCE_REPORT_BYTES // MEGABYTE
        message = f"一件申請的檔案合計最多 {most} MB；請移除不需要的檔案，或縮小後再附。"
        raise WorkflowError(message, Refusal.EVIDENCE_TOO_MUCH)


def mark_files_sent(request: ControlRequest, *, by: User, at: datetime, door: Door) -> None:
    """What the department has attached goes out with the application, each with its entry."""
    for one in request.files.attached().filter(sent_at__isnull=True):
        _mark_sent(one, by=by, at=at, door=door)


def _mark_sent(one: ControlFile, *, by: User, at: datetime, door: Door) -> None:
    one.sent_at = at
    one.save(update_fields=["sent_at"])
    fields = history.differences(None, history.values_of(one))
    history.entry(one, ChangeKind.CREATED, fields, by=by, at=at, door=door).save()


@transaction.atomic
def take_away(one: ControlFile, *, by: User, at: datetime, door: Door = Door.PAGE) -> None:
    """移除: what was never sent is gone; what was sent stays kept, and its entry says who took it."""
    request = hold_request(one.request, one.request.version)
    current = request.files.attached().filter(pk=one.pk).first()
    if current is None:
        message = f"「{one.file_name}」剛才已經移除了。"
        raise WorkflowError(message, Refusal.EVIDENCE_GONE)
    if current.purpose != purpose_of(request):
        message = f"「{one.file_name}」是送出時附的佐證資料，退回補正後才能移除。"
        raise WorkflowError(message, Refusal.EVIDENCE_NOT_WRITABLE)
    if current.sent_at is None:
        stored_name = current.stored_name
        current.delete()
        # Only then: where the transaction is rolled back, the row still names its file.
        transaction.on_commit(lambda: discard(stored_name))
        return
    current.removed_by = by
    current.removed_at = at
    history.save(current, by=by, at=at, door=door)
