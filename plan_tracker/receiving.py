"""Files on their way in, where the disk may be full."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from plan_tracker.room import is_without_room


class PatientTemporaryFiles(TemporaryFileUploadHandler):
    """Django's own, but a file for which there is no room is left out, and the form is read on.

    Django would give the whole request up, and with it what somebody has written. A view asks
    `disk_was_full(request)`.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._skip(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._skip(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        try:
            return super().file_complete(file_size)
        except OSError as error:
            # What was buffered is written only now.
            self._note(error)
            return None

    def _skip(self, error: OSError) -> None:
        self._note(error)
        raise SkipFile from error

    def _note(self, error: OSError) -> None:
        if not is_without_room(error) or self.request is None:
            raise error
        self.request.META[_WAS_FULL] = True


_WAS_FULL = "plan_tracker.disk_was_full"


def disk_was_full(request: HttpRequest) -> bool:
    """Whether a file of this request was left out, once its form has been read."""
    return bool(request.META.get(_WAS_FULL))
