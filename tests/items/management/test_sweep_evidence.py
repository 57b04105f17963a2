"""manage.py sweep_evidence: what belongs to nothing goes, what is attached stays."""

import os
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from items.evidence.prepare import prepared
from items.evidence.storage import evidence_storage, store
from items.models import Evidence
from items.workflow import evidence
from tests.items.evidence.files import PDF
from tests.making import NOW

DAYS = 24 * 3600


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "evidence": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "evidence"},
        }
    }


@pytest.fixture
def attached(make_action, administration, q4, mei):
    assignment = make_action([administration]).assignments.get()
    row = evidence.add_file(assignment, q4, prepared("紀錄.pdf", PDF), by=mei, at=NOW)
    age(row.stored_name)
    return row


def age(name):
    then = time.time() - 3 * DAYS
    os.utime(evidence_storage().path(name), (then, then))


def sweep(*arguments):
    stdout = StringIO()
    call_command("sweep_evidence", *arguments, stdout=stdout)
    return stdout.getvalue()


def test_an_orphan_is_named_then_deleted_and_a_young_one_stays(attached):
    orphan, young = store(b"nobody's"), store(b"still being attached")
    age(orphan)
    storage = evidence_storage()
    said = sweep("--dry-run")
    assert f"不屬於任何佐證資料：{orphan}" in said
    assert "會刪除 1 個" in said
    assert storage.exists(orphan)
    assert "不屬於任何佐證資料的檔案：已刪除 1 個。" in sweep()
    left = [storage.exists(name) for name in (orphan, young, attached.stored_name)]
    assert left == [False, True, True]


@pytest.mark.one_engine
def test_what_was_taken_away_and_never_sent_is_forgotten_after_a_day(
    attached, mei, django_capture_on_commit_callbacks
):
    evidence.remove(attached, by=mei, at=NOW)
    assert "送出前就移除的檔案：會刪除 0 個。" in sweep("--dry-run")
    Evidence.objects.update(removed_at=NOW - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        assert "送出前就移除的檔案：已刪除 1 個。" in sweep()
    assert not evidence_storage().exists(attached.stored_name)


@pytest.mark.one_engine
def test_a_lost_or_changed_file_is_named_and_the_command_fails(attached):
    path = evidence_storage().path(attached.stored_name)
    with open(path, "ab") as file:
        file.write(b"more")
    sweep()
    with pytest.raises(CommandError, match="1 個檔案遺失或內容有變"):
        sweep("--verify")
    os.remove(path)
    with pytest.raises(CommandError, match="1 個檔案"):
        sweep()


@pytest.mark.one_engine
@pytest.mark.django_db
def test_too_young_a_bound_is_refused():
    with pytest.raises(CommandError, match="至少是 1"):
        sweep("--hours", "0")
