"""Queries whose SQL Django writes once, and that are then asked with other values.

To write the SQL of a query costs Django ten times what the database takes to answer it: a report
with its path 1.4 ms against 0.1 ms. Saving and sending ask the same few questions each time, while
forty-nine others wait. Only queries of one fixed shape can be prepared: the same conditions, joins
and columns, whoever asks.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

LARGEST = 2**63 - 1

Row = TypeVar("Row", bound=Model)


class Slot(Value):
    """The place of a value that is only known when the query is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        """Of a key or a text no field has to be said; of a day it is a `DateField`."""
        super().__init__(None, output_field)
        self.name = name
        self._field = output_field

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return "%s", [self]

    def filled(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
        """The value as the database takes it."""
        value = values[self.name]
        if self._field is None:
            return value
        return self._field.get_db_prep_value(value, connection=connection, prepared=False)


class Prepared(Generic[Row]):
    """A query of rows of one model with slots; called with a value for each, it gives the rows.

    The rows are new objects each time: nothing of an answer is kept.
    """

    def __init__(
        self,
        make: Callable[[], QuerySet[Row]],
        *,
        held_with_others: bool = False,
        places: Mapping[int, str] | None = None,
    ) -> None:
        """`held_with_others`: nobody changes the rows before the transaction ends.

        Several may hold them at once, which Django's `select_for_update` has no word for.
        `places` has {a number that stands for nothing else: the name of the slot that it is}.
        """
        self._make = make
        self._held_with_others = held_with_others
        self._places = places or {}
        self._written: dict[str, _WrittenQuery] = {}

    def __call__(self, **values: Any) -> list[Row]:
        for value in values.values():
            # An address may hold any number: one beyond those of a database is that of no row.
            if isinstance(value, int) and abs(value) > LARGEST:
                return []
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._written.get(connection.vendor)
        if written is None:
            written = _WrittenQuery(self._make(), connection, self._places)
            if self._held_with_others:
                written.hold_with_others(connection)
            self._written[connection.vendor] = written
        return written.rows(values, connection)

    def first(self, **values: Any) -> Row | None:
        """The first row; None where there is none."""
        rows = self(**values)
        if not rows:
            return None
        return rows[0]


class _WrittenQuery:
    """A query in the SQL of one engine."""

    def __init__(
        self, queryset: QuerySet[Any], connection: BaseDatabaseWrapper, places: Mapping[int, str]
    ) -> None:
        if vars(queryset)["_prefetch_related_lookups"]:
            raise ValueError("what is prefetched asks a query of its own, which is not prepared")
        self._model = queryset.model
        self._query = queryset.query
        self._is_empty = False
        self._compiler = queryset.query.get_compiler(connection=connection)
        self._parameters: list[Any] = []
        try:
            self._sql, parameters = self._compiler.as_sql()
        except EmptyResultSet:
            # Whatever the values, nothing can answer it: such as what nobody of a role may do.
            self._is_empty = True
            return
        for parameter in parameters:
            if isinstance(parameter, int) and parameter in places:
                self._parameters.append(Slot(places[parameter]))
            else:
                self._parameters.append(parameter)

    def hold_with_others(self, connection: BaseDatabaseWrapper) -> None:
        # SQLite lets nobody else write anyway, from the beginning of a transaction.
        if connection.features.has_select_for_update and not self._is_empty:
            self._sql += " FOR SHARE"

    def rows(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
        if self._is_empty:
            return []
        parameters = []
        for parameter in self._parameters:
            if isinstance(parameter, Slot):
                parameter = parameter.filled(values, connection)
            parameters.append(parameter)
        # Copies, since each thread has a connection of its own, and two may ask at once.
        compiler = copy.copy(self._compiler)
        compiler.connection = connection
        vars(compiler)["as_sql"] = lambda *_, **__: (self._sql, parameters)
        query = copy.copy(self._query)
        vars(query)["get_compiler"] = lambda *_, **__: compiler
        return list(ModelIterable(QuerySet(self._model, query, using=DEFAULT_DB_ALIAS)))
