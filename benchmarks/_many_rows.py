"""A small year copied over and over inside the database, until it is a large one.

Through models, 800,000 reports would take minutes. Copied are rows with all their columns, so that
a new column of a model needs nothing here; only keys, and what has to be unique, are written anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import connection, models

from items.exchange.plan_import.table_statistics import count_anew
from items.models import (
    Action,
    Assignment,
    Method,
    Period,
    Plan,
    Programme,
    ProgressReport,
    ReportStep,
    Strategy,
)

STRIDE = 1_000_000
"""Between the keys of two copies: more than a small year has rows of one model."""
LARGE_STRIDE = 100 * STRIDE
"""The same between two large years."""

OF_A_YEAR: tuple[type[models.Model], ...] = (
    Method,
    Plan,
    Action,
    Assignment,
    ProgressReport,
    ReportStep,
)
"""From the top down, so that every foreign key leads to a row that is there."""


WHOLE_YEAR: tuple[type[models.Model], ...] = (
    Programme,
    Period,
    Strategy,
    Method,
    Plan,
    Action,
    Assignment,
    ProgressReport,
)
"""What further years have: of reports the newest period's, and no steps."""


def multiply(times: int, *, items: int) -> None:
    """Copy the one year that is there until it is `times` as large; `items` are those it has."""
    with unchecked():
        for copy in range(1, times):
            code = f"'115-' || CAST(CAST(substr(code, 5) AS integer) + {copy * items} AS text)"
            for model in OF_A_YEAR:
                copy_rows(model, OF_A_YEAR, by=copy * STRIDE, instead={"code": code})
    _count_rows()


def further_years(number: int) -> None:
    """So many years beside the large one, which is 115年度: each with all of its assignments."""
    newest = Period.objects.order_by("-ends_on")[0]
    with unchecked():
        for copy in range(1, number + 1):
            for model in WHOLE_YEAR:
                where = ""
                if model is ProgressReport:
                    where = f"AND period_id = {newest.pk}"
                copy_rows(
                    model,
                    WHOLE_YEAR,
                    by=copy * LARGE_STRIDE,
                    instead={
                        "year": f"year + {copy}",
                        "code": f"'{115 + copy}-' || substr(code, 5)",
                    },
                    where=where,
                    below=LARGE_STRIDE,
                )
    _count_rows()


@contextmanager
def unchecked() -> Iterator[None]:
    """Without a look at each foreign key: rows are copied whose keys have been looked at."""
    before, after = "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
    if connection.vendor == "postgresql":
        before = "SET session_replication_role = replica; SET synchronous_commit = off"
        after = "RESET session_replication_role; RESET synchronous_commit"
    with connection.cursor() as cursor:
        cursor.execute(before)
        try:
            yield
        finally:
            cursor.execute(after)


def copy_rows(
    model: type[models.Model],
    copied: Sequence[type[models.Model]],
    *,
    by: int,
    instead: Mapping[str, str],
    where: str = "",
    below: int = STRIDE,
) -> None:
    """Insert the first copy's rows of a model once more, with every key `by` higher.

    Foreign keys to `copied` models lead to their copies, the others stay. `instead` has SQL for
    columns that get something else.
    """
    quote = connection.ops.quote_name
    columns = []
    values = []
    for field in model._meta.concrete_fields:
        column = quote(field.column)
        columns.append(column)
        if field.primary_key or field.related_model in copied:
            values.append(f"{column} + {by}")
        else:
            values.append(instead.get(field.column, column))
    table = quote(model._meta.db_table)
    key = quote(str(model._meta.pk.column))
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM {table} WHERE {key} < {below} {where}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _count_rows() -> None:
    """As after the import of a plan of that size, which lets the database count its rows."""
    count_anew()
    count_as_postgres_does()


def count_as_postgres_does() -> None:
    """PostgreSQL counts what was written by itself, a minute later: a measurement does not wait.

    Before, it takes a table of thousands of reports for an empty one: 待我核可 of 2,000 items took
    32 ms of a processor instead of 19, and 填報審核 half as long again. SQLite never counts by itself.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
