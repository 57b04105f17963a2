"""PostgreSQL: every table by COPY, within one snapshot; no other program is needed.

docs/decisions/0015 says why this is not pg_dump.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph

from items.backup.archive import Archive, ArchiveWriter
from items.backup.manifest import SequenceValue
from items.backup.refused import BackupFault, BackupRefused
from items.backup.snapshot import SESSIONS, Snapshot, evidence_in, migrations_in, quoted

_TABLES = """
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name
"""
_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'
    ORDER BY ordinal_position
"""
_SEQUENCES = """
    SELECT table_name, column_name, sequence_name FROM (
        SELECT c.table_name, c.column_name, pg_get_serial_sequence(
            quote_ident(c.table_schema) || '.' || quote_ident(c.table_name), c.column_name
        ) AS sequence_name
        FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
    ) AS owned WHERE sequence_name IS NOT NULL ORDER BY table_name, column_name
"""


_OTHER_TABLES = "備份裡的資料表與它自己所說的版本不符，沒有還原任何資料；請換一份備份。"


def write(archive: ArchiveWriter) -> Snapshot:
    """Write all tables as they are at one moment, while others go on writing."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The first statement of the transaction, and so its snapshot: every table is read as it
        # was then, and nobody waits for the other.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _speak_plainly(cursor)

        def ask(statement: str) -> list[tuple[Any, ...]]:
            cursor.execute(statement)
            return list(cursor.fetchall())

        tables = [name for (name,) in ask(_TABLES)]
        rows = {}
        for table in tables:
            if table in SESSIONS:
                rows[table] = 0
                archive.add(entry_of(table), [])
                continue
            archive.add(entry_of(table), _copied_out(cursor, table))
            rows[table] = cursor.rowcount
        return Snapshot(
            version=str(ask("SHOW server_version")[0][0]),
            migrations=migrations_in(tables, ask),
            rows=rows,
            # Last: a sequence is outside of the snapshot, and must not be behind its rows.
            sequences=_sequences(cursor),
            evidence=evidence_in(tables, ask),
        )


def entry_of(table: str) -> str:
    return f"tables/{table}.txt"


def _speak_plainly(cursor: CursorWrapper) -> None:
    """Dates in one way, under any configuration of the server; pg_dump does the same."""
    cursor.execute("SET LOCAL datestyle = 'ISO'")
    cursor.execute("SET LOCAL intervalstyle = 'postgres'")
    cursor.execute("SET LOCAL statement_timeout = 0")


def _columns(cursor: CursorWrapper, table: str) -> str:
    cursor.execute(_COLUMNS, [table])
    return ", ".join(quoted(name) for (name,) in cursor.fetchall())


def _copied_out(cursor: CursorWrapper, table: str) -> Iterator[bytes]:
    """The columns' names in the first line, then a line for each row."""
    columns = _columns(cursor, table)
    yield f"{columns}\n".encode()
    with cursor.copy(f"COPY {quoted(table)} ({columns}) TO STDOUT") as copy:
        for block in copy:
            yield bytes(block)


def _sequences(cursor: CursorWrapper) -> list[SequenceValue]:
    cursor.execute(_SEQUENCES)
    values = []
    for table, column, sequence in cursor.fetchall():
        cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # nosec B608
        value, was_used = cursor.fetchone()
        values.append(SequenceValue(table=table, column=column, value=value, was_used=was_used))
    return values


def put_back(archive: Archive) -> None:
    """Make the tables as they were, and fill them in one transaction."""
    if _applied() != set(archive.manifest.migrations):
        _make_tables(archive.manifest.migrations)
    with transaction.atomic(), connection.cursor() as cursor:
        _speak_plainly(cursor)
        tables = list(archive.manifest.rows)
        cursor.execute(_TABLES)
        if set(tables) != {name for (name,) in cursor.fetchall()}:
            raise BackupRefused(_OTHER_TABLES, BackupFault.DAMAGED)
        # In one statement: PostgreSQL empties no table alone to which another one refers.
        cursor.execute(f"TRUNCATE {', '.join(quoted(table) for table in tables)}")
        # In any order: Django's foreign keys are looked at when the transaction ends.
        for table in tables:
            if table in SESSIONS:
                continue
            copied = _copy_in(cursor, table, archive)
            if copied != archive.manifest.rows[table]:
                raise BackupRefused(
                    f"資料表 {table} 應有 {archive.manifest.rows[table]:,} 筆，"
                    f"只讀出 {copied:,} 筆；沒有還原任何資料，請換一份備份。",
                    BackupFault.DAMAGED,
                )
        for sequence in archive.manifest.sequences:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                [quoted(sequence.table), sequence.column, sequence.value, sequence.was_used],
            )


def _copy_in(cursor: CursorWrapper, table: str, archive: Archive) -> int:
    """Fill one table; how many rows."""
    blocks = archive.chunks(entry_of(table))
    first = next(blocks)
    heading, _, rest = first.partition(b"\n")
    columns = heading.decode()
    # The same ones, though a table that was altered may have them in another order.
    if sorted(columns.split(", ")) != sorted(_columns(cursor, table).split(", ")):
        raise BackupRefused(_OTHER_TABLES, BackupFault.DAMAGED)
    with cursor.copy(f"COPY {quoted(table)} ({columns}) FROM STDIN") as copy:
        copy.write(rest)
        for block in blocks:
            copy.write(block)
    return int(cursor.rowcount)


def _applied() -> set[str]:
    executor = MigrationExecutor(connection)
    return {f"{app}.{name}" for app, name in executor.loader.applied_migrations}


def _make_tables(migrations: list[str]) -> None:
    """Tables as after exactly these migrations, in place of the empty ones that are there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [quoted(name) for (name,) in cursor.fetchall()]
        if tables:
            cursor.execute(f"DROP TABLE {', '.join(tables)} CASCADE")
    executor = MigrationExecutor(connection)
    executor.migrate(_last_of_each_app(executor.loader.graph, set(migrations)))


def _last_of_each_app(graph: MigrationGraph, wanted: AbstractSet[str]) -> list[tuple[str, str]]:
    """(app, name) of the wanted migrations that no other wanted one of their app follows."""
    last_ones = []
    for app, name in graph.nodes:
        if f"{app}.{name}" not in wanted:
            continue
        followers = set()
        for child_app, child_name in graph.node_map[app, name].children:
            if child_app == app:
                followers.add(f"{child_app}.{child_name}")
        # A migration that leads to another of its app comes with that one.
        if followers.isdisjoint(wanted):
            last_ones.append((app, name))
    return last_ones
