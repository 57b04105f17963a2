"""What both engines give: the state of the database at one moment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from items.backup.manifest import SequenceValue
from items.models import ControlFile, Evidence, SignedInSession

Ask = Callable[[str], list[tuple[Any, ...]]]
"""Sends one SELECT to the snapshot and fetches all its rows."""

MIGRATIONS = MigrationRecorder.Migration._meta.db_table
SESSIONS = (Session._meta.db_table, SignedInSession._meta.db_table)
"""Their rows are left out: nobody with a backup may go on in somebody else's session.

Both hold the key by which a browser is known; nothing else refers to them.
"""
EVIDENCE = Evidence._meta.db_table
CONTROL_FILES = ControlFile._meta.db_table


@dataclass(frozen=True)
class Snapshot:
    """What the manifest needs to know of the database that was written."""

    version: str
    """Of the database's program."""
    migrations: list[str]
    rows: dict[str, int]
    sequences: list[SequenceValue]
    evidence: set[str]
    """Names of the stored files that rows speak of."""


def migrations_in(tables: list[str], ask: Ask) -> list[str]:
    if MIGRATIONS not in tables:
        return []
    names = []
    for app, name in ask(f"SELECT app, name FROM {MIGRATIONS}"):  # nosec B608
        names.append(f"{app}.{name}")
    return sorted(names)


def evidence_in(tables: list[str], ask: Ask) -> set[str]:
    names: set[str] = set()
    if EVIDENCE in tables:
        for pair in ask(f"SELECT stored_name, thumbnail_name FROM {EVIDENCE}"):  # nosec B608
            names.update(pair)
    # A backup of before there were applications has no such table.
    if CONTROL_FILES in tables:
        for row in ask(f"SELECT stored_name FROM {CONTROL_FILES}"):  # nosec B608
            names.update(row)
    names.discard("")
    return names


def evidence_now() -> set[str]:
    """The same of the database as it is now, whatever has happened since the snapshot."""
    with connection.cursor() as cursor:

        def ask(statement: str) -> list[tuple[Any, ...]]:
            cursor.execute(statement)
            return list(cursor.fetchall())

        tables = connection.introspection.table_names(cursor)
        return evidence_in(tables, ask)


def quoted(name: str) -> str:
    """A table or column as it stands in a statement."""
    return connection.ops.quote_name(name)
