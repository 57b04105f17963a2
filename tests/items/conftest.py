"""The 115 plan as a database, and a year with one row of each kind for the walk of all addresses."""

import pytest

from items.models import Programme
from items.workflow import periods
from tests.items.whole_world import make_world
from tests.kept_rows import load_plan
from tests.making import NOW
from tests.whole_office import office_of_a_module


@pytest.fixture
def plan(db):
    """The 115 plan as loaded from the fixture."""
    load_plan()
    return Programme.objects.get(year=115)


@pytest.fixture
def quarter(plan, coordinator):
    """115年第4季, open."""
    periods.lay_out(plan, by=coordinator, at=NOW)
    return periods.open_period(plan.periods.get(number=4), by=coordinator, at=NOW)


@pytest.fixture(scope="module")
def whole_office(django_db_setup, django_db_blocker):
    """Everybody and the running year, for all tests of a module; they are marked `django_db`."""
    with office_of_a_module(django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def world(whole_office):
    """{what stands in an address: the key of its row}, and who may be signed in, for a whole module."""
    return make_world(whole_office)
