"""The administrator in the back office, and a row of everything that it shows."""

import pytest

from items.models import ImportBatch, PlannedProgress, ReportStep
from tests.making import NOW


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def action(make_action, administration, information):
    return make_action([administration, information])


@pytest.fixture
def everything(action, quarters, mei, coordinator, programme, make_report, administration):
    """At least one row of every model that the back office shows."""
    assignment = action.assignments.get(department=administration)
    report = make_report(assignment, quarters[2], mei, percent=75)
    ReportStep.objects.create(
        report=report,
        number=2,
        kind="accept",
        from_state="with_coordinator",
        to_state="accepted",
        by=coordinator,
        at=NOW,
    )
    PlannedProgress.objects.create(assignment=assignment, period=quarters[3], percent=90)
    ImportBatch.objects.create(
        programme=programme,
        by=coordinator,
        at=NOW,
        door="page",
        file_name="表.xlsx",
        content=b"x",
        sha256="0" * 64,
    )
    return report
