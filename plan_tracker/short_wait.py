"""A write that may fail rather than keep somebody waiting."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connection, connections

_SECONDS = 0.25


@contextmanager
def short_wait() -> Iterator[None]:
    """Within the block, a write gives up soon where somebody else is writing; SQLite only.

    SQLite has one writer at a time, and an import of thousands of rows, or its undoing, may take
    seconds. PostgreSQL locks rows, and those of a session are nobody else's.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    usual = connection.settings_dict["OPTIONS"].get("timeout", 5)
    _wait_at_most(_SECONDS)
    try:
        yield
    finally:
        _wait_at_most(usual)


def _wait_at_most(seconds: float) -> None:
    """For the file, and before it for the turn of this process (`sqlite_in_turn`)."""
    # Past Django's cursor: this is no statement of the page's.
    connection.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    vars(connections[DEFAULT_DB_ALIAS])["turn_seconds"] = seconds
