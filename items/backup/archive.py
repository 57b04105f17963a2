"""The file of a backup: a zip that every system opens, with a manifest of hashes as its last entry."""

import contextlib
import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from items.backup.manifest import NO_BACKUP, EntryHash, Manifest, manifest_from
from items.backup.refused import BackupFault, BackupRefused

MANIFEST = "manifest.json"
CHUNK = 1024 * 1024


class ArchiveWriter:
    """Writes entries one after another and remembers their hashes; the file stays open."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self.entries: dict[str, EntryHash] = {}

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(self, *error: object) -> None:
        # On a full disk this fails once more; what went wrong first is what people are told.
        with contextlib.suppress(OSError, ValueError):
            self._zip.close()

    def add(self, name: str, chunks: Iterable[bytes], *, compress: bool = True) -> None:
        """Write one entry. Files of 佐證資料 are packed already: trying again costs time only."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_STORED
        if compress:
            info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        digest = hashlib.sha256()
        size = 0
        # An entry of more than 2 GB has to be announced.
        with self._zip.open(info, "w", force_zip64=True) as entry:
            for chunk in chunks:
                entry.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.entries[name] = EntryHash(size=size, sha256=digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write what the backup says about itself, and the zip's own list of entries."""
        self._zip.writestr(MANIFEST, manifest.as_json())
        self._zip.close()


class Archive:
    """A backup that is read: its manifest, and what is in it."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise BackupRefused(f"找不到備份檔 {path}。", BackupFault.UNREADABLE) from None
        except (zipfile.BadZipFile, OSError):
            raise BackupRefused(NO_BACKUP, BackupFault.UNREADABLE) from None
        try:
            self.manifest = manifest_from(self._zip.read(MANIFEST))
        except (KeyError, zipfile.BadZipFile, zlib.error):
            self._zip.close()
            raise BackupRefused(NO_BACKUP, BackupFault.UNREADABLE) from None
        except BackupRefused:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    @property
    def unpacked_size(self) -> int:
        """In bytes."""
        return sum(entry.size for entry in self.manifest.entries.values())

    def opened(self, name: str) -> IO[bytes]:
        """An entry as a file to read."""
        return self._zip.open(name)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of an entry, without holding it in memory."""
        with self.opened(name) as entry:
            while chunk := entry.read(CHUNK):
                yield chunk

    def check(self) -> None:
        """Hold every entry against its hash; `BackupRefused` names the first that differs."""
        for name, expected in self.manifest.entries.items():
            if self._hash_of(name) != expected:
                raise BackupRefused(
                    f"備份檔已經損壞：「{name}」的內容與備份時的雜湊值不符，沒有還原任何資料；"
                    "請換一份備份。",
                    BackupFault.DAMAGED,
                )

    def _hash_of(self, name: str) -> EntryHash | None:
        """None where the entry is missing or cannot be unpacked."""
        digest = hashlib.sha256()
        size = 0
        try:
            for chunk in self.chunks(name):
                digest.update(chunk)
                size += len(chunk)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            return None
        return EntryHash(size=size, sha256=digest.hexdigest())
