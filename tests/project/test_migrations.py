"""Migrations from every released state, on a filled database."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

LAST = "0002_cells_as_long_as_a_spreadsheets"


def migrate(name):
    """The models as they are after the named migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([("items", name)])
    return executor.loader.project_state([("items", name)]).apps


def a_plan(apps):
    programme = apps.get_model("items", "Programme").objects.create(
        year=115, title="計畫", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    strategy = apps.get_model("items", "Strategy").objects.create(
        programme=programme, number=1, title="策略"
    )
    method = apps.get_model("items", "Method").objects.create(
        strategy=strategy, position=1, title="方法"
    )
    plan = apps.get_model("items", "Plan").objects.create(method=method, position=1, title="計畫")
    action = apps.get_model("items", "Action").objects.create(
        plan=plan, position=1, code="115-01", title="作法" * 1000
    )
    department = apps.get_model("items", "Department").objects.create(name="行政處", position=1)
    apps.get_model("items", "Assignment").objects.create(
        action=action, department=department, deadline=date(2026, 12, 31), deadline_text="115年12月"
    )


@pytest.mark.django_db(transaction=True)
def test_a_filled_database_of_the_first_release_keeps_everything():
    try:
        a_plan(migrate("0001_initial"))
    finally:
        apps = migrate(LAST)
    action = apps.get_model("items", "Action").objects.get(code="115-01")
    assert action.title == "作法" * 1000
    assert action.assignments.get().department.name == "行政處"
    action.title = "作" * 32_767
    action.save()
