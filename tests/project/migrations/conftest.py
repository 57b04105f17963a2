"""A filled database of an early version, taken through all migrations once for the tests of this folder.

To go through the whole schema takes seconds, and more with each migration; to read what came of
one more row takes nothing.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.project.migrations import history_cases, report_cases, year_cases
from tests.project.migrations.early_office import EarlyOffice, a_plan, drop_all_tables

FIRST = "0001_initial"
RELEASED = "0002_cells_as_long_as_a_spreadsheets"
"""The last migration of the version whose history was keyed by labels."""
BEFORE_FOLDING = "0018_copy_of_the_report_before"


def pytest_collection_modifyitems(items):
    ours = [item for item in items if "tests/project/migrations/" in item.path.as_posix()]
    of_ours = set(ours)
    for item in ours:
        # Only somebody who writes a migration breaks them.
        item.add_marker(pytest.mark.slow)
        item.add_marker(pytest.mark.django_db)
    # First and in a row: a process takes over from the end of another one's list, and two that
    # share these would each go through all migrations.
    items.sort(key=lambda item: item not in of_ours)


@dataclass(frozen=True)
class MigratedOffice:
    """What the cases wrote, after all migrations."""

    apps: Any
    """The models after the newest of them."""
    first_action: int
    """The item of the first release."""
    folded_action: int
    """The item whose words were there before they were folded."""
    history: history_cases.HistoryKeys
    reports: report_cases.ReportKeys
    periods: year_cases.PeriodKeys
    fields_forward: dict
    """{key of an entry: its fields} after the first way through all migrations."""
    fields_back: dict
    """The same after the way back to the released version."""

    def rows(self, model):
        return self.apps.get_model("items", model).objects


@pytest.fixture(scope="package")
def migrated(django_db_setup, django_db_blocker):
    """The office of the early version, through all migrations, back, and through them again."""
    with django_db_blocker.unblock():
        try:
            yield _taken_through()
        finally:
            # All apps, not only ours: their tables went as well.
            call_command("migrate", verbosity=0, interactive=False)
            call_command("flush", verbosity=0, interactive=False)


def _taken_through():
    # The way back to the beginning would take a third of the time of all other steps together.
    drop_all_tables()
    _, first_action = a_plan(migrate(FIRST), year=109)
    released = migrate(RELEASED)
    user = released.get_model("items", "User").objects.create(username="yan", full_name="顏研考")
    office = EarlyOffice(released, user)
    history = history_cases.write(office)
    reports = report_cases.write(office)
    periods = year_cases.write(office)

    before_folding = migrate(BEFORE_FOLDING)
    _, folded_action = a_plan(before_folding, year=110)
    actions = before_folding.get_model("items", "Action").objects
    # Past `save`, as rows are that were there before there was a column for folded words.
    actions.filter(pk=folded_action.pk).update(title="ＡＢＣ臺階")

    fields_forward = _fields_of(migrate(), history.renamed)
    fields_back = _fields_of(migrate(RELEASED), history.renamed)
    return MigratedOffice(
        apps=migrate(),
        first_action=first_action.pk,
        folded_action=folded_action.pk,
        history=history,
        reports=reports,
        periods=periods,
        fields_forward=fields_forward,
        fields_back=fields_back,
    )


def migrate(name=None):
    """The models as they are after the named migration, or after the newest."""
    executor = MigrationExecutor(connection)
    if name is None:
        [(_, name)] = executor.loader.graph.leaf_nodes("items")
    executor.migrate([("items", name)])
    return executor.loader.project_state([("items", name)]).apps


def _fields_of(apps, keys):
    entries = apps.get_model("items", "Change").objects.filter(pk__in=keys)
    return dict(entries.values_list("pk", "fields"))
