"""Import and export of the flat tables, by django-import-export with its known faults closed.

import-export brings the declared columns, the row by row comparison, permissions and the addresses.
Ours are the two steps of the import: the file waits in the database under a reference of the person
who uploaded it, never under a name that comes back from the browser, and one wrong row at the
confirmation means that nothing is written.
"""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from import_export.admin import ExportMixin, ImportExportMixin
from tablib import Dataset

from items.admin.flat_table_comparison import FLAT_TABLE_BYTES, TablePreview, read, run
from items.admin.formats import Csv, UploadedDataset, Xlsx
from items.admin.resources import OfficeResource
from items.downloading import download
from items.exchange import uploads
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.write import WrittenFile
from items.models import Change, ChangeKind, Door, Programme, Upload
from items.requests import WAY_BACK, OfficeRequest, way_back
from items.roc import roc_year
from items.uploading import UploadForm, limited, received_form, upload_status
from plan_tracker.security_log import SecurityEvent, note

FORMATS: dict[str, type[Xlsx] | type[Csv]] = {"xlsx": Xlsx, "csv": Csv}
REFERENCE = "reference"
SEEN = "seen"
"""The fingerprint of the preview, in the form below it: what a page shows is what it agrees to."""


class TableUploadForm(UploadForm):
    """The file of a flat table that belongs to no year."""

    most_bytes = FLAT_TABLE_BYTES
    hint = "xlsx、ods、csv 或 tsv，最大 {megabytes} MB。內容先預覽，按下確認才會寫入。"


class YearTableUploadForm(TableUploadForm):
    """The file and its year, so that no other year's rows can be meant."""

    programme = forms.ModelChoiceField(Programme.objects.all(), label="年度計畫", empty_label=None)
    field_order = ["programme", "file"]


class ExportTable(ExportMixin):
    """匯出 of what the list shows, filtered and searched as it is."""

    table: type[OfficeResource]
    import_export_change_list_template = "admin/table_change_list.html"

    def has_export_permission(self, request: OfficeRequest) -> bool:
        return super().has_export_permission(request) and request.user.is_admin

    def get_urls(self) -> list[URLPattern]:
        export_as = path(
            "export.<str:extension>",
            self.admin_site.admin_view(self.export_action),
            name=self.url_name("export_as"),
        )
        return [export_as, *super().get_urls()]

    def url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def address(self, page: str) -> str:
        return f"admin:{self.url_name(page)}"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # The template shows one link for each format; import-export's own page would ask first.
        exports = [
            (extension, reverse(self.address("export_as"), args=[extension]))
            for extension in FORMATS
        ]
        context = {**(extra_context or {}), "exports": exports, "has_import_permission": False}
        return super().changelist_view(request, context)

    @method_decorator(require_safe)
    def export_action(self, request: OfficeRequest, extension: str = "xlsx") -> HttpResponse:
        if not self.has_export_permission(request):
            raise PermissionDenied
        if extension not in FORMATS:
            raise Http404
        try:
            queryset = self.get_export_queryset(request)
        except IncorrectLookupParameters:
            # Somebody typed a filter into the address. The list without it helps more than an
            # error.
            return redirect(self.address("changelist"))
        dataset = self.table(by=request.user, at=request.now).export(queryset=queryset)
        dataset.title = self.table.get_display_name()
        file_format = FORMATS[extension]()
        day = f"{roc_year(request.today)}{request.today:%m%d}"
        file = WrittenFile(
            name=f"{dataset.title}-{day}.{extension}",
            content=file_format.export_data(dataset),
            content_type=file_format.get_content_type(),
        )
        return download(file)


class ExchangeTable(ExportTable, ImportExportMixin):
    """匯入 as well: upload, preview, confirm."""

    def has_import_permission(self, request: OfficeRequest) -> bool:
        return super().has_import_permission(request) and request.user.is_admin

    def get_urls(self) -> list[URLPattern]:
        template = path(
            "template.<str:extension>",
            self.admin_site.admin_view(self.template),
            name=self.url_name("template"),
        )
        return [template, *super().get_urls()]

    @method_decorator(require_safe)
    def template(self, request: OfficeRequest, extension: str) -> HttpResponse:
        """A file with the headings alone, to be filled in; the examples stand on the page."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if extension not in FORMATS:
            raise Http404
        table = self.table()
        file_format = FORMATS[extension]()
        empty = Dataset(headers=table.headings(), title=table.get_display_name())
        file = WrittenFile(
            name=f"{empty.title}-空白.{extension}",
            content=file_format.export_data(empty),
            content_type=file_format.get_content_type(),
        )
        return download(file)

    def waiting(self, request: OfficeRequest, reference: str) -> Upload | None:
        """This person's file for this table, while it is fresh."""
        return uploads.waiting(
            reference, table=self.opts.model_name, by=request.user, at=request.now
        )

    # `take_upload` checks the token, once the size limit stands.
    @method_decorator([csrf_exempt, require_http_methods(["GET", "HEAD", "POST"])])
    def import_action(self, request: OfficeRequest, **kwargs: Any) -> HttpResponseBase:
        if not self.has_import_permission(request):
            raise PermissionDenied
        # The preview has the address of the form: import-export names no other for it.
        if request.method != "POST" and REFERENCE in request.GET:
            return self.preview(request, request.GET[REFERENCE])
        return self.take_upload(request)

    @method_decorator(limited(TableUploadForm))
    def take_upload(self, request: OfficeRequest) -> HttpResponse:
        form_class = TableUploadForm
        if self.table.with_programme:
            form_class = YearTableUploadForm
        form = received_form(request, form_class)
        if not form.is_valid():
            return self.show_form(request, form)
        name, content = form.sent_file()
        try:
            read(self.table(), name, content, by=request.user)
        except Refused as refusal:
            form.add_error("file", f"「{name}」不能匯入。{refusal.message}")
            return self.show_form(request, form)
        upload = uploads.keep(
            name,
            content,
            programme=form.cleaned_data.get("programme"),
            table=self.opts.model_name,
            by=request.user,
            at=request.now,
        )
        values = {REFERENCE: upload.reference}
        if way_back(request):
            values[WAY_BACK] = way_back(request)
        query = urlencode(values)
        return redirect(f"{reverse(self.address('import'))}?{query}")

    def show_form(self, request: OfficeRequest, form: forms.Form) -> TemplateResponse:
        return self.import_page(request, {"form": form}, status=upload_status(request))

    def preview(self, request: OfficeRequest, reference: str) -> HttpResponse:
        """It has an address of its own, so that people can reload it and come back to it."""
        upload = self.waiting(request, reference)
        if upload is None:
            return self.gone(request)
        try:
            rows = self.rows_in(request, upload)
        except Refused as refusal:
            return self.not_read(request, upload, refusal)
        preview = run(self.table_for(request, upload), rows, dry_run=True)
        return self.preview_page(request, upload, preview)

    def table_for(self, request: OfficeRequest, upload: Upload) -> OfficeResource:
        return self.table(by=request.user, at=request.now, programme=upload.programme)

    def rows_in(self, request: OfficeRequest, upload: Upload) -> UploadedDataset:
        """The rows of a file that waits. Raises `Refused`."""
        return read(self.table(), upload.file_name, bytes(upload.content), by=request.user)

    def not_read(self, request: OfficeRequest, upload: Upload, refusal: Refused) -> HttpResponse:
        """The answer where a file that waits cannot be read now: others are being read."""
        messages.error(request, f"「{upload.file_name}」還不能讀取。{refusal.message}")
        return redirect(self.address("import"))

    def gone(self, request: OfficeRequest) -> HttpResponse:
        messages.error(request, "這次匯入已經完成或超過一小時，請重新上傳檔案。")
        return redirect(self.address("import"))

    @method_decorator(require_POST)
    def process_import(self, request: OfficeRequest, **kwargs: Any) -> HttpResponse:
        """Confirm. The reference alone says which file; the transaction that writes uses it up."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        upload = self.waiting(request, request.POST.get(REFERENCE, ""))
        if upload is None:
            return self.gone(request)
        try:
            # Before the transaction, which keeps everybody else from writing.
            rows = self.rows_in(request, upload)
        except Refused as refusal:
            return self.not_read(request, upload, refusal)
        with transaction.atomic():
            # After a double press the second request waits here until the first is done.
            if not uploads.use_up(upload):
                return self.gone(request)
            preview = run(self.table_for(request, upload), rows, dry_run=False)
            is_as_seen = preview.fingerprint() == request.POST.get(SEEN, "")
            if preview.errors or not is_as_seen:
                # The file is not used up either: it waits for another look.
                transaction.set_rollback(True)
        if preview.errors:
            words = "匯入沒有完成，什麼都沒有寫入。"
            return self.preview_page(request, upload, preview, words=words)
        if not is_as_seen:
            words = "預覽之後資料有異動，以下是重新比對的結果，還沒有寫入。"
            return self.preview_page(request, upload, preview, words=words)
        return self.done(request, upload)

    def done(self, request: OfficeRequest, upload: Upload) -> HttpResponse:
        """The numbers are those of the history, not those that the import counted."""
        # Everything of this import has the time of this request.
        entries = Change.objects.filter(
            by=request.user, at=request.now, door=Door.IMPORT, model=self.opts.model_name
        )
        new = entries.filter(kind=ChangeKind.CREATED).count()
        changed = entries.filter(kind=ChangeKind.CHANGED).count()
        name = self.table.get_display_name()
        words = f"匯入完成：「{upload.file_name}」新增 {new:,} 筆、修改 {changed:,} 筆{name}。"
        if new:
            words += self.table.still_to_do
        messages.success(request, words)
        note(
            SecurityEvent.IMPORT, name, words=f"{upload.file_name} {upload.sha256}", request=request
        )
        return redirect(way_back(request) or self.address("changelist"))

    def preview_page(
        self, request: OfficeRequest, upload: Upload, preview: TablePreview, words: str = ""
    ) -> TemplateResponse:
        return self.import_page(request, {"upload": upload, "preview": preview, "words": words})

    def import_page(
        self, request: OfficeRequest, context: dict[str, Any], status: int = 200
    ) -> TemplateResponse:
        table = self.table()
        whole_context = {
            **self.admin_site.each_context(request),
            "title": f"匯入{table.get_display_name()}",
            "subtitle": None,
            "opts": self.opts,
            "headings": table.headings(),
            "required": table.required(),
            "examples": table.examples,
            "writing_hints": table.writing_hints,
            "template_address": reverse(self.address("template"), args=["xlsx"]),
            "form": None,
            "preview": None,
            "still_to_do": table.still_to_do,
            "preserved_filters": self.get_preserved_filters(request),
            **context,
        }
        # Tells the admin's own template tags which site their links are of.
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/table_import.html", whole_context, status=status)
