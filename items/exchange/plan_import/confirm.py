"""The official table into the database: `compare` shows what would happen, `confirm` does it.

It is done whole or not at all.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import DatabaseError, transaction

from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.memory import collect_circles, give_memory_back
from items.exchange.plan_import.apply import carry_out
from items.exchange.plan_import.changes import RemovedAssignment
from items.exchange.plan_import.compare import compare
from items.exchange.plan_import.plan_now import WHOLE_ASSIGNMENT, assignments_in_use
from items.exchange.plan_import.preview import ImportPreview
from items.exchange.plan_import.table_statistics import count_anew_after
from items.exchange.plan_import.undo_record import Values
from items.exchange.plan_table.rows import PlanTable
from items.models import Assignment, Door, ImportBatch, Programme, User
from items.workflow.bulk_insert import BATCH
from items.workflow.errors import WorkflowError
from plan_tracker.security_log import SecurityEvent, note_once_written

__all__ = ["NotImported", "NotImportedReason", "Source", "compare", "confirm", "take_turn"]

MANY_ROWS = 2000
"""To compare fewer than these leaves 3 MB free at the most, which the next page uses up again."""


@dataclass(frozen=True, slots=True)
class Source:
    """The very file, and the sheet of it that was taken."""

    name: str
    content: bytes
    sheet: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class NotImportedReason(StrEnum):
    """Why nothing was written, for code that has to decide; people read the sentence."""

    PLAN_CHANGED = "plan changed"
    ROW_ERRORS = "row errors"
    REPORTED_MEANWHILE = "reported meanwhile"
    BUSY = "busy"


SENTENCES = {
    NotImportedReason.PLAN_CHANGED: "計畫在預覽之後有異動，以下是重新比對的結果，請再看一次。",
    NotImportedReason.ROW_ERRORS: "檔案裡有錯誤，沒有匯入任何資料。",
    NotImportedReason.REPORTED_MEANWHILE: (
        "剛才有人填報了這次要移除的分辦，沒有匯入任何資料；請再看一次預覽。"
    ),
    NotImportedReason.BUSY: "另一個匯入或復原正在進行，請等它完成後再試一次。",
}


class NotImported(WorkflowError):
    """Nothing was written; `preview`, where there is one, is how file and plan compare now."""

    def __init__(self, reason: NotImportedReason, preview: ImportPreview | None = None) -> None:
        super().__init__(SENTENCES[reason])
        self.reason = reason
        self.preview = preview


def confirm(
    table: PlanTable,
    programme: Programme,
    source: Source,
    *,
    by: User,
    at: datetime,
    door: Door = Door.IMPORT,
    seen: str | None = None,
) -> ImportBatch | None:
    """Write what `compare` says; None where file and plan already agree.

    `seen` is the digest of the preview that the person agreed to. Raises `NotImported` when a row
    has an error, when the plan has changed since that preview, or while another import of the
    programme runs.
    """
    is_worth_giving_back = len(table.rows) >= MANY_ROWS
    try:
        batch = _compare_and_write(table, programme, source, by=by, at=at, door=door, seen=seen)
        # To compare leaves no circles behind. To look for some took a sixth of the time of a
        # confirmation that has nothing to write.
        if batch is not None:
            collect_circles()
            is_worth_giving_back = True
        return batch
    finally:
        if is_worth_giving_back:
            give_memory_back()


@garbage_collection_paused
@transaction.atomic
def _compare_and_write(
    table: PlanTable,
    programme: Programme,
    source: Source,
    *,
    by: User,
    at: datetime,
    door: Door,
    seen: str | None,
) -> ImportBatch | None:
    # The row as it is under the lock: another import may have given codes since it was read.
    programme = take_turn(programme)
    # Compared again under the lock: what the person saw may be an hour old.
    preview = compare(table, programme, lock=True)
    if seen is not None and preview.digest != seen:
        raise NotImported(NotImportedReason.PLAN_CHANGED, preview)
    if not preview.is_good:
        raise NotImported(NotImportedReason.ROW_ERRORS, preview)
    changes = preview.plan_changes
    if changes is None or changes.is_empty:
        return None
    removed_rows = _lock(changes.removed, programme)
    # The batch comes first, since the history's entries name it. Names are cut: SQLite takes a longer
    # one than the column says, and PostgreSQL answers with an error.
    batch = ImportBatch.objects.create(
        programme=programme,
        by=by,
        at=at,
        door=door,
        file_name=source.name[:255],
        content=source.content,
        sha256=source.sha256,
        sheet=source.sheet[:255],
        counts={**preview.counts, "rows_read": preview.rows_read},
    )
    record = carry_out(changes, batch, removed_rows)
    batch.changes = record.as_json()
    batch.save(update_fields=["changes"])
    count_anew_after(record.row_count)
    # With the hash: people give the same name to one version of a file after another.
    words = f"{batch.file_name} {batch.sha256}"
    note_once_written(
        SecurityEvent.IMPORT, f"{programme} 匯入批次 {batch.pk}", user=by.username, words=words
    )
    return batch


def _lock(removed: Iterable[RemovedAssignment], programme: Programme) -> list[Values]:
    """Let nobody report any more on the assignments that are to be removed; their whole rows.

    Reports may have been saved while file and plan were compared: they are looked for once more.
    """
    keys = [assignment.stored.pk for assignment in removed]
    rows: dict[int, Values] = {}
    for start in range(0, len(keys), BATCH):
        batch = Assignment.objects.filter(pk__in=keys[start : start + BATCH])
        for values in batch.select_for_update().values(*WHOLE_ASSIGNMENT):
            rows[values["id"]] = values
    if keys and not assignments_in_use(programme).isdisjoint(keys):
        raise NotImported(NotImportedReason.REPORTED_MEANWHILE)
    return [rows[key] for key in keys]


def take_turn(programme: Programme) -> Programme:
    """The programme, locked: one import at a time.

    On PostgreSQL a second import is refused at once. On SQLite its transaction waits, and then its
    preview does not hold any more. With `no_key` reports and history can be saved meanwhile.
    """
    rows = Programme.objects.select_for_update(nowait=True, no_key=True)
    try:
        return rows.get(pk=programme.pk)
    except DatabaseError as error:
        raise NotImported(NotImportedReason.BUSY) from error
