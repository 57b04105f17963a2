"""Files between preview and confirm: kept on the server, for one person, one programme and one hour."""

import hashlib
import secrets
from datetime import timedelta

from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, StopUpload

from items.exchange.spreadsheets.limits import MAX_FILE_BYTES
from items.models import Upload

LIFETIME = timedelta(hours=1)
KEPT = 3
"""How many files of one person wait at once: one per tab, as people work, and no more than can be stored."""
TOO_LARGE = "檔案超過 10 MB 的上限，請刪除圖片與無關的工作表後再上傳。"
FORM_ROOM = 64 * 1024
"""What the form takes beside the file."""


class InMemory(MemoryFileUploadHandler):
    """Never a temporary file: that would stay behind where the server is killed, and 10 MB fit into memory."""

    def handle_raw_input(self, *args, **kwargs):
        super().handle_raw_input(*args, **kwargs)
        self.activated = True


class SizeLimit(FileUploadHandler):
    """Stops keeping a file as soon as it is too large; `request.file_is_too_large` says so to the view."""

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > MAX_FILE_BYTES:
            self.request.file_is_too_large = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size):
        return None


def is_too_large(request):
    """Whether the request says so of itself; else the limit stands before its first byte is read."""
    request.file_is_too_large = False
    request.upload_handlers = [SizeLimit(request), InMemory(request)]
    return int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE_BYTES + FORM_ROOM


def keep(programme, name, content, sheet="", seen="", *, by, at, table=""):
    """Keep a file whose preview is about to be shown; all but the person's last ones, and everybody's old ones go.

    `table` says what kind of file it is: the official table, or a 填報表 of one period.
    """
    Upload.objects.filter(at__lte=at - LIFETIME).delete()
    own = Upload.objects.filter(programme=programme, by=by, table=table).order_by("-at", "-pk")
    Upload.objects.filter(pk__in=list(own.values_list("pk", flat=True)[KEPT - 1 :])).delete()
    return Upload.objects.create(
        programme=programme,
        by=by,
        at=at,
        reference=secrets.token_urlsafe(32),
        file_name=name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        table=table,
        sheet=sheet,
        seen=seen,
    )


def waiting(programme, reference, *, by, at, table=""):
    """The upload of this reference, or None: somebody else's, another programme's, used up or too old."""
    upload = Upload.objects.filter(
        programme=programme, reference=reference, by=by, at__gt=at - LIFETIME, table=table
    ).first()
    if upload and hashlib.sha256(bytes(upload.content)).hexdigest() == upload.sha256:
        return upload
    return None


def use_up(upload):
    """Whether it was still there: a reference is good for one confirmation, however often the button is pressed."""
    used, _ = Upload.objects.filter(pk=upload.pk).delete()
    return used == 1
