"""Writing one row by SQL that Django writes once, as `prepared.py` does for questions.

To write the SQL of an INSERT or UPDATE costs Django five times what the database takes for it, and
a sending writes six rows while forty-nine others wait. What is written is what Django would write:
the same statement, its values made by the same fields. Signals of models are not sent; nothing of
ours listens to any. PostgreSQL plans such a statement once on a connection (docs/decisions/0031).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, QuerySet
from django.db.models.sql import InsertQuery, UpdateQuery

from items.models.kept_queries import KeptQueries
from items.models.planned_once import planned_once
from items.models.prepared import Slot, is_of_no_row

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class _Statement:
    """The SQL for one engine, and in the order of its marks what stands for each value."""

    sql: str
    values: tuple[Any, ...]


class _NewValue(Slot):
    """The place of what a column gets; the value is made as saving the field would make it."""

    def __init__(self, field: Field[Any, Any]) -> None:
        super().__init__(field.name)
        self.column = field

    def filled(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        value = values[self.name]
        if isinstance(value, Model):
            value = value.pk
        return self.column.get_db_prep_save(value, connection=connection)


class PreparedUpdate(Generic[Row]):
    """`make` gives the rows, with a `Slot` for each value of their filter that differs.

    Called with {name of a field: value} and the values of the slots, it writes these fields and
    returns how many rows there were, as `QuerySet.update` does.
    """

    def __init__(self, make: Callable[[], QuerySet[Row]]) -> None:
        self._make = make
        # A form may leave out a field, and then the statement is another one.
        self._kept = KeptQueries[_Statement]()

    def __call__(self, new: Mapping[str, Any], **slots: Any) -> int:
        for value in slots.values():
            if is_of_no_row(value):
                return 0
        connection = connections[DEFAULT_DB_ALIAS]
        names = tuple(new)
        key: Hashable = (connection.vendor, names)
        statement = self._kept.get(key, lambda: self._written(names, connection))
        parameters = []
        for value in statement.values:
            if isinstance(value, _NewValue):
                value = value.filled(new, connection)
            elif isinstance(value, Slot):
                value = value.filled(slots, connection)
            parameters.append(value)
        with (
            transaction.mark_for_rollback_on_error(using=connection.alias),
            planned_once(connection),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.sql, parameters)
            rows: int = cursor.rowcount
        return rows

    def _written(self, names: tuple[str, ...], connection: BaseDatabaseWrapper) -> _Statement:
        rows = self._make().order_by()
        # Any, since django-stubs knows only the queries that ask.
        query: Any = rows.query.chain(UpdateQuery)
        places = {}
        for name in names:
            field = rows.model._meta.get_field(name)
            assert isinstance(field, Field)
            places[name] = _NewValue(field)
        query.add_update_values(places)
        sql, values = query.get_compiler(connection=connection).as_sql()
        return _Statement(sql, tuple(values))


def insert_row(row: Model) -> None:
    """Write a new row and give it its key, as `save` does."""
    connection = connections[DEFAULT_DB_ALIAS]
    model = type(row)
    statement = _insertion(model, connection.vendor)
    parameters = []
    for field in statement.values:
        value = field.pre_save(row, add=True)
        parameters.append(field.get_db_prep_save(value, connection=connection))
    with (
        transaction.mark_for_rollback_on_error(using=connection.alias),
        planned_once(connection),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.sql, parameters)
        [row.pk] = cursor.fetchone()
    row._state.adding = False
    row._state.db = connection.alias


@cache
def _insertion(model: type[Model], vendor: str) -> _Statement:
    """The INSERT of a row, with the fields that its values are those of."""
    connection = connections[DEFAULT_DB_ALIAS]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    query = InsertQuery(model)
    # Of an empty row, since only the marks are wanted.
    query.insert_values(fields, [model()])
    compiler: Any = query.get_compiler(connection=connection)
    compiler.returning_fields = [model._meta.pk]
    [(sql, _)] = compiler.as_sql()
    return _Statement(sql, tuple(fields))
