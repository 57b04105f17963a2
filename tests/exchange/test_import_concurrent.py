"""Two imports at once: the second is told, and nothing is written twice."""

import threading

import pytest
from django.db import connection, transaction

from items.exchange.importing import NotImported
from items.models import Action, ImportBatch
from tests.conftest import NOW
from tests.exchange.plan import HEADINGS, bring_in, look, plan, row

__all__ = ["plan"]


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_at_once_the_second_is_told(plan, coordinator):
    """PostgreSQL tells it while the first still runs; on SQLite it waits, and its preview no longer holds."""
    rows = [HEADINGS, row()]
    seen = look(rows, plan).digest
    running, finish = threading.Event(), threading.Event()

    def first():
        try:
            with transaction.atomic():
                bring_in(rows, plan, coordinator, NOW, seen=seen)
                running.set()
                finish.wait(1)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert running.wait(20)
    with pytest.raises(NotImported):
        bring_in(rows, plan, coordinator, NOW, seen=seen)
    finish.set()
    thread.join()
    assert (Action.objects.count(), ImportBatch.objects.count()) == (34, 1)


@pytest.mark.django_db(transaction=True)
def test_an_import_that_dies_half_way_leaves_nothing(plan, coordinator, monkeypatch):
    from items.exchange import writing

    def die(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_tell_changed", die)
    with pytest.raises(KeyboardInterrupt):
        bring_in([HEADINGS, row()], plan, coordinator, NOW)
    assert (Action.objects.count(), ImportBatch.objects.count()) == (33, 0)
    monkeypatch.undo()
    assert bring_in([HEADINGS, row()], plan, coordinator, NOW)
