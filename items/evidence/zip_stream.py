"""A zip file that is sent while it is made: however much is in it, little is in memory."""

import io
import logging
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from items.evidence.storage import evidence_storage

_CHUNK = 256 * 1024
_EARLIEST_YEAR = 1980
"""Zip files know no year before it."""
log = logging.getLogger("django.request")


@dataclass(frozen=True)
class PackedFile:
    """A file in the zip file: what is stored under a name, or the bytes themselves."""

    path: str
    at: datetime
    stored_name: str = ""
    content: bytes = b""


class _Outlet(io.RawIOBase):
    """What was written since somebody last asked; it cannot go back, as no answer can."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._waiting += data
        return len(data)

    def take(self) -> bytes:
        waiting = bytes(self._waiting)
        self._waiting.clear()
        return waiting


def streamed_zip(files: Iterable[PackedFile]) -> Iterator[bytes]:
    """The zip file in pieces. Nothing is compressed: pictures, PDF and office files are already."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            for _ in _write(archive, file):
                yield outlet.take()
    yield outlet.take()


def _write(archive: zipfile.ZipFile, file: PackedFile) -> Iterator[None]:
    """Write one file, and stop after each piece of it."""
    if not file.stored_name:
        archive.writestr(_entry(file.path, file.at), file.content)
        yield
        return
    try:
        stored = evidence_storage().open(file.stored_name)
    except FileNotFoundError:
        # The others are worth having all the same; the note tells a reader why one is missing.
        log.error("evidence file %s is missing", file.stored_name)
        words = f"「{file.path}」在系統的儲存空間裡找不到，請通知系統管理。\r\n"
        # With its mark: Windows' editor took a text without it for Big5 for many years.
        archive.writestr(_entry(f"{file.path}（找不到）.txt", file.at), words.encode("utf-8-sig"))
        yield
        return
    with stored, archive.open(_entry(file.path, file.at), "w", force_zip64=True) as member:
        for chunk in stored.chunks(_CHUNK):
            member.write(chunk)
            yield


def _entry(path: str, at: datetime) -> zipfile.ZipInfo:
    local = timezone.localtime(at)
    year = max(local.year, _EARLIEST_YEAR)
    moment = (year, local.month, local.day, local.hour, local.minute, local.second)
    entry = zipfile.ZipInfo(path, moment)
    # Readable by its owner, as files are; without it, Unix unpacks a file that nobody may read.
    entry.external_attr = 0o644 << 16
    return entry
