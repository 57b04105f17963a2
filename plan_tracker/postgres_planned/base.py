"""Django's backend for PostgreSQL, which can ask a question that is planned once on a connection.

To read and to plan the SQL of a page takes PostgreSQL longer than to answer it: of the form of a
report 6.0 ms against 1.5 ms. Django puts the values into the SQL, so that every question is a new
one. What is asked inside of `planned_once` has its values beside its SQL, and from the second time
on PostgreSQL has its plan. Django's own option for all questions (`server_side_binding`) is not
taken: with it no statement has more than 65,535 values, of which an import may need more, and
PostgreSQL takes the same value in SELECT and in GROUP BY for two.

Django looks for a class of this name in a module of this name:
https://docs.djangoproject.com/en/5.2/ref/databases/#subclassing-the-built-in-database-backends
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg import sql

from plan_tracker.sql_places import with_places_filled

ASKED_BEFORE = 1
"""So often is a question asked on a connection before its plan is worth keeping."""

PLAN_FOR_ANY_VALUE = "SET plan_cache_mode = force_generic_plan"
"""Of what is planned once. All other SQL has its values inside, and is planned for them."""

MOST_PLANS = 256
"""Of one connection. The pages of all roles ask about two hundred questions."""


class DatabaseOperations(operations.DatabaseOperations):
    """As Django's."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """Its SQL with the values inside, as logs and tests show it."""
        if isinstance(cursor, base.ServerBindingCursor):
            return str(self.compose_sql(sql, params))
        last: str = super().last_executed_query(cursor, sql, params)
        return last


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection."""

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = MOST_PLANS
        return connection

    def init_connection_state(self) -> None:
        super().init_connection_state()
        # Otherwise PostgreSQL plans the first five times for the values that it gets, each time
        # anew: as many as a connection of a small office is asked a question before it ends.
        self.connection.execute(PLAN_FOR_ANY_VALUE)

    @contextmanager
    def planned_once(self) -> Iterator[None]:
        """What is asked inside is asked again with the same SQL and other values beside it."""
        self.ensure_connection()
        connection = self.connection
        usual_cursor = connection.cursor_factory
        connection.cursor_factory = base.ServerBindingCursor
        # Only inside: psycopg would keep the SQL of all other questions, to count them.
        connection.prepare_threshold = ASKED_BEFORE
        try:
            yield
        finally:
            connection.cursor_factory = usual_cursor
            connection.prepare_threshold = None

    def with_values_inside(
        self, statement: str, parameters: Sequence[Any], *, differs: Callable[[Any], bool]
    ) -> tuple[str, list[Any]]:
        """The SQL with all values inside that are the same each time, and those that differ.

        PostgreSQL compares what it reads inside with the conditions of its indexes, for a plan of
        all other values as well.
        """
        self.ensure_connection()
        left = iter(parameters)
        beside: list[Any] = []

        def fill() -> str:
            value = next(left)
            if differs(value):
                beside.append(value)
                return "%s"
            return sql.Literal(value).as_string(self.connection).replace("%", "%%")

        return with_places_filled(statement, fill), beside
