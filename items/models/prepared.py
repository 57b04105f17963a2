"""Queries whose SQL Django writes once, and that are then asked with other values.

To write the SQL of a query costs Django ten times what the database takes to answer it: a report
with its path 1.4 ms against 0.1 ms. Saving and sending ask the same few questions each time, while
forty-nine others wait. Only queries of one fixed shape can be prepared: the same conditions, joins
and columns for everybody. What a query is written for beside its slots (a day, a period with its
dates) is part of the key that it is kept by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from items.models.kept_queries import KeptQueries, Thing, key_of, key_of_rows
from items.models.planned_once import planned_once, statement_to_plan
from items.models.prepared_answers import Answers

LARGEST = 2**63 - 1
MOST_KEYS = 256
FIRST_PLACE = -8_000_000_000_000_000_000
"""Django wants numbers where keys stand: from this one on they are those of no row."""

Row = TypeVar("Row", bound=Model)


def is_of_no_row(value: object) -> bool:
    """Whether no row can have it: an address or a cookie may hold any number and any sign."""
    if isinstance(value, int):
        return abs(value) > LARGEST
    # PostgreSQL refuses to compare such a text, with an error.
    return isinstance(value, str) and "\0" in value


class Slot(Value):
    """The place of a value that is only known when the query is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        """A key or a text needs no field; a day needs a `DateField`."""
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


def _is_slot(parameter: Any) -> bool:
    return isinstance(parameter, Slot)


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
            if is_of_no_row(value):
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
        self._is_empty = False
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            # No values can have an answer: the role may not do it at all.
            self._is_empty = True
            return
        with_slots: list[Any] = []
        for parameter in parameters:
            if isinstance(parameter, int) and parameter in places:
                with_slots.append(Slot(places[parameter]))
            else:
                with_slots.append(parameter)
        self._sql, self._parameters = statement_to_plan(
            connection, sql, with_slots, differs=_is_slot
        )
        self._answers = Answers(queryset, compiler)

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
        with planned_once(connection), connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            answer = cursor.fetchall()
        if not answer:
            return []
        return self._answers.rows(answer, connection)


class PreparedForEach(Generic[Row]):
    """A query that is written anew only for things that it was not written for yet.

    `make` gets the things; the SQL depends on nothing but them and the slots.
    """

    def __init__(self, make: Callable[..., QuerySet[Row]]) -> None:
        self._make = make
        self._kept = KeptQueries[Prepared[Row]]()

    def __call__(self, *things: Thing, **values: Any) -> list[Row]:
        key = tuple(key_of(thing) for thing in things)
        prepared = self._kept.get(key, lambda: Prepared(lambda: self._make(*things)))
        return prepared(**values)


class PreparedForKeys(Generic[Row]):
    """A query of rows that are named by keys, written once for 1, 2, 4, 8 … keys.

    For very many keys it is written each time.
    """

    def __init__(self, make: Callable[[list[int]], QuerySet[Row]]) -> None:
        self._make = make
        self._kept = KeptQueries[Prepared[Row]]()

    def __call__(self, keys: Iterable[int]) -> list[Row]:
        """Nothing is asked where there are no keys."""
        asked = list(keys)
        if not asked:
            return []
        if len(asked) > MOST_KEYS:
            return list(self._make(asked))
        places = places_of(asked)
        prepared = self._kept.get(len(places), lambda: self._for(places))
        return prepared(**values_of(asked, places))

    def _for(self, places: Mapping[int, str]) -> Prepared[Row]:
        return Prepared(lambda: self._make(list(places)), places=places)


class PreparedOfRows(Generic[Row]):
    """A query that is made of rows which the caller hands in; written once for rows of one SQL.

    `make` gets the rows and the things, and `keys` where there are some. The right or filter that
    limits the rows is part of their SQL, and so of the key that the query is kept by.
    """

    def __init__(self, make: Callable[..., QuerySet[Row]]) -> None:
        self._make = make
        self._kept = KeptQueries[Prepared[Row]]()

    def __call__(
        self, rows: QuerySet[Any], *things: Thing, keys: Iterable[int] | None = None
    ) -> list[Row]:
        """Nothing is asked where there are no keys, or where the rows are known to be none."""
        key = key_of_rows(rows, *things)
        if key is None:
            return []
        if keys is None:
            prepared = self._kept.get(key, lambda: Prepared(lambda: self._make(rows, *things)))
            return prepared()
        asked = list(keys)
        if not asked:
            return []
        if len(asked) > MOST_KEYS:
            return list(self._make(rows, *things, asked))
        places = places_of(asked)

        def prepare() -> Prepared[Row]:
            return Prepared(lambda: self._make(rows, *things, list(places)), places=places)

        key_with_length = (*key, len(places))
        prepared = self._kept.get(key_with_length, prepare)
        return prepared(**values_of(asked, places))


def places_of(keys: Sequence[int]) -> dict[int, str]:
    """{a key of no row: the name of the slot that it is}, as many as there are keys, or some more."""
    # The next power of two: a list of any length has one of nine forms.
    number_of_slots = 1 << (len(keys) - 1).bit_length()
    return {FIRST_PLACE + number: slot_name(number) for number in range(number_of_slots)}


def values_of(keys: Sequence[int], places: Mapping[int, str]) -> dict[str, int]:
    """What stands in these places: the last key more than once, where there are fewer keys."""
    # To ask for one key twice changes no answer: what is left over needs a value as well.
    values = dict.fromkeys(places.values(), keys[-1])
    for number, key in enumerate(keys):
        values[slot_name(number)] = key
    return values


def slot_name(number: int) -> str:
    return f"key{number}"
