"""Which tests run on PostgreSQL again: those that can reach a database; and what is swept between them."""

import pytest
from django.db import connection, transaction

from items.models import Department
from tests.only_database import sweep, touches_database


@pytest.fixture
def node(request):
    """The test itself, as pytest collected it."""
    return request.node


def test_a_test_without_a_database_does_not(node):
    assert not touches_database(node)


def test_a_test_whose_fixtures_ask_for_one_does(node, programme):
    assert touches_database(node)


@pytest.mark.django_db
def test_a_test_that_is_marked_does(node):
    assert touches_database(node)


def test_a_test_that_may_ask_for_fixtures_by_name_does(node, request):
    assert touches_database(node)


@pytest.mark.one_engine
def test_a_test_that_is_kept_to_one_engine_does_not(node, programme):
    assert not touches_database(node)


def pages_of(model):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s)", [model._meta.db_table])
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_rows_that_were_taken_back_leave_no_page():
    """From a table with pages and without rows the planner would expect none, come what may."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps nothing of what was taken back")
    with transaction.atomic():
        Department.objects.bulk_create(
            Department(name=f"第{number}處", position=number) for number in range(500)
        )
        transaction.set_rollback(True)
    assert pages_of(Department) > 0
    sweep()
    assert pages_of(Department) == 0
