"""After a large import the database knows how many rows there are; after a small one nothing is done."""

import pytest
from django.db import connection

from items.exchange.plan_import import table_statistics
from items.exchange.plan_import.undo import undo
from tests.items.exchange.official_rows import HEADINGS, bring_in, row
from tests.making import NOW

pytestmark = pytest.mark.django_db


def counted_actions():
    """How many items the database believes to have; None where nobody has counted."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'items_action'")
            return cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone()[0] == 0:
            return None
        cursor.execute(
            "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'items_action'"
        )
        return cursor.fetchone()[0]


def test_after_a_large_import_and_its_undoing_the_rows_are_counted(
    plan, coordinator, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(table_statistics, "MANY_ROWS", 20)
    with django_capture_on_commit_callbacks(execute=True):
        rows = [row(f"第 {number} 項") for number in range(10)]
        batch = bring_in([HEADINGS, *rows], plan, coordinator, NOW)
    assert counted_actions() == 43
    with django_capture_on_commit_callbacks(execute=True) as done:
        undo(batch, by=coordinator, at=NOW)
    assert done.count(table_statistics.count_anew) == 1


def test_after_a_small_import_nothing_is_counted(
    plan, coordinator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as done:
        bring_in([HEADINGS, row()], plan, coordinator, NOW)
    assert table_statistics.count_anew not in done
