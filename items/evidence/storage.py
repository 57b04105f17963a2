"""Where the files lie: under random names, in no folder that a browser can reach.

By default `DATA_DIR/evidence`; the storage "evidence" of the settings says where else.
"""

import logging
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from items.evidence.refused import FileRefused
from plan_tracker.room import is_without_room

DISK_FULL = "儲存空間不足，這個檔案還沒有附上；文字與其他檔案都在。請通知系統管理，稍後再附一次。"
AWAY = (
    "存放檔案的地方暫時連不上，這個檔案還沒有附上；文字與其他檔案都在。"
    "請稍後再附一次，還是不行請通知系統管理。"
)
_NAME_BYTES = 24
log = logging.getLogger("django.request")


class StoreAway(ConnectionError):
    """The store of files does not answer, or refuses us; nothing is wrong with the file."""


@runtime_checkable
class ListsByTime(Protocol):
    """A store that lists its files with their times: to ask for each of them would take hours."""

    def names_before(self, before: datetime) -> Iterator[str]: ...


def evidence_storage() -> Storage:
    return storages["evidence"]


def store(content: bytes) -> str:
    """Keep a file, and return the name under which it lies."""
    random = secrets.token_hex(_NAME_BYTES)
    # In folders: 100,000 files in one are slow to list.
    name = f"{random[:2]}/{random}"
    try:
        return evidence_storage().save(name, ContentFile(content))
    except StoreAway as error:
        # Before the other `except`: it is an OSError as well.
        log.exception("the store of evidence does not answer")
        raise FileRefused(AWAY) from error
    except OSError as error:
        # What was written of it would take the room that is lacking.
        discard(name)
        if is_without_room(error):
            raise FileRefused(DISK_FULL) from error
        raise


def discard(*names: str) -> None:
    """Delete files; what is gone already is no fault."""
    for name in names:
        if name:
            _discard_one(name)


def _discard_one(name: str) -> None:
    try:
        evidence_storage().delete(name)
    except StoreAway:
        # Nobody waits for it, and something else is being said perhaps: `sweep_evidence` finds it.
        log.exception("evidence file %s could not be deleted", name)


def stored_names(*, before: datetime) -> Iterator[str]:
    """The names of all files that were last written before a moment."""
    storage = evidence_storage()
    if isinstance(storage, ListsByTime):
        yield from storage.names_before(before)
        return
    try:
        folders, loose_files = storage.listdir("")
    except FileNotFoundError:
        # Nothing was ever attached.
        return
    names = list(loose_files)
    for folder in folders:
        _, files = storage.listdir(folder)
        names += [f"{folder}/{name}" for name in files]
    for name in names:
        if storage.get_modified_time(name) < before:
            yield name


YOUNGEST_ORPHAN = timedelta(days=1)
"""A younger file may belong to a request that has not written its row yet."""
