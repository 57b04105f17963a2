"""How the answer to a prepared query becomes rows, as Django's own iterables make them.

What Django works out anew for each answer (which column belongs to which object, how a column
becomes a value) is worked out once for each query: for an answer of one row that took as long as to
make the row. It leans on Django's iterables as `prepared.py` does on its compiler (decision 0024).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models import query as django_query
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Answer = Sequence[Sequence[Any]]
"""The rows of an answer, each with its columns."""


class Answers:
    """Makes rows of the answers to one query, whose SQL the compiler has written."""

    def __init__(self, queryset: QuerySet[Any], compiler: SQLCompiler) -> None:
        iterable = vars(queryset)["_iterable_class"]
        self._columns = _Columns(compiler)
        self._rows_of: Callable[[Iterable[Any]], list[Any]]
        if iterable is ModelIterable:
            self._rows_of = _WholeRows(compiler)
        else:
            self._rows_of = _RowsOfValues(queryset, iterable)

    def rows(self, answer: Answer, connection: BaseDatabaseWrapper) -> list[Any]:
        return self._rows_of(self._columns.values(answer, connection))


class _Columns:
    """What makes values of the columns of an answer."""

    def __init__(self, compiler: SQLCompiler) -> None:
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        if compiler.has_composite_fields(columns):
            raise ValueError("a key of several columns is not prepared")
        # Only columns that say something else than the database does, such as JSON.
        self._conversions = list(compiler.get_converters(columns).items())
        # The last columns of some answers are only sorted by.
        self._number_of_columns: int | None = None
        if compiler.has_extra_select:
            self._number_of_columns = compiler.col_count

    def values(self, answer: Answer, connection: BaseDatabaseWrapper) -> Answer:
        if self._number_of_columns is not None:
            answer = [row[: self._number_of_columns] for row in answer]
        if not self._conversions:
            return answer
        rows = []
        for row in answer:
            values = list(row)
            for place, (converters, expression) in self._conversions:
                value = values[place]
                for convert in converters:
                    value = convert(value, expression, connection)
                values[place] = value
            rows.append(values)
        return rows


class _WholeRows:
    """Objects of a model, with those that are joined to them."""

    def __init__(self, compiler: SQLCompiler) -> None:
        known = compiler.klass_info
        assert known is not None
        places = known["select_fields"]
        self._model = known["model"]
        self._first = places[0]
        self._end = places[-1] + 1
        columns = compiler.select[self._first : self._end]
        self._names = [column.target.attname for column, *_ in columns]
        # Any, since django-stubs knows the function as a later Django has it.
        populators: Any = django_query.get_related_populators
        self._joined = populators(known, compiler.select, DEFAULT_DB_ALIAS)
        self._annotations = list((compiler.annotation_col_map or {}).items())

    def __call__(self, answer: Iterable[Any]) -> list[Any]:
        rows = []
        for values in answer:
            own_values = values[self._first : self._end]
            row = self._model.from_db(DEFAULT_DB_ALIAS, self._names, own_values)
            for joined in self._joined:
                joined.populate(values, row)
            for name, place in self._annotations:
                setattr(row, name, values[place])
            rows.append(row)
        return rows


class _RowsOfValues:
    """What `values` and `values_list` give."""

    def __init__(self, queryset: QuerySet[Any], iterable: Callable[[Any], Any]) -> None:
        self._queryset = queryset
        self._iterable = iterable

    def __call__(self, answer: Iterable[Any]) -> list[Any]:
        # Of its own, since two threads may have answers at once.
        queryset = self._queryset.all()
        vars(queryset.query)["get_compiler"] = lambda *_, **__: _Answered(answer)
        return list(self._iterable(queryset))


class _Answered:
    """Stands where Django's iterables expect a compiler that has still to ask."""

    def __init__(self, answer: Iterable[Any]) -> None:
        self._answer = answer

    def results_iter(self, *, tuple_expected: bool = False, **_: Any) -> Iterable[Any]:
        if tuple_expected:
            return map(tuple, self._answer)
        return self._answer
