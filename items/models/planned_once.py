"""What PostgreSQL plans once on a connection; with SQLite, which plans in no time, nothing differs."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, TypeGuard

from django.db.backends.base.base import BaseDatabaseWrapper

# An office with SQLite need not load the module for PostgreSQL.
if TYPE_CHECKING:
    from plan_tracker.postgres_planned.base import DatabaseWrapper as PostgresPlanned


def planned_once(connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
    """What is asked inside is asked again with the same SQL."""
    if _is_postgres(connection):
        return connection.planned_once()
    return nullcontext()


def statement_to_plan(
    connection: BaseDatabaseWrapper,
    sql: str,
    parameters: Sequence[Any],
    *,
    differs: Callable[[Any], bool],
) -> tuple[str, list[Any]]:
    """The SQL, and those of its values that differ each time; all of them for SQLite."""
    if _is_postgres(connection):
        return connection.with_values_inside(sql, parameters, differs=differs)
    return sql, list(parameters)


def _is_postgres(connection: BaseDatabaseWrapper) -> "TypeGuard[PostgresPlanned]":
    return connection.vendor == "postgresql"
