"""kill -9 while a file is attached: no row speaks of it, no lock stays, and what lies there is swept."""

import os
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from items.evidence.prepare import prepared
from items.evidence.storage import stored_names
from items.models import Evidence, ProgressReport
from items.workflow import evidence
from tests.items.evidence.files import PDF
from tests.killed import killed_within
from tests.making import NOW


@pytest.mark.django_db(transaction=True)
def test_an_upload_that_is_killed_leaves_no_row_and_no_lock(
    make_action, administration, q4, mei, monkeypatch, settings, tmp_path
):
    store = "django.core.files.storage.FileSystemStorage"
    here = {"BACKEND": store, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"evidence": here}
    share = make_action([administration]).assignments.get()
    file = prepared("紀錄.pdf", PDF)
    save = Evidence.save

    def attach_up_to_the_row(stop):
        def save_and_stop(row):
            save(row)
            stop()

        # The row is written, and its transaction still open.
        monkeypatch.setattr(Evidence, "save", save_and_stop)
        evidence.add_file(share, q4, file, by=mei, at=NOW)

    killed_within(attach_up_to_the_row)
    assert not Evidence.objects.exists()
    assert not ProgressReport.objects.exists()
    # What it had stored is an orphan, which the sweep takes once it is a day old.
    (orphan,) = stored_names(before=timezone.now() + timedelta(hours=1))
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(tmp_path / orphan, (two_days_ago, two_days_ago))
    call_command("sweep_evidence", verbosity=0)
    assert not (tmp_path / orphan).exists()
    # The lock is free: the same file is attached at once.
    evidence.add_file(share, q4, file, by=mei, at=NOW)
    assert Evidence.objects.get().file_name == "紀錄.pdf"
