"""The demonstration, played once in a run and copied from then on: to play it takes seconds.

Every process of the run keeps it in memory. The first of them puts it into the run's own folder as
well, where the others find it: its database, and the files of 佐證資料 that it speaks of.
"""

import atexit
import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

PATIENCE = 300
"""Seconds that a process waits for the one that plays; a dead one leaves its turn at once."""

_kept = None
"""A database in memory: what the command has loaded, as it was then."""


def load(folder: Path) -> None:
    """What `manage.py load_demonstration` does to an empty database; `folder` is this run's own."""
    global _kept
    if connection.vendor != "sqlite":
        call_command("load_demonstration", verbosity=0)
        return
    connection.ensure_connection()
    if _kept is None:
        _kept = sqlite3.connect(":memory:")
        atexit.register(_kept.close)
        with _turn(folder):
            _read_or_play(folder)
    _kept.backup(connection.connection)


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One process after the other; SQLite's lock is the same on every system, and ends with its process."""
    turn = sqlite3.connect(folder / "turn.sqlite3", timeout=PATIENCE, isolation_level=None)
    with contextlib.closing(turn):
        turn.execute("BEGIN EXCLUSIVE")
        yield


def _read_or_play(folder: Path) -> None:
    """Fill the copy in memory, from the folder if another process has been there."""
    played = folder / "demonstration.sqlite3"
    files = folder / "evidence"
    own_files = Path(settings.STORAGES["evidence"]["OPTIONS"]["location"])
    if played.exists():
        with contextlib.closing(sqlite3.connect(played)) as database:
            database.backup(_kept)
        shutil.copytree(files, own_files, dirs_exist_ok=True)
        return
    call_command("load_demonstration", verbosity=0)
    connection.connection.backup(_kept)
    shutil.copytree(own_files, files, dirs_exist_ok=True)
    unfinished = folder / "unfinished.sqlite3"
    with contextlib.closing(sqlite3.connect(unfinished)) as database:
        _kept.backup(database)
    # Only now: a process that died meanwhile has left nothing that looks whole.
    unfinished.replace(played)
