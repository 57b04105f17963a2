"""The one door for files: form, size limit and answers of the plan, the 填報表 and the flat tables.

What a view does with its file differs; how a file comes in does not. `items.exchange.uploads` keeps
it afterwards.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, NamedTuple, TypeVar

from django import forms
from django.core.files.uploadhandler import (
    FileUploadHandler,
    MemoryFileUploadHandler,
    StopUpload,
)
from django.http import HttpResponseBase
from django.views.decorators.csrf import csrf_protect

from items.exchange.spreadsheets.limits import MAX_FILE_BYTES, MEGABYTE
from items.requests import OfficeRequest

FORM_ROOM = 64 * 1024
"""What the form takes beside the file, in bytes."""

View = Callable[..., HttpResponseBase]


def too_large(most_bytes: int) -> str:
    """The sentence for a file that is larger than so many bytes."""
    return f"檔案超過 {most_bytes // MEGABYTE} MB 的上限，請刪除圖片與無關的工作表後再上傳。"


class SentFile(NamedTuple):
    """A file as it was sent; `name` is what its sender calls it."""

    name: str
    content: bytes


class UploadForm(forms.Form):
    """One file. A subclass says which kinds it takes and how large it may be.

    The script of the page warns of a file that is too large before it is sent: the server would cut
    it off after minutes of sending.
    """

    label: ClassVar[str] = "檔案"
    accept: ClassVar[str] = ".xlsx,.ods,.csv,.tsv"
    most_bytes: ClassVar[int] = MAX_FILE_BYTES
    hint: ClassVar[str] = ""
    """What the page says about the file, with the limit in place of {megabytes}."""
    hint_id: ClassVar[str] = ""
    """The id that the hint has on the page, for screen readers; "" leaves it to Django."""

    file = forms.FileField(
        max_length=255,
        widget=forms.FileInput(),
        error_messages={
            "required": "請選擇要匯入的檔案。",
            "empty": "這個檔案是空的，請確認選對了檔案。",
            "max_length": "檔名太長（最多 255 個字），請縮短後再上傳。",
            "invalid": "沒有收到檔案，請重新選擇。",
        },
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        # Fields are copied for each form, so these are not set for other forms too.
        field = self.fields["file"]
        field.label = self.label
        field.help_text = self.hint.format(megabytes=self.most_bytes // MEGABYTE)
        attributes = field.widget.attrs
        attributes["accept"] = self.accept
        attributes["data-largest"] = self.most_bytes
        attributes["data-too-large"] = too_large(self.most_bytes)
        if self.hint_id:
            attributes["aria-describedby"] = self.hint_id

    def sent_file(self) -> SentFile:
        """The file of a form that is valid."""
        file = self.cleaned_data["file"]
        return SentFile(file.name, file.read())


class InMemory(MemoryFileUploadHandler):
    """Never a temporary file: it would stay where the server is killed, and 10 MB fit in memory."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)
        # Django's handler turns itself off above FILE_UPLOAD_MAX_MEMORY_SIZE and leaves the file to
        # the disk.
        self.activated = True


class SizeLimit(FileUploadHandler):
    """Stops keeping a file that is too large; `request.file_is_too_large` tells the view."""

    def __init__(self, request: OfficeRequest, most_bytes: int) -> None:
        super().__init__(request)
        self.office_request = request
        self.most_bytes = most_bytes

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        received = start + len(raw_data)
        if received > self.most_bytes:
            self.office_request.file_is_too_large = True
            # The rest is read and thrown away: a browser whose sending is cut off shows no answer.
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def limited(form_class: type[UploadForm]) -> Callable[[View], View]:
    """Decorate what reads the form: first the limit stands, then the token is checked.

    Django's own check of the token reads the form, and with it the file, before any view runs. So
    the view at the address is `csrf_exempt`, decides whether the person may be there at all, and
    calls what is decorated with this.
    """

    def decorate(view: View) -> View:
        with_token = csrf_protect(view)

        @wraps(view)
        def take(request: OfficeRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # A proxy that sends on in chunks says no length: `SizeLimit` counts what comes.
            length = int(request.META.get("CONTENT_LENGTH") or 0)
            request.file_is_too_large = length > form_class.most_bytes + FORM_ROOM
            size_limit = SizeLimit(request, form_class.most_bytes)
            request.upload_handlers = [size_limit, InMemory(request)]
            if request.file_is_too_large:
                # Not read at all, not even for its token: `received_form` gives back a refusal.
                return view(request, *args, **kwargs)
            return with_token(request, *args, **kwargs)

        return take

    return decorate


SomeForm = TypeVar("SomeForm", bound=UploadForm)


def received_form(request: OfficeRequest, form_class: type[SomeForm]) -> SomeForm:
    """The form as it was sent, or an empty one for a GET, or the refusal of a large file."""
    if request.method != "POST":
        return form_class()
    if not request.file_is_too_large:
        form = form_class(request.POST, request.FILES)
        # The line above has read the file. Only now is it known whether it kept within the limit.
        if not request.file_is_too_large:
            return form
    # Without data every field would say that it is required: only the size is to be said.
    refusal = form_class({}, {})
    refusal.errors.clear()
    refusal.add_error("file", too_large(form_class.most_bytes))
    return refusal


def upload_status(request: OfficeRequest) -> int:
    """The status of the page that shows a form again: 413 after a file that was too large."""
    if request.file_is_too_large:
        return 413
    return 200
