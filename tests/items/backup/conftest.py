"""A store of files of the test's own, and one report with evidence that has been sent."""

import pytest
from django.core.management import call_command

from items.evidence.prepare import prepared
from items.workflow import evidence, reporting
from tests.items.backup.content import CONTENT
from tests.items.evidence.files import PDF
from tests.making import NOW, TODAY


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "evidence": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "evidence"},
        }
    }


@pytest.fixture
def folder(tmp_path):
    """Where the backups go."""
    path = tmp_path / "backups"
    path.mkdir()
    return path


@pytest.fixture
def sent_report(transactional_db, make_action, administration, q4, mei):
    """A report that mei has sent, with one file of evidence."""
    assignment = make_action([administration]).assignments.get()
    evidence.add_file(assignment, q4, prepared("紀錄.pdf", PDF), by=mei, at=NOW)
    return reporting.write_and_submit(
        assignment, q4, CONTENT, version=1, by=mei, at=NOW, today=TODAY
    )


@pytest.fixture
def forget_everything():
    """forget_everything() empties the database and the store, as on a new machine."""

    def forget():
        call_command("flush", interactive=False, verbosity=0)

    return forget
