"""Processor time, which other programs on the machine disturb less than the clock on the wall."""

import time
from pathlib import Path

NANOSECONDS = 1_000_000_000


def processor_seconds() -> float:
    """Of this process so far, and of the PostgreSQL server's process that works for it."""
    return time.process_time() + _database_seconds()


def _database_seconds() -> float:
    """Of the server's process behind this connection; 0 for SQLite, which runs in our own.

    Linux alone says it to the nanosecond. What parallel workers of the server do is not in it:
    the wall's clock, which is measured beside it, has that too.
    """
    from django.db import connection

    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    process = connection.connection.info.backend_pid
    statistics = Path(f"/proc/{process}/schedstat")
    if not statistics.exists():
        return 0.0
    on_processor = statistics.read_text().split()[0]
    return int(on_processor) / NANOSECONDS
