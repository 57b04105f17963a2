"""kill -9 in the middle of an import: nothing of it is there, and its lock has gone with it."""

import pytest

from items.exchange.plan_import import apply
from items.models import Action, Change, ImportBatch
from items.workflow.history_chain import faults_of_history
from tests.items.exchange.official_rows import HEADINGS, bring_in, row
from tests.killed import killed_within
from tests.making import NOW


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_leaves_nothing_and_no_lock(plan, coordinator, monkeypatch):
    rows = [HEADINGS, row()]
    entries = Change.objects.count()

    def bring_in_up_to_the_history(stop):
        monkeypatch.setattr(apply.ImportHistory, "_of_changed_actions", lambda *_: stop())
        bring_in(rows, plan, coordinator, NOW)

    killed_within(bring_in_up_to_the_history)
    assert (Action.objects.count(), ImportBatch.objects.count()) == (33, 0)
    assert Change.objects.count() == entries
    # The lock is free at once: else this would wait, or be told that an import runs.
    assert bring_in(rows, plan, coordinator, NOW)
    assert (Action.objects.count(), ImportBatch.objects.count()) == (34, 1)
    assert list(faults_of_history()) == []
