"""The 115 plan as a database, for the tests of import and export."""

import pytest

from items.models import Programme
from items.workflow import periods
from tests.kept_rows import load_plan
from tests.making import NOW


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
