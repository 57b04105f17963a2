"""A connection to SQLite does not outlive a statement of thousands of values."""

import pytest
from django.db.utils import ConnectionHandler

from plan_tracker.sqlite_in_turn.large_statements import LONG_VALUE, MANY_VALUES

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


@pytest.fixture
def connection(tmp_path):
    settings = {
        "ENGINE": "plan_tracker.sqlite_in_turn",
        "NAME": str(tmp_path / "plan.sqlite3"),
        # As in a server: a connection stays open between requests.
        "CONN_MAX_AGE": None,
    }
    with_file = ConnectionHandler({"default": settings})["default"]
    yield with_file
    with_file.close()


def ask(connection, number):
    marks = ", ".join(["%s"] * number)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 WHERE 1 IN ({marks})", list(range(number)))
        return cursor.fetchall()


def test_a_small_statement_stays_prepared(connection):
    assert ask(connection, MANY_VALUES) == [(1,)]
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is not None


def test_with_a_large_one_the_connection_is_closed_when_the_request_has_ended(connection):
    assert ask(connection, MANY_VALUES + 1) == [(1,)]
    assert connection.connection is not None
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is None
    # The next request has a new one, which stays.
    ask(connection, 1)
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is not None


@pytest.mark.parametrize(
    "value",
    ["字" * (LONG_VALUE + 1), bytes(LONG_VALUE + 1), memoryview(bytes(LONG_VALUE + 1))],
    ids=["text", "bytes", "as Django writes a file"],
)
def test_nor_does_it_outlive_a_large_value_which_its_statement_would_keep(connection, value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s)", [value])
        assert cursor.fetchall() == [(LONG_VALUE + 1,)]
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is None


def test_a_value_of_usual_length_stays(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s), %s", ["字" * LONG_VALUE, None])
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is not None


def test_within_a_transaction_it_stays_open(connection):
    ask(connection, MANY_VALUES + 1)
    connection.in_atomic_block = True
    connection.close_if_unusable_or_obsolete()
    connection.in_atomic_block = False
    assert connection.connection is not None
