"""A file of a flat table against the database: what an import would do, or did."""

import hashlib
import logging
from collections.abc import Iterator, Sized
from dataclasses import dataclass
from typing import NamedTuple

from django.db import IntegrityError
from import_export.results import Result

from items.admin.formats import Uploaded, UploadedDataset
from items.admin.resources import OfficeResource
from items.admin.resources.base import PreviewRow
from items.exchange.reading import read_apart
from items.exchange.spreadsheets.limits import MAX_FILE_BYTES
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.models import User

log = logging.getLogger("security")
FLAT_TABLE_BYTES = MAX_FILE_BYTES
"""How large the file of a flat table may be, for the page and for the reader."""
FLAT_TABLE_ROWS = 5_000
"""And how many rows it may have: comparing them takes some seconds."""
SHOWN = 100
"""How many rows of each kind the page shows."""


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

    # The page shows the first of each kind: 5,000 rows would make it one of megabytes.

    @property
    def errors_shown(self) -> tuple[TableError, ...]:
        return self.errors[:SHOWN]

    @property
    def new_shown(self) -> tuple[PreviewRow, ...]:
        return self.new[:SHOWN]

    @property
    def changed_shown(self) -> tuple[PreviewRow, ...]:
        return self.changed[:SHOWN]

    @property
    def errors_cut(self) -> str:
        return _cut_words(self.errors, "處")

    @property
    def new_cut(self) -> str:
        return _cut_words(self.new, "筆")

    @property
    def changed_cut(self) -> str:
        return _cut_words(self.changed, "筆")

    def fingerprint(self) -> str:
        """A fingerprint of what was shown: if it differs later, the data have changed since."""
        shown = repr((self.errors, self.new, self.changed, self.unchanged))
        return hashlib.sha256(shown.encode()).hexdigest()


def _cut_words(lines: Sized, measure: str) -> str:
    """Below a list of which the page shows the first; "" where it shows all."""
    if len(lines) <= SHOWN:
        return ""
    return f"這裡列出前 {SHOWN} {measure}，共 {len(lines):,} {measure}。"


def read(table: OfficeResource, name: str, content: bytes, *, by: User) -> UploadedDataset:
    """The rows of the file; what cannot be read at all is `Refused`."""
    # Our own reader: import-export hangs or loses rows on odd files, see `formats`.
    return read_apart(rows_of, content, name, table.headings(), table.required(), by=by)


def rows_of(content: bytes, name: str, headings: list[str], required: list[str]) -> UploadedDataset:
    """The rows below the headings, without asking the database."""
    file = Uploaded(headings, required, name, most_bytes=FLAT_TABLE_BYTES)
    dataset = file.create_dataset(content)
    if len(dataset) > FLAT_TABLE_ROWS:
        raise Refused(
            f"檔案有 {len(dataset):,} 列資料，超過 {FLAT_TABLE_ROWS:,} 列的上限，"
            "請分成幾個檔案後再上傳。",
            RefusalReason.TOO_LARGE,
        )
    return dataset


def run(table: OfficeResource, dataset: UploadedDataset, *, dry_run: bool) -> TablePreview:
    """Hand the rows to the table; without `dry_run` everything is written, or nothing."""
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

    An unforeseen error is named without its words, which are for the log.
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
