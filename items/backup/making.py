"""Make a backup while the service runs."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import django
from django.conf import settings
from django.db import DatabaseError, connection

from items.backup import postgresql_database, sqlite_database, stored_files
from items.backup.archive import Archive, ArchiveWriter
from items.backup.manifest import Manifest
from items.backup.refused import BackupFault, BackupRefused
from items.backup.snapshot import Snapshot, evidence_now
from items.evidence.storage import StoreAway
from plan_tracker.ready_database import sqlite_file, unreachable_words
from plan_tracker.room import is_without_room

PREFIX = "plan_tracker-"
SUFFIX = ".zip"
UNFINISHED = ".part"
_ABANDONED = timedelta(days=1)
"""An unfinished file of this age belongs to a backup that was killed."""
ATTEMPTS = 5
"""At a backup, before it gives up."""


@dataclass(frozen=True)
class MadeBackup:
    """What was written."""

    path: Path
    size: int
    """In bytes."""
    manifest: Manifest


def make_backup(folder: Path, *, at: datetime) -> MadeBackup:
    """Write a backup into a folder, read it again, and only then give it its name.

    Files of 佐證資料 come first, then the database, then the files that came in between: so the
    backup has the files that its rows speak of, also one that is taken away meanwhile. Only a file
    that both came and went in between is missed; then the backup begins anew.
    """
    if not folder.is_dir():
        # Not made by itself: where a disk is not mounted, it would lie on the wrong one.
        raise BackupRefused(
            f"資料夾 {folder} 不存在；請先建立，或確認備份用的磁碟已經掛載。", BackupFault.NO_FOLDER
        )
    _require_database()
    path = folder / f"{PREFIX}{at:%Y%m%d-%H%M%S}{SUFFIX}"
    unfinished = path.with_name(path.name + UNFINISHED)
    for _ in range(ATTEMPTS):
        with _finished_or_gone(unfinished) as file:
            manifest = _write(file, unfinished, at=at)
            if _came_and_went(manifest):
                continue
            # On the disk before it has its name: after a power cut, half a file would pass for one.
            file.flush()
            os.fsync(file.fileno())
            with Archive(unfinished) as written:
                written.check()
            size = unfinished.stat().st_size
            unfinished.rename(path)
            return MadeBackup(path=path, size=size, manifest=manifest)
    raise BackupRefused(
        f"備份時一直有人附上又移除佐證資料，試了 {ATTEMPTS} 次都沒有完成；請稍後再試。",
        BackupFault.CHANGED_MEANWHILE,
    )


def _came_and_went(manifest: Manifest) -> bool:
    """Whether a file that the backup misses was taken away on purpose since the snapshot.

    The backup would call it lost, though the service has lost nothing.
    """
    missed = set(manifest.lost_evidence)
    if not missed:
        return False
    return not missed <= evidence_now()


def _require_database() -> None:
    file = sqlite_file()
    if file is not None and not file.exists():
        raise BackupRefused(
            f"資料庫還沒有建立（{file}），沒有東西可以備份；"
            "如果資料庫在別處，請先設定 DATA_DIR 或 DATABASE_URL。",
            BackupFault.NO_DATABASE,
        )
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise BackupRefused(unreachable_words(error), BackupFault.NO_DATABASE) from None


@contextmanager
def _finished_or_gone(unfinished: Path) -> Iterator[IO[bytes]]:
    """The file to write to, for its owner only; deleted where anything goes wrong."""
    try:
        number = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BackupRefused(
            f"同一秒已經有另一個備份在寫 {unfinished}；請稍後再試。", BackupFault.NO_FOLDER
        ) from None
    except OSError as error:
        raise _refusal(error, unfinished) from error
    try:
        with os.fdopen(number, "w+b") as file:
            yield file
    except OSError as error:
        raise _refusal(error, unfinished) from error
    finally:
        # Renamed by now, where all went well.
        unfinished.unlink(missing_ok=True)


def _refusal(error: OSError, path: Path) -> BackupRefused:
    # First: it is an OSError as well, but the disk has nothing to do with it.
    if isinstance(error, StoreAway):
        return BackupRefused(
            f"存放佐證資料的地方連不上（{error}），備份沒有完成；"
            "請確認 EVIDENCE_BUCKET、EVIDENCE_ENDPOINT 與它的金鑰。",
            BackupFault.NO_STORE,
        )
    if is_without_room(error):
        return BackupRefused(
            f"{path.parent} 的空間不足，備份沒有完成，寫到一半的檔案已經刪除；"
            "請清出空間或換一個資料夾。",
            BackupFault.DISK_FULL,
        )
    reason = error.strerror or str(error)
    return BackupRefused(
        f"無法寫入 {path.parent}（{reason}），備份沒有完成。", BackupFault.NO_FOLDER
    )


def _write(file: IO[bytes], unfinished: Path, *, at: datetime) -> Manifest:
    with ArchiveWriter(file) as archive:
        stored_files.write(archive, stored_files.all_names())
        snapshot = _write_database(archive, unfinished)
        stored_files.write(archive, sorted(snapshot.evidence))
        manifest = _manifest(archive, snapshot, at=at)
        archive.finish(manifest)
    return manifest


def _manifest(archive: ArchiveWriter, snapshot: Snapshot, *, at: datetime) -> Manifest:
    names = []
    lost = []
    for name in sorted(snapshot.evidence):
        if stored_files.FOLDER + name in archive.entries:
            names.append(name)
        else:
            lost.append(name)
    return Manifest(
        made_at=at.isoformat(timespec="seconds"),
        organisation=settings.ORGANISATION,
        is_demonstration=settings.DEMONSTRATION,
        engine=connection.vendor,
        versions={
            "python": platform.python_version(),
            "django": django.get_version(),
            connection.vendor: snapshot.version,
        },
        migrations=snapshot.migrations,
        rows=snapshot.rows,
        sequences=snapshot.sequences,
        evidence=names,
        lost_evidence=lost,
        entries=archive.entries,
    )


def _write_database(archive: ArchiveWriter, unfinished: Path) -> Snapshot:
    if connection.vendor == "sqlite":
        # In the folder of the backup: there has to be room for it in any case.
        scratch = unfinished.with_name(f"{unfinished.name}.sqlite3")
        return sqlite_database.write(archive, scratch)
    return postgresql_database.write(archive)


def forget_old(folder: Path, *, keep: int, at: datetime) -> int:
    """Delete all backups in a folder but the newest ones, and what killed ones left; how many."""
    for left_over in folder.glob(f"{PREFIX}*{SUFFIX}{UNFINISHED}*"):
        if left_over.stat().st_mtime < (at - _ABANDONED).timestamp():
            left_over.unlink()
    # By their names, which are their times.
    backups = sorted(folder.glob(f"{PREFIX}*{SUFFIX}"))
    # Never 0, of which this would be none: without `--keep`, the command does not come here.
    old_ones = backups[:-keep]
    for path in old_ones:
        path.unlink()
    return len(old_ones)
