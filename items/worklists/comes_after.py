"""A condition in SQL: whether a row stands behind another one in an order of several keys."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    F,
    Func,
    Value,
)
from django.db.models.sql.compiler import SQLCompiler

from items.models.conditions import FirstThatHolds


class ComesAfter(Func):
    """Whether a row stands behind given values of its keys, in the order of these keys.

    Both engines compare lists as dictionaries do: the first key that differs decides.
    """

    output_field = models.BooleanField()

    def __init__(
        self, keys: Sequence[FirstThatHolds | F], values: Sequence[Value], **extra: Any
    ) -> None:
        super().__init__(*keys, *values, **extra)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        return self._written(compiler)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        return self._written(compiler)

    def _written(self, compiler: SQLCompiler) -> tuple[str, list[Any]]:
        parts = []
        parameters: list[Any] = []
        for expression in self.get_source_expressions():
            sql, own_parameters = compiler.compile(expression)
            parts.append(sql)
            parameters.extend(own_parameters)
        # The keys were given first, then as many values (`__init__`).
        number_of_keys = len(parts) // 2
        keys = ", ".join(parts[:number_of_keys])
        values = ", ".join(parts[number_of_keys:])
        return f"(({keys}) > ({values}))", parameters
