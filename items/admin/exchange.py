"""Import and export of the flat tables in the back office: django-import-export with its known faults closed.

import-export brings the declared columns, the row by row comparison, permissions and the addresses. Ours are the two
steps of the import: the file waits in the database under a reference of the person who uploaded it, never under a name
that comes back from the browser, and one wrong row at the confirmation means that nothing is written.
"""

import hashlib
import logging
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from import_export.admin import ExportMixin, ImportExportMixin

from items.admin.formats import Csv, Uploaded, Xlsx
from items.exchange import uploads
from items.exchange.spreadsheets.limits import MAX_FILE_BYTES
from items.exchange.spreadsheets.refused import Refused
from items.models import Change, ChangeKind, Door, Programme, Upload
from items.roc import roc_year

FORMATS = {"xlsx": Xlsx, "csv": Csv}
REFERENCE = "reference"
log = logging.getLogger("security")


class UploadForm(forms.Form):
    """The file; where the table belongs to a year, the year, so that no other year's rows can be meant."""

    programme = forms.ModelChoiceField(Programme.objects.all(), label="年度計畫", empty_label=None)
    file = forms.FileField(
        label="檔案",
        help_text="xlsx、ods、csv 或 tsv，最大 10 MB。內容先預覽，按下確認才會寫入。",
        error_messages={"required": "請選擇檔案。", "empty": "這個檔案是空的，請確認選對了檔案。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.tsv"}),
    )

    def __init__(self, *args, with_programme, **kwargs):
        super().__init__(*args, **kwargs)
        if not with_programme:
            del self.fields["programme"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(uploads.TOO_LARGE)
        return file


@dataclass(frozen=True)
class Preview:
    """What an import would do; `errors` is [(row number, heading, sentence)], complete and in order."""

    notes: tuple
    errors: tuple
    new: tuple
    changed: tuple
    unchanged: int

    @property
    def writes(self):
        return len(self.new) + len(self.changed)

    def fingerprint(self):
        """What the person was shown: where it differs at the confirmation, the data have changed since."""
        return hashlib.sha256(
            repr((self.errors, self.new, self.changed, self.unchanged)).encode()
        ).hexdigest()

    @property
    def can_confirm(self):
        return bool(self.writes) and not self.errors


def read(table, upload):
    """The rows of the file; what cannot be read at all is `Refused`."""
    return Uploaded(table.headings(), table.required(), upload.file_name).create_dataset(
        bytes(upload.content)
    )


def run(table, upload, *, dry_run):
    """Read the file and hand it to the resource: a Preview, and with `dry_run` off everything or nothing written."""
    dataset = read(table, upload)
    result = table.import_data(
        dataset, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True
    )
    return Preview(
        notes=tuple(dataset.notes),
        errors=tuple(errors_of(table, result)),
        new=tuple(line for line in table.lines if line.kind == "new"),
        changed=tuple(line for line in table.lines if line.kind == "update"),
        unchanged=table.counts()["skip"],
    )


def errors_of(table, result):
    """Every error of every row in our words; of an unforeseen one only that it happened, since its words are inside."""
    for row in result.invalid_rows:
        for attribute, sentences in row.field_specific_errors.items():
            for sentence in sentences:
                yield table.number(row.number), table.label_of(attribute), sentence
        for sentence in row.non_field_specific_errors:
            yield table.number(row.number), "", sentence
    for row in result.error_rows:
        log.error("table import failed in row %s", row.number, exc_info=row.errors[0].error)
        yield table.number(row.number), "", "這一列無法處理，請洽系統維護人員。"
    for error in result.base_errors:
        if isinstance(error.error, IntegrityError):
            yield None, "", "資料庫裡的資料剛才有異動，與檔案衝突，請重新上傳。"
        else:
            log.error("table import failed", exc_info=error.error)
            yield None, "", "匯入時發生錯誤，請洽系統維護人員。"


class ExportTable(ExportMixin):
    """匯出 of what the list shows, filtered and searched as it is."""

    table = None
    import_export_change_list_template = "admin/table_change_list.html"

    def has_export_permission(self, request):
        return super().has_export_permission(request) and request.user.is_admin

    def get_urls(self):
        name = "{}_{}_export_as".format(*self.get_model_info())
        own = path(
            "export.<str:extension>", self.admin_site.admin_view(self.export_action), name=name
        )
        return [own, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        opts = self.opts
        exports = [
            (
                extension,
                reverse(f"admin:{opts.app_label}_{opts.model_name}_export_as", args=[extension]),
            )
            for extension in FORMATS
        ]
        return super().changelist_view(
            request, (extra_context or {}) | {"exports": exports, "has_import_permission": False}
        )

    @method_decorator(require_safe)
    def export_action(self, request, extension="xlsx"):
        if not self.has_export_permission(request):
            raise PermissionDenied
        if extension not in FORMATS:
            raise Http404
        try:
            queryset = self.get_export_queryset(request)
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        dataset = self.table(by=request.user, at=request.now).export(queryset=queryset)
        dataset.title = self.table.get_display_name()
        file_format = FORMATS[extension]()
        response = HttpResponse(
            file_format.export_data(dataset), content_type=file_format.get_content_type()
        )
        day = f"{roc_year(request.today)}{request.today:%m%d}"
        file_name = f"{dataset.title}-{day}.{extension}"
        response["Content-Disposition"] = content_disposition_header(True, file_name)
        log.info(
            "export %s by %s: %s rows", self.opts.model_name, request.user.username, len(dataset)
        )
        return response


class ExchangeTable(ExportTable, ImportExportMixin):
    """匯入 as well: upload, preview, confirm."""

    def has_import_permission(self, request):
        return super().has_import_permission(request) and request.user.is_admin

    def table_for(self, request, programme):
        return self.table(by=request.user, at=request.now, programme=programme)

    def waiting(self, request):
        """This person's file for this table, while it is fresh."""
        return Upload.objects.filter(
            by=request.user,
            table=self.opts.model_name,
            at__gt=request.now - uploads.LIFETIME,
            at__lte=request.now,
        )

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def import_action(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST" and REFERENCE in request.GET:
            return self.preview(request, request.GET[REFERENCE])
        form = UploadForm(
            request.POST or None, request.FILES or None, with_programme=self.table.with_programme
        )
        if request.method == "POST" and form.is_valid():
            upload = self.keep(request, form.cleaned_data)
            try:
                read(self.table(), upload)
            except Refused as refused:
                form.add_error("file", f"「{upload.file_name}」不能匯入。{refused.message}")
                upload.delete()
            else:
                query = urlencode({REFERENCE: upload.reference})
                return redirect(f"{reverse(self.address('import'))}?{query}")
        return self.import_page(request, {"form": form})

    def preview(self, request, reference):
        """At an address of its own: it can be reloaded, gone back to, and come back to after signing in again."""
        upload = self.waiting(request).filter(reference=reference.replace("\0", "")).first()
        if upload is None:
            return self.gone(request)
        return self.preview_page(
            request, upload, run(self.table_for(request, upload.programme), upload, dry_run=True)
        )

    def gone(self, request):
        messages.error(request, "這次匯入已經完成或超過一小時，請重新上傳檔案。")
        return redirect(self.address("import"))

    def keep(self, request, chosen):
        """The file in the database, as those of the official table are kept."""
        file = chosen["file"]
        who = {"by": request.user, "at": request.now}
        return uploads.keep(
            chosen.get("programme"), file.name, file.read(), table=self.opts.model_name, **who
        )

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        """Confirm: the reference alone says which file, and it is used up in the transaction that writes."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            found = self.waiting(request).filter(
                reference=request.POST.get("reference", "").replace("\0", "")
            )
            upload = found.select_for_update(of=["self"]).first()
            if upload is None:
                return self.gone(request)
            preview = run(self.table_for(request, upload.programme), upload, dry_run=False)
            is_as_seen = preview.fingerprint() == upload.seen
            if preview.errors or not is_as_seen:
                transaction.set_rollback(True)
            else:
                Upload.objects.filter(pk=upload.pk).delete()
        if preview.errors:
            return self.preview_page(request, upload, preview, "匯入沒有完成，什麼都沒有寫入。")
        if not is_as_seen:
            words = "預覽之後資料有異動，以下是重新比對的結果，還沒有寫入。"
            return self.preview_page(request, upload, preview, words)
        return self.done(request, upload)

    def done(self, request, upload):
        """The numbers are read from the database, not from what the import believes to have done."""
        written = Change.objects.filter(
            by=request.user, at=request.now, door=Door.IMPORT, model=self.opts.model_name
        )
        kinds = list(written.order_by().values_list("kind", flat=True))
        new, changed = kinds.count(ChangeKind.CREATED), kinds.count(ChangeKind.CHANGED)
        words = f"匯入完成：「{upload.file_name}」新增 {new} 筆、修改 {changed} 筆{self.table._meta.name}。"
        messages.success(request, words + (self.table.still_to_do if new else ""))
        log.info("import %s by %s: %s", self.opts.model_name, request.user.username, upload.sha256)
        return redirect(self.address("changelist"))

    def address(self, name):
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"

    def preview_page(self, request, upload, preview, words=""):
        # Not `save`: the upload may be gone since, which is said when it is confirmed.
        Upload.objects.filter(pk=upload.pk).update(seen=preview.fingerprint())
        return self.import_page(request, {"upload": upload, "preview": preview, "words": words})

    def import_page(self, request, context):
        table = self.table()
        context = {
            **self.admin_site.each_context(request),
            "title": f"匯入{table._meta.name}",
            "subtitle": None,
            "opts": self.opts,
            "headings": table.headings(),
            "required": table.required(),
            "form": None,
            "preview": None,
            "still_to_do": table.still_to_do,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/table_import.html", context)
