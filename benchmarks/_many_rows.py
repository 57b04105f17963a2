"""A small year copied over and over inside the database, until it is a large one.

Through models, 800,000 reports would take minutes. Copied are rows with all their columns, so that
a new column of a model needs nothing here; only keys, and what has to be unique, are written anew.
"""

from collections.abc import Mapping, Sequence

from django.db import connection, models

from items.models import (
    Action,
    Assignment,
    Method,
    Plan,
    ProgressReport,
    ReportStep,
)

STRIDE = 1_000_000
"""Between the keys of two copies: more than a small year has rows of one model."""

OF_A_YEAR: tuple[type[models.Model], ...] = (
    Method,
    Plan,
    Action,
    Assignment,
    ProgressReport,
    ReportStep,
)
"""From the top down, so that every foreign key leads to a row that is there."""


def multiply(times: int, *, items: int) -> None:
    """Copy the one year that is there until it is `times` as large; `items` are those it has."""
    for copy in range(1, times):
        code = f"'115-' || CAST(CAST(substr(code, 5) AS integer) + {copy * items} AS text)"
        for model in OF_A_YEAR:
            copy_rows(model, OF_A_YEAR, by=copy * STRIDE, instead={"code": code})
    _count_rows()


def copy_rows(
    model: type[models.Model],
    copied: Sequence[type[models.Model]],
    *,
    by: int,
    instead: Mapping[str, str],
    where: str = "",
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
        f"SELECT {', '.join(values)} FROM {table} WHERE {key} < {STRIDE} {where}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _count_rows() -> None:
    """PostgreSQL counts rows by itself, a minute later; a measurement does not wait for that."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
