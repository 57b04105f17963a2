"""SQL over the rows of a queryset, where groups are grouped once more.

A mean of means, or how many items have which worst light, is a GROUP BY over a GROUP BY, which
Django cannot say: it would bring a row for each item into Python. At 50,000 items this is ten times
faster than that.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def select_from(
    rows: QuerySet[Any], name: str, columns: Sequence[str], sql: str
) -> list[tuple[Any, ...]]:
    """Run `sql` with the queryset as a table `name`, which has these columns; it has no parameters.

    `rows` is a `values_list` of as many columns. Nothing is fetched where the queryset is known to
    be empty.
    """
    try:
        inner, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {name} ({', '.join(columns)}) AS ({inner}) {sql}", parameters)
        return cursor.fetchall()
