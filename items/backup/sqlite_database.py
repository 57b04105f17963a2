"""SQLite: a copy by its online backup, which neither waits for writers nor holds them up."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from items.backup.archive import CHUNK, Archive, ArchiveWriter
from items.backup.refused import BackupFault, BackupRefused
from items.backup.snapshot import SESSIONS, Snapshot, evidence_in, migrations_in, quoted
from plan_tracker.ready_database import sqlite_file

ENTRY = "database.sqlite3"
_WAIT_SECONDS = 60


def write(archive: ArchiveWriter, scratch: Path) -> Snapshot:
    """Copy the database as it is at one moment; `scratch` is a file for the copy, made and deleted."""
    file = _file()
    try:
        _make_private(scratch)
        with closing(sqlite3.connect(scratch)) as copy:
            with closing(sqlite3.connect(file, timeout=_WAIT_SECONDS)) as database:
                # All pages in one step: a step in between would begin anew after each write.
                database.backup(copy, pages=-1)
            snapshot = _tidied(copy)
        archive.add(ENTRY, _chunks_of(scratch))
    finally:
        scratch.unlink(missing_ok=True)
    return snapshot


def _tidied(copy: sqlite3.Connection) -> Snapshot:
    """Take out what does not belong into a backup, and say what is left."""

    def ask(statement: str) -> list[tuple[Any, ...]]:
        return copy.execute(statement).fetchall()

    # The copy has the mode of the service, WAL: changes would lie in a second file beside it.
    copy.execute("PRAGMA journal_mode=DELETE")
    (health,) = ask("PRAGMA quick_check(1)")[0]
    if health != "ok":
        raise BackupRefused(
            f"資料庫檔案已經損壞（{health}），沒有做備份；請由上一份備份還原。",
            BackupFault.BROKEN_DATABASE,
        )
    listed = ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    tables = [name for (name,) in listed if not name.startswith("sqlite_")]
    for table in SESSIONS:
        if table in tables:
            copy.execute(f"DELETE FROM {quoted(table)}")  # nosec B608
    copy.commit()
    # Deleted rows would still be readable in the pages that they have left.
    copy.execute("VACUUM")
    rows = {}
    for table in tables:
        (rows[table],) = ask(f"SELECT COUNT(*) FROM {quoted(table)}")[0]  # nosec B608
    return Snapshot(
        version=sqlite3.sqlite_version,
        migrations=migrations_in(tables, ask),
        rows=rows,
        sequences=[],
        evidence=evidence_in(tables, ask),
    )


def put_back(archive: Archive) -> None:
    """Write the copy into the database of the settings, all of it or nothing."""
    file = _file()
    scratch = file.with_name(f"{file.name}.restoring")
    connection.close()
    try:
        _make_private(scratch)
        with scratch.open("wb") as copy:
            for chunk in archive.chunks(ENTRY):
                copy.write(chunk)
        if not file.exists():
            _make_private(file)
        with (
            closing(sqlite3.connect(scratch)) as source,
            closing(sqlite3.connect(file, timeout=_WAIT_SECONDS)) as target,
        ):
            # One transaction of the target, also where a service has it open already.
            source.backup(target, pages=-1)
    finally:
        scratch.unlink(missing_ok=True)


def _file() -> Path:
    file = sqlite_file()
    if file is None:
        raise BackupRefused("記憶體中的資料庫不能備份或還原。", BackupFault.NO_DATABASE)
    return file


def _make_private(path: Path) -> None:
    """An empty file that only its owner can read: it will hold everybody's names and passwords."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
