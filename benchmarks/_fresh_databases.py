"""Migrated databases without rows, of both engines: one for each measured process.

All migrations take ten seconds of a processor. So they run once for each engine, and what every
measured process gets is a copy.
"""

import contextlib
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Protocol

from benchmarks._process import ROOT, json_of

Fresh = Callable[[], str]
"""Gives the address of a new, migrated database each time."""


class EngineDatabases(Protocol):
    """An engine that runs, with one migrated database to copy."""

    def copy(self) -> str:
        """The address of a new database."""

    def drop(self, address: str) -> None:
        """Nobody needs it any more; a large one takes a gigabyte."""


_lock = threading.Lock()
_running = contextlib.ExitStack()
_engines: dict[str, EngineDatabases] = {}


@contextlib.contextmanager
def kept_for_a_run() -> Iterator[None]:
    """What the first part of a run has started serves all of them, and is gone at the end."""
    with _running:
        yield
    _engines.clear()


@contextlib.contextmanager
def of_engine(engine: str) -> Iterator[Fresh]:
    """Databases that live as long as the block."""
    with _lock:
        if engine not in _engines:
            starting = postgres_databases if engine == "PostgreSQL" else sqlite_databases
            _engines[engine] = _running.enter_context(starting())
    databases = _engines[engine]
    addresses: list[str] = []

    def fresh() -> str:
        address = databases.copy()
        addresses.append(address)
        return address

    try:
        yield fresh
    finally:
        for address in addresses:
            databases.drop(address)


def sqlite() -> contextlib.AbstractContextManager[Fresh]:
    return of_engine("SQLite")


class SqliteDatabases:
    """Files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count()

    def address_of(self, path: Path) -> str:
        return f"sqlite:///{path.as_posix()}"

    @property
    def migrated(self) -> Path:
        return self.folder / "migrated.sqlite3"

    def copy(self) -> str:
        path = self.folder / f"{next(self.numbers)}.sqlite3"
        shutil.copyfile(self.migrated, path)
        return self.address_of(path)

    def drop(self, address: str) -> None:
        for path in self.folder.glob(f"{Path(address).name}*"):
            # Windows holds a file that has just been closed for a moment: no reason to fail.
            with contextlib.suppress(OSError):
                path.unlink()


@contextlib.contextmanager
def sqlite_databases() -> Iterator[SqliteDatabases]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        databases = SqliteDatabases(Path(folder))
        json_of("_migrated", address=databases.address_of(databases.migrated))
        yield databases


class PostgresDatabases:
    """Databases of a server as the tests have it."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.numbers = count()

    def address_of(self, name: str) -> str:
        # The server's own database is called postgres; a socket's folder may follow it.
        start, question_mark, options = self.server.partition("?")
        return f"{start.removesuffix('postgres')}{name}{question_mark}{options}"

    def copy(self) -> str:
        name = f"bench{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
        return self.address_of(name)

    def drop(self, address: str) -> None:
        name = address.partition("?")[0].rpartition("/")[2]
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """In the server's own database, since none can be created or dropped from inside."""
        import psycopg
        from environ import Env

        parts = Env.db_url_config(self.server)
        # The folder of a socket does not fit where a host name stands, and comes as an option.
        host = parts["HOST"] or parts.get("OPTIONS", {}).get("host")
        connection = psycopg.connect(
            host=host,
            port=parts["PORT"] or None,
            user=parts["USER"],
            password=parts["PASSWORD"],
            dbname=parts["NAME"],
            # A database cannot be created inside a transaction.
            autocommit=True,
        )
        with connection:
            connection.execute(statement)


@contextlib.contextmanager
def postgres_databases() -> Iterator[PostgresDatabases]:
    sys.path.insert(0, str(ROOT))
    from dev_tools.databases import postgres as postgres_server

    with postgres_server() as address:
        databases = PostgresDatabases(address)
        databases.execute("CREATE DATABASE migrated")
        json_of("_migrated", address=databases.address_of("migrated"))
        yield databases
