"""Put a backup back, into an empty service only."""

import shutil
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from items.backup import postgresql_database, sqlite_database, stored_files
from items.backup.archive import Archive
from items.backup.manifest import Manifest
from items.backup.refused import BackupFault, BackupRefused
from items.backup.snapshot import MIGRATIONS, quoted
from items.day_words import moment_words
from items.evidence.sizes import size_words
from items.evidence.storage import discard
from plan_tracker.ready_database import sqlite_file, unreachable_words
from plan_tracker.room import is_without_room

ENGINE_WORDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
MADE_BY_MIGRATE = {MIGRATIONS, "django_content_type", "auth_permission"}
"""Tables that have rows before anybody has entered anything."""


@dataclass(frozen=True)
class RestoredBackup:
    """What was put back."""

    rows: int
    evidence: int
    was_upgraded: bool
    """The backup was older than this program, and its tables were brought up to date."""


def check(archive: Archive) -> None:
    """`BackupRefused` where this program cannot take the backup or a hash is wrong."""
    _require_fit(archive.manifest)
    archive.check()


def restore(archive: Archive) -> RestoredBackup:
    """All of a backup, or nothing: the database is written last, in one transaction."""
    check(archive)
    _require_empty(archive.manifest)
    _require_room(archive)
    try:
        written = _put_back(archive)
    except OSError as error:
        if is_without_room(error):
            raise BackupRefused(_no_room(archive), BackupFault.DISK_FULL) from error
        raise
    was_upgraded = bool(_names_of_program() - set(archive.manifest.migrations))
    if was_upgraded:
        call_command("migrate", interactive=False, verbosity=0)
    return RestoredBackup(
        rows=sum(archive.manifest.rows.values()),
        evidence=len(written),
        was_upgraded=was_upgraded,
    )


def _put_back(archive: Archive) -> list[str]:
    """Write the stored files, and then the database; the names of the files."""
    written = stored_files.put_back(archive)
    try:
        _put_back_database(archive)
    except BaseException:
        # Also where somebody stops the command: no file stays that no row speaks of.
        discard(*written)
        raise
    return written


def made_words(manifest: Manifest) -> str:
    """「115年11月27日 02:30 的備份（花蓮港務分公司，SQLite）」."""
    at = datetime.fromisoformat(manifest.made_at)
    engine = ENGINE_WORDS.get(manifest.engine, manifest.engine)
    return f"{moment_words(at)} 的備份（{manifest.organisation}，{engine}）"


def _require_fit(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        made_by = ENGINE_WORDS.get(manifest.engine, manifest.engine)
        wanted = ENGINE_WORDS.get(connection.vendor, connection.vendor)
        raise BackupRefused(
            f"這份備份是 {made_by} 的，目前設定的資料庫是 {wanted}；"
            f"請把 DATABASE_URL 改為空的 {made_by} 資料庫。",
            BackupFault.OTHER_ENGINE,
        )
    unknown = sorted(set(manifest.migrations) - _names_of_program())
    if unknown:
        raise BackupRefused(
            f"這份備份比目前的程式新（程式沒有 {unknown[-1]}）；請先安裝當時或更新的程式版本。",
            BackupFault.NEWER_DATABASE,
        )
    if manifest.is_demonstration and not settings.DEMONSTRATION:
        raise BackupRefused(
            "這是示範資料的備份，人物是虛構的，密碼人人知道，不能還原到正式的服務。",
            BackupFault.INVENTED_PEOPLE,
        )


def _names_of_program() -> set[str]:
    """The migrations that this program has."""
    loader = MigrationLoader(None)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def _require_empty(manifest: Manifest) -> None:
    filled = _filled_table()
    if filled:
        raise BackupRefused(
            f"資料庫裡已經有資料（{filled}），沒有還原，原有的資料都沒有動；"
            "請還原到空的資料庫：另設 DATA_DIR 或 DATABASE_URL，或先把舊的資料庫移到別處。",
            BackupFault.NOT_EMPTY,
        )
    # Those of the backup itself are what an interrupted restoring has left.
    others = set(stored_files.all_names()) - set(manifest.evidence)
    if others:
        raise BackupRefused(
            f"存放佐證資料的地方已經有 {len(others):,} 個檔案，沒有還原；請先移到別處。",
            BackupFault.NOT_EMPTY,
        )


def _filled_table() -> str:
    """The first table in which somebody has entered something; empty where there is none."""
    file = sqlite_file()
    # To connect would make an empty file, and what is refused later is to leave nothing.
    if file is not None and not file.exists():
        return ""
    try:
        with connection.cursor() as cursor:
            for table in sorted(connection.introspection.table_names(cursor)):
                if table in MADE_BY_MIGRATE:
                    continue
                cursor.execute(f"SELECT 1 FROM {quoted(table)} LIMIT 1")  # nosec B608
                if cursor.fetchone():
                    return table
    except DatabaseError as error:
        raise BackupRefused(unreachable_words(error), BackupFault.NO_DATABASE) from None
    return ""


def _require_room(archive: Archive) -> None:
    # The database lies there twice for a moment; files in a bucket need less than is asked for.
    if shutil.disk_usage(settings.VAR).free < 2 * archive.unpacked_size:
        raise BackupRefused(_no_room(archive), BackupFault.DISK_FULL)


def _no_room(archive: Archive) -> str:
    free = shutil.disk_usage(settings.VAR).free
    return (
        f"{settings.VAR} 的空間不足：還原需要 {size_words(2 * archive.unpacked_size)}，"
        f"只剩 {size_words(free)}；沒有還原任何資料，請清出空間後再試。"
    )


def _put_back_database(archive: Archive) -> None:
    if connection.vendor == "sqlite":
        sqlite_database.put_back(archive)
    else:
        postgresql_database.put_back(archive)
