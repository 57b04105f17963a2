"""The official table into the database: `compare` shows what would happen, `confirm` does it, whole or not at all."""

import hashlib
from dataclasses import dataclass

from django.db import DatabaseError, transaction

from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_import.apply import carry_out
from items.exchange.plan_import.bulk_insert import BATCH
from items.exchange.plan_import.compare import compare
from items.exchange.plan_import.plan_now import used
from items.models import Assignment, Department, Door, ImportBatch, Programme
from items.workflow.codes import raise_last_code, running_number
from items.workflow.errors import WorkflowError

__all__ = ["NotImported", "Source", "compare", "confirm", "take_turn"]


@dataclass(frozen=True, slots=True)
class Source:
    """The very file, and the sheet of it that was taken."""

    name: str
    content: bytes
    sheet: str = ""

    @property
    def sha256(self):
        return hashlib.sha256(self.content).hexdigest()


class NotImported(WorkflowError):
    """Nothing was written; `preview`, where there is one, is how file and plan compare now."""

    def __init__(self, message, preview=None):
        super().__init__(message)
        self.preview = preview


@garbage_collection_paused
@transaction.atomic
def confirm(table, programme, source, *, by, at, door=Door.IMPORT, seen=None):
    """Write what `compare` says and return the `ImportBatch`, or None where file and plan already agree.

    `seen` is the digest of the preview that the person agreed to. Raises `NotImported` when a row has an error, when
    the plan has changed since that preview, or while another import of the programme runs.
    """
    take_turn(programme)
    preview = compare(table, programme, lock=True)
    if seen is not None and preview.digest != seen:
        raise NotImported("計畫在預覽之後有異動，以下是重新比對的結果，請再看一次。", preview)
    if not preview.is_good:
        raise NotImported("檔案裡有錯誤，沒有匯入任何資料。", preview)
    if not preview.does_something:
        return None
    _hold(preview.writes.removed, programme)
    departments = Department.objects.in_bulk()
    written = carry_out(preview.writes, departments, programme, by=by, at=at, door=door)
    if preview.writes.actions:
        numbers = [running_number(line.code) for line, _ in preview.writes.actions]
        raise_last_code(programme, max(numbers))
    return ImportBatch.objects.create(
        programme=programme,
        by=by,
        at=at,
        door=door,
        file_name=source.name[:255],
        content=source.content,
        sha256=source.sha256,
        sheet=source.sheet[:255],
        counts=preview.counts | {"rows_read": preview.rows_read},
        changes=written.records,
    )


def _hold(removed, programme):
    """Nobody reports any more on what is taken back; beside the comparison reports went on being saved, so look again."""
    pks = [assignment.pk for _, assignment in removed]
    for start in range(0, len(pks), BATCH):
        list(Assignment.objects.filter(pk__in=pks[start : start + BATCH]).select_for_update())
    if pks and not used(programme).isdisjoint(pks):
        raise NotImported("剛才有人填報了這次要移除的分辦，沒有匯入任何資料；請再看一次預覽。")


def take_turn(programme):
    """One import at a time per programme. PostgreSQL tells the second at once; SQLite's transactions queue, and the
    second is then told by its preview, which no longer holds.

    `no_key` lets reports and their history go on being saved beside an import.
    """
    try:
        Programme.objects.select_for_update(nowait=True, no_key=True).get(pk=programme.pk)
    except DatabaseError as error:
        raise NotImported("另一個匯入或復原正在進行，請等它完成後再試一次。") from error
