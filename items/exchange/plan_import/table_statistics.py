"""After many rows the database counts anew, so that it goes on finding the short ways.

PostgreSQL counts by itself, but later: until then two pages took ten minutes with an import of
2,000 items that nobody had counted. To count takes some hundredths of a second for each table.
"""

from django.db import connection, transaction
from django.db.models import Model

from items.exchange.plan_import.plan_now import FIELDS
from items.models import Change

MANY_ROWS = 500
"""Fewer rows change no way: a plan of 33 items with its history has some 200."""

MODELS: tuple[type[Model], ...] = (*FIELDS, Change)


def count_anew_after(row_count: int) -> None:
    """Let the database count as soon as what was written is committed."""
    if row_count >= MANY_ROWS:
        # What was written stays written where the counting fails: then that is only logged.
        transaction.on_commit(count_anew, robust=True)


def count_anew() -> None:
    """Let the database count the rows of the plan and of its history at once."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # So many rows of each index are looked at: the lock is held for milliseconds.
            cursor.execute("PRAGMA analysis_limit = 400")
        for model in MODELS:
            # Each by its name: `PRAGMA optimize` leaves out what this connection has not asked for.
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
