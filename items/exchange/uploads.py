"""Files between preview and confirm: kept on the server, for one person, one programme and one hour."""

import hashlib
import secrets
from datetime import timedelta

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from items.exchange.sheet import MAX_FILE_BYTES
from items.models import Upload

LIFETIME = timedelta(hours=1)


class SizeLimit(FileUploadHandler):
    """Stops keeping a file as soon as it is too large; `request.file_is_too_large` says so to the view."""

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > MAX_FILE_BYTES:
            self.request.file_is_too_large = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size):
        return None


def keep(programme, name, content, sheet, seen, *, by, at):
    """Keep a file whose preview is about to be shown; the person's earlier ones and everybody's old ones go."""
    mine = Upload.objects.filter(programme=programme, by=by, table="")
    mine.delete()
    Upload.objects.filter(table="", at__lte=at - LIFETIME).delete()
    return Upload.objects.create(
        programme=programme,
        by=by,
        at=at,
        reference=secrets.token_urlsafe(32),
        file_name=name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        sheet=sheet,
        seen=seen,
    )


def waiting(programme, reference, *, by, at):
    """The upload of this reference, or None: somebody else's, another programme's, used up or too old."""
    upload = Upload.objects.filter(
        programme=programme, reference=reference, by=by, at__gt=at - LIFETIME, table=""
    ).first()
    if upload and hashlib.sha256(bytes(upload.content)).hexdigest() == upload.sha256:
        return upload
    return None


def use_up(upload):
    """Whether it was still there: a reference is good for one confirmation, however often the button is pressed."""
    used, _ = Upload.objects.filter(pk=upload.pk).delete()
    return used == 1
