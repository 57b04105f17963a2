"""A pytest plugin (`-p tests.only_database`): only the tests that touch a database.

dev.py runs them on PostgreSQL after the whole suite has run on SQLite. pytest-django lets no test
reach a database without asking for it, so that what is left out cannot differ between engines.

Also left out are tests with the marker `one_engine`: they ask about links, words and rights on
pages whose every statement other tests run on PostgreSQL, too.

And between the tests it clears away the rows that they took back.
"""

import inspect
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def touches_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_engine"):
        return False
    if not isinstance(item, pytest.Function):
        return True
    if item.get_closest_marker("django_db"):
        return True
    # A test that takes `request` may ask for any fixture by name while it runs.
    if "request" in inspect.signature(item.function).parameters:
        return True
    return not FIXTURES.isdisjoint(item.fixturenames)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = [item for item in items if touches_database(item)]
    left_out = [item for item in items if not touches_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = chosen


TESTS_BETWEEN = 100
"""So many tests write a few thousand rows; to clear them away takes a twentieth of a second."""


class Sweeping:
    """Clears away what the tests of this process have written and taken back.

    The server's own vacuum is off (dev_tools/databases.py): it may come in the middle of a test,
    which keeps it from giving the pages back, and the planner then believes in empty tables. Without
    any, every look at a table goes through the rows of all tests before.
    """

    def __init__(self) -> None:
        self.number_of_tests = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        outcome = yield
        self.number_of_tests += 1
        is_due = self.number_of_tests % TESTS_BETWEEN == 0
        # What a whole file asks about lies in a transaction of its own, and the next test may come.
        if is_due and connection.connection is not None and not connection.in_atomic_block:
            sweep()
        return outcome


def sweep() -> None:
    """Give the pages of the test database back, by a connection that no test uses."""
    if connection.vendor != "postgresql":
        return
    tables = connection.introspection.django_table_names()
    names = ", ".join(connection.ops.quote_name(table) for table in sorted(tables))
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        own.execute(f"VACUUM {names}")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Sweeping())
