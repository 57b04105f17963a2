"""A file of a flat table against the database: what an import would do, or did."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db import IntegrityError
from import_export.results import Result
from tablib import Dataset

from items.admin.formats import Uploaded
from items.admin.resources import OfficeResource
from items.admin.resources.base import PreviewRow
from items.exchange.spreadsheets.limits import MAX_FILE_BYTES
from items.models import Upload

log = logging.getLogger("security")
FLAT_TABLE_BYTES = MAX_FILE_BYTES
"""How large the file of a flat table may be, for the page and for the reader."""


class TableError(NamedTuple):
    """An error and its place; `number` is the row as a person sees it, None for the whole file."""

    number: int | None
    heading: str
    sentence: str

    @property
    def place(self) -> str:
        if self.number is None:
            return "整份檔案"
        return f"第 {self.number} 列"


@dataclass(frozen=True)
class TablePreview:
    """What an import would do; `errors` are complete, `unchanged` is a number of rows."""

    notes: tuple[str, ...]
    errors: tuple[TableError, ...]
    new: tuple[PreviewRow, ...]
    changed: tuple[PreviewRow, ...]
    unchanged: int

    @property
    def can_confirm(self) -> bool:
        does_something = bool(self.new or self.changed)
        return does_something and not self.errors

    def fingerprint(self) -> str:
        """A fingerprint of what was shown: if it differs later, the data have changed since."""
        shown = repr((self.errors, self.new, self.changed, self.unchanged))
        return hashlib.sha256(shown.encode()).hexdigest()


def read(table: OfficeResource, name: str, content: bytes) -> Dataset:
    """The rows of the file; what cannot be read at all is `Refused`."""
    file = Uploaded(table.headings(), table.required(), name, most_bytes=FLAT_TABLE_BYTES)
    return file.create_dataset(content)


def run(table: OfficeResource, upload: Upload, *, dry_run: bool) -> TablePreview:
    """Hand the file to the table; without `dry_run` everything is written, or nothing."""
    # Not by import-export, which hangs or loses rows on odd files: see `formats`.
    dataset = read(table, upload.file_name, bytes(upload.content))
    result = table.import_data(
        dataset, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True
    )
    new_rows = tuple(line for line in table.lines if line.kind == "new")
    changed_rows = tuple(line for line in table.lines if line.kind == "update")
    return TablePreview(
        notes=tuple(dataset.notes),
        errors=tuple(errors_of(table, result)),
        new=new_rows,
        changed=changed_rows,
        unchanged=table.counts()["skip"],
    )


def errors_of(table: OfficeResource, result: Result) -> Iterator[TableError]:
    """Every error of every row in our words.

    Of an error that nobody foresaw only that it happened, since its own words are for the log.
    """
    for row in result.invalid_rows:
        number = table.number(row.number)
        for attribute, sentences in row.field_specific_errors.items():
            for sentence in sentences:
                yield TableError(number, table.label_of(attribute), sentence)
        for sentence in row.non_field_specific_errors:
            yield TableError(number, "", sentence)
    # Nobody foresaw these: the person is told that, and the log keeps what happened.
    for row in result.error_rows:
        log.error("table import failed in row %s", row.number, exc_info=row.errors[0].error)
        yield TableError(table.number(row.number), "", "這一列無法處理，請洽系統維護人員。")
    for error in result.base_errors:
        if isinstance(error.error, IntegrityError):
            # Somebody else wrote between our look and our writing.
            words = "資料庫裡的資料剛才有異動，與檔案衝突，請重新上傳。"
        else:
            log.error("table import failed", exc_info=error.error)
            words = "匯入時發生錯誤，請洽系統維護人員。"
        yield TableError(None, "", words)
