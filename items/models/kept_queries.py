"""By what a query that was written is kept, so that it is found for the same things again.

A query may be written for things that are no slot of it: a day, a period with its dates, rows that
the caller hands in. All on which its SQL may depend is part of its key.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, QuerySet

MOST_KEPT = 24
"""As many forms of one query are kept, such as those of a day, a role and a year."""

Form = TypeVar("Form")

Thing = Hashable
"""A row, a queryset, something with a `key` of all that its SQL may depend on, or a plain value."""


def key_of(thing: Thing) -> Hashable:
    """What tells a thing from another one for which the SQL may be different.

    All columns of a row count and not its key alone: one of its days may have moved.
    """
    if isinstance(thing, Model):
        return columns_of(thing)
    if isinstance(thing, QuerySet):
        return key_of_rows(thing)
    key: Hashable = getattr(thing, "key", thing)
    return key


def columns_of(row: Model, *, without: str = "") -> tuple[Any, ...]:
    """The values of all columns of a row, but for one of which nothing that is kept is made."""
    values: tuple[Any, ...] = _reader_of(type(row), without)(row)
    return values


@cache
def _reader_of(model: type[Model], without: str) -> Callable[[Model], Any]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname != without]
    return attrgetter(*names)


SQL_OF_ROWS = "_sql_of_rows"
"""The attribute of a queryset that has its SQL with its values; None of one without any rows."""


def key_of_rows(rows: QuerySet[Any], *things: Thing) -> tuple[Hashable, ...] | None:
    """The SQL of the rows with its values, and the keys of the things; None for no rows at all."""
    # A page asks several questions about the same rows, and to write their SQL takes as long as to
    # ask one. Whatever limits rows further is another queryset, without what is noted here.
    noted = vars(rows)
    if SQL_OF_ROWS not in noted:
        try:
            sql, parameters = rows.order_by().query.sql_with_params()
            noted[SQL_OF_ROWS] = (sql, tuple(parameters))
        except EmptyResultSet:
            noted[SQL_OF_ROWS] = None
    sql_of_rows = noted[SQL_OF_ROWS]
    if sql_of_rows is None:
        return None
    return (*sql_of_rows, *[key_of(thing) for thing in things])


class KeptQueries(Generic[Form]):
    """The forms of one query that were asked lately."""

    def __init__(self) -> None:
        self._forms: dict[Hashable, Form] = {}

    def get(self, key: Hashable, make: Callable[[], Form]) -> Form:
        form = self._forms.get(key)
        if form is None:
            # Those of yesterday are not asked any more; which one is the oldest is not worth a list.
            if len(self._forms) >= MOST_KEPT:
                self._forms.clear()
            form = make()
            self._forms[key] = form
        return form
