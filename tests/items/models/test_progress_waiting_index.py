"""Lists of what waits read what waits, and not all reports of the year."""

import pytest
from django.db import connection

from items import access

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL reads so small a table from end to end"
)


def test_what_waits_for_the_head_is_looked_up_by_its_index(head, programme):
    waiting = access.reports_to_endorse(head).for_programme(programme)
    assert "report_with_head" in waiting.explain()


def test_what_waits_for_the_plan_office_is_looked_up_by_its_index(coordinator, programme):
    waiting = access.reports_to_accept(coordinator).for_programme(programme)
    assert "report_with_coordinator" in waiting.explain()
