"""The empty SQLite database after all migrations: made once on a machine, then copied by each run.

The whole schema takes a process four seconds of every run, and copying the file takes none. Django
still looks into the copy for migrations that it lacks.

The file's name holds what the schema depends on, so that another migration, Python, SQLite or Django
makes it anew.
"""

import contextlib
import hashlib
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

IMPORT = re.compile(
    r"^ *(?:from|import) ((?:items|plan_tracker|reports)[\w.]*)(?: import (\([^)]*\)|.*))?", re.M
)
FOLDER = settings.BASE_DIR / "var" / "test-databases"


def test_file() -> Path:
    """Where this process has its own database."""
    return Path(connection.settings_dict["TEST"]["NAME"])


def lay_out() -> None:
    """Put a copy of the kept database where this process wants its own, if one is kept."""
    kept = kept_file()
    if kept.exists():
        shutil.copyfile(kept, test_file())


def keep() -> None:
    """Keep the test database, which has just been migrated and holds nothing else; forget older ones."""
    kept = kept_file()
    if kept.exists() or not is_migrated():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Under a name of its own until it is whole: two processes may come here at once.
    unfinished = FOLDER / f"{os.getpid()}.unfinished"
    with contextlib.closing(sqlite3.connect(test_file())) as source:
        source.execute("VACUUM INTO ?", [str(unfinished)])
    older = list(FOLDER.glob("*.sqlite3"))
    unfinished.replace(kept)
    for file in older:
        # Another process may have kept the same one a moment before.
        if file == kept:
            continue
        # Windows keeps a file that another run is copying.
        with contextlib.suppress(OSError):
            file.unlink()


def is_migrated() -> bool:
    """Django sets up no database where none of the chosen tests has said that it needs one."""
    with contextlib.closing(sqlite3.connect(test_file())) as database:
        names = database.execute("SELECT name FROM sqlite_master").fetchall()
    return (MigrationRecorder.Migration._meta.db_table,) in names


def kept_file() -> Path:
    return FOLDER / f"{fingerprint()}.sqlite3"


def fingerprint() -> str:
    """Of everything that decides how the database looks after the last migration."""
    digest = hashlib.sha256()
    versions = [sys.version, sqlite3.sqlite_version, django.__version__]
    for version in [*versions, *settings.INSTALLED_APPS]:
        digest.update(version.encode() + b"\0")
    for file in _files_of_the_schema():
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()[:24]


def _files_of_the_schema() -> list[Path]:
    """The migrations of all apps, and the modules of ours that they take fields and values from."""
    files = {Path(__file__)}
    for app in apps.get_app_configs():
        for migration in Path(app.path).glob("migrations/*.py"):
            files.add(migration)
            files.update(_imported_by(migration))
    return sorted(files)


def _imported_by(migration: Path) -> Iterator[Path]:
    for module, names in IMPORT.findall(migration.read_text("utf-8")):
        # A name may be that of a module in the package, too.
        for dotted in (module, *[f"{module}.{name}" for name in re.findall(r"\w+", names)]):
            place = settings.BASE_DIR.joinpath(*dotted.split("."))
            for file in (place.with_suffix(".py"), place / "__init__.py"):
                if file.exists():
                    yield file
