"""kill -9 in the middle of an import: nothing of it is there, and its lock has gone with it."""

import os
import signal
import time

import pytest
from django.db import connection

from items.exchange.plan_import import apply
from items.models import Action, Change, ImportBatch
from items.workflow.history_chain import faults_of_history
from tests.items.exchange.official_rows import HEADINGS, bring_in, row
from tests.making import NOW


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_leaves_nothing_and_no_lock(plan, coordinator, monkeypatch):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("another process cannot see a database in memory")
    rows = [HEADINGS, row()]
    entries = Change.objects.count()
    heard, says = os.pipe()
    # Each process opens the database for itself.
    connection.close()
    child = os.fork()
    if child == 0:

        def wait_to_be_killed(*arguments):
            os.write(says, b"x")
            time.sleep(600)

        try:
            monkeypatch.setattr(apply.ImportHistory, "_of_changed_actions", wait_to_be_killed)
            bring_in(rows, plan, coordinator, NOW)
        finally:
            # Never on to the tests of the parent.
            os._exit(1)
    os.close(says)
    assert os.read(heard, 1) == b"x"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(heard)
    assert (Action.objects.count(), ImportBatch.objects.count()) == (33, 0)
    assert Change.objects.count() == entries
    # The lock is free at once: else this would wait, or be told that an import runs.
    assert bring_in(rows, plan, coordinator, NOW)
    assert (Action.objects.count(), ImportBatch.objects.count()) == (34, 1)
    assert list(faults_of_history()) == []
