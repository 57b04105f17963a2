"""Empty databases of both engines, one for each measured process."""

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
Fresh = Callable[[], str]
"""Gives the address of a new, empty database each time."""


@contextlib.contextmanager
def sqlite() -> Iterator[Fresh]:
    numbers = count()
    # Windows holds a file that has just been closed for a moment: no reason to fail.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:

        def fresh() -> str:
            path = Path(folder) / f"{next(numbers)}.sqlite3"
            return f"sqlite:///{path.as_posix()}"

        yield fresh


@contextlib.contextmanager
def postgres() -> Iterator[Fresh]:
    """A server as the tests have it."""
    sys.path.insert(0, str(ROOT))
    from dev_tools.databases import postgres as postgres_server

    numbers = count()
    with postgres_server() as address:

        def fresh() -> str:
            name = f"bench{next(numbers)}"
            _create_database(address, name)
            # The server's own database is called postgres; a socket's folder may follow it.
            start, _, options = address.partition("?")
            start = start.removesuffix("postgres") + name
            if options:
                return f"{start}?{options}"
            return start

        yield fresh


def of_engine(engine: str) -> contextlib.AbstractContextManager[Fresh]:
    if engine == "PostgreSQL":
        return postgres()
    return sqlite()


def _create_database(address: str, name: str) -> None:
    import psycopg
    from environ import Env

    parts = Env.db_url_config(address)
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
        connection.execute(f"CREATE DATABASE {name}")
