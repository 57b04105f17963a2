"""A pytest plugin (`-p tests.only_database`): only the tests that touch a database.

dev.py runs them on PostgreSQL after the whole suite has run on SQLite. pytest-django lets no test
reach a database without asking for it, so that what is left out cannot differ between engines.

Also left out are tests with the marker `one_engine`: they ask about links, words and rights on
pages whose every statement other tests run on PostgreSQL, too.
"""

import inspect

import pytest

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
