"""Which tests run on PostgreSQL again: those that can reach a database."""

import pytest

from tests.only_database import touches_database


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
