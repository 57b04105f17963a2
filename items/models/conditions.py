"""Conditions said once as `Q`, and read twice: written into SQL, and asked of a row in Python.

Django's own `Case` resolves and compiles every condition anew wherever it is used: the lights of
seven rules cost 10,000 function calls a query. Written straight into SQL they cost 1,500.
"""

import enum
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple, cast

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q
from django.db.models.sql.compiler import SQLCompiler


class ConditionLookup(NamedTuple):
    """How a column is compared: in Python, and by an operator of SQL."""

    in_python: Callable[[Any, Any], bool]
    in_sql: str


EXACT = "exact"
IS_NULL = "isnull"
ONE_OF = "in"
LOOKUPS: Mapping[str, ConditionLookup] = {
    EXACT: ConditionLookup(operator.eq, "="),
    "gt": ConditionLookup(operator.gt, ">"),
    "gte": ConditionLookup(operator.ge, ">="),
    "lt": ConditionLookup(operator.lt, "<"),
    "lte": ConditionLookup(operator.le, "<="),
}
"""What conditions may compare by, beside `isnull` and `in`."""


@dataclass(frozen=True)
class Comparison:
    """One comparison of a `Q`: a column, the name of a lookup, and a value or another column."""

    column: str
    lookup: str
    expected: Any


def parts_of(condition: Q) -> list[Q | Comparison]:
    """What a condition joins by AND or OR."""
    parts: list[Q | Comparison] = []
    for child in condition.children:
        if not isinstance(child, tuple):
            parts.append(cast(Q, child))
            continue
        name, expected = child
        column, _, lookup = name.rpartition("__")
        # What stands behind the last "__" may be a part of the column's path.
        if lookup not in (IS_NULL, ONE_OF) and lookup not in LOOKUPS:
            column, lookup = name, EXACT
        parts.append(Comparison(column, lookup, expected))
    return parts


def columns_named(condition: Q) -> list[str]:
    """The columns that a condition reads, each once."""
    names: list[str] = []
    for part in parts_of(condition):
        if isinstance(part, Comparison):
            names.append(part.column)
            if isinstance(part.expected, F):
                names.append(_name_of(part.expected))
        else:
            names += columns_named(part)
    return list(dict.fromkeys(names))


# In Python.

Check = Callable[[Mapping[str, Any]], bool]
"""Says whether a condition is true of a row; it gets the values of the columns that are named."""


def holds(condition: Q, values: Mapping[str, Any]) -> bool:
    """Whether a condition is true of a row; `values` are those of the columns that it names.

    As in the database, a comparison with nothing (None) is not true. No condition may negate such a
    comparison, of which a database says neither that it is true nor that it is not.
    """
    return check_of(condition)(values)


def check_of(condition: Q) -> Check:
    """`holds` of one condition for many rows: to take it apart costs more than to ask it."""
    checks: list[Check] = []
    for part in parts_of(condition):
        if isinstance(part, Comparison):
            checks.append(partial(_is_true, part))
        else:
            checks.append(check_of(part))
    decide = any if condition.connector == Q.OR else all
    is_negated = condition.negated

    def check(values: Mapping[str, Any]) -> bool:
        return decide([holds_of_part(values) for holds_of_part in checks]) != is_negated

    return check


def _is_true(comparison: Comparison, values: Mapping[str, Any]) -> bool:
    value = values[comparison.column]
    expected = comparison.expected
    if comparison.lookup == IS_NULL:
        is_missing = value is None
        return is_missing == expected
    if isinstance(expected, F):
        expected = values[_name_of(expected)]
    if value is None or expected is None:
        return False
    if comparison.lookup == ONE_OF:
        return value in expected
    return LOOKUPS[comparison.lookup].in_python(value, expected)


def _name_of(column: F) -> str:
    # django-stubs does not know the name of the column that an F stands for.
    return str(column.name)  # type: ignore[attr-defined]


# In SQL.


@dataclass(frozen=True)
class SqlPiece:
    """A piece of SQL with the parameters of its placeholders, in their order."""

    sql: str
    parameters: list[Any]


def sql_of(
    condition: Q, columns: Mapping[str, SqlPiece], connection: BaseDatabaseWrapper
) -> SqlPiece:
    """A condition in SQL; `columns` says what each column that it names is there."""
    texts = []
    # In the order of the texts: the database gives the parameters to the marks one by one.
    parameters: list[Any] = []
    for part in parts_of(condition):
        if isinstance(part, Comparison):
            piece = _comparison_sql(part, columns, connection)
        else:
            piece = sql_of(part, columns, connection)
        texts.append(piece.sql)
        parameters += piece.parameters
    sql = f" {condition.connector} ".join(texts)
    if condition.negated:
        return SqlPiece(f"NOT ({sql})", parameters)
    return SqlPiece(f"({sql})", parameters)


def _comparison_sql(
    comparison: Comparison, columns: Mapping[str, SqlPiece], connection: BaseDatabaseWrapper
) -> SqlPiece:
    column = columns[comparison.column]
    if comparison.lookup == IS_NULL:
        words = "IS NOT NULL"
        if comparison.expected:
            words = "IS NULL"
        return SqlPiece(f"{column.sql} {words}", column.parameters)
    if comparison.lookup == ONE_OF:
        return _one_of_sql(column, comparison.expected, connection)
    in_sql = LOOKUPS[comparison.lookup].in_sql
    expected = _value_sql(comparison.expected, connection)
    if isinstance(comparison.expected, F):
        expected = columns[_name_of(comparison.expected)]
    sql = f"{column.sql} {in_sql} {expected.sql}"
    return SqlPiece(sql, [*column.parameters, *expected.parameters])


def _one_of_sql(
    column: SqlPiece, values: Iterable[Any], connection: BaseDatabaseWrapper
) -> SqlPiece:
    # The column once, instead of an OR: it may be an expression of two thousand letters.
    places = []
    parameters = list(column.parameters)
    for value in values:
        piece = _value_sql(value, connection)
        places.append(piece.sql)
        parameters += piece.parameters
    return SqlPiece(f"{column.sql} IN ({', '.join(places)})", parameters)


def _value_sql(value: Any, connection: BaseDatabaseWrapper) -> SqlPiece:
    # As Django hands them over: SQLite keeps days and moments as text.
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, datetime):
        value = connection.ops.adapt_datetimefield_value(value)
    elif isinstance(value, date):
        value = connection.ops.adapt_datefield_value(value)
    return SqlPiece("%s", [value])


class Alternative(NamedTuple):
    """A value, and the condition under which it is taken unless another before it is."""

    condition: Q
    value: Any


class FirstThatHolds(models.Func):
    """The value of the first alternative whose condition holds, else `default`."""

    def __init__(
        self,
        alternatives: Sequence[Alternative],
        *,
        default: Any,
        output_field: models.Field,
        instead: Mapping[str, Any] | None = None,
    ) -> None:
        """`instead` has expressions for columns that stand for something else here."""
        expressions = instead or {}
        columns: list[str] = []
        for alternative in alternatives:
            columns += columns_named(alternative.condition)
        self.alternatives = tuple(alternatives)
        self.columns = tuple(dict.fromkeys(columns))
        sources = [expressions.get(column, F(column)) for column in self.columns]
        super().__init__(*sources, output_field=output_field)
        self.default = default

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        return self._written(compiler, connection)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        return self._written(compiler, connection)

    def _written(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        columns = {}
        for name, expression in zip(self.columns, self.get_source_expressions(), strict=True):
            sql, parameters = compiler.compile(expression)
            # In parentheses: a column may be an expression with operators of its own.
            columns[name] = SqlPiece(f"({sql})", list(parameters))
        words = ["CASE"]
        all_parameters: list[Any] = []
        for alternative in self.alternatives:
            condition = sql_of(alternative.condition, columns, connection)
            value = _value_sql(alternative.value, connection)
            words.append(f"WHEN {condition.sql} THEN {value.sql}")
            all_parameters += [*condition.parameters, *value.parameters]
        default = _value_sql(self.default, connection)
        words.append(f"ELSE {default.sql} END")
        all_parameters += default.parameters
        return " ".join(words), all_parameters
