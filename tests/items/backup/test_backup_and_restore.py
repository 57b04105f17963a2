"""manage.py backup and restore: what goes in comes out, on both engines."""

import shutil
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from items.backup import making
from items.backup.archive import Archive
from items.evidence.prepare import prepared
from items.evidence.storage import evidence_storage
from items.models import (
    Change,
    Evidence,
    Programme,
    ProgressReport,
    ReportStep,
    SignedInSession,
    User,
)
from items.workflow import evidence as attaching
from items.workflow import reporting
from items.workflow.history_chain import faults_of_history
from plan_tracker import security_log
from tests.items.backup.content import CONTENT
from tests.items.evidence.files import PDF
from tests.making import NOW, PASSWORD, TODAY


def backup(folder, *arguments):
    stdout = StringIO()
    call_command("backup", folder, *arguments, stdout=stdout)
    return stdout.getvalue()


def restore(path, *arguments):
    stdout = StringIO()
    call_command("restore", path, *arguments, stdout=stdout)
    return stdout.getvalue()


def only_backup(folder):
    (path,) = folder.iterdir()
    return path


def newest_line():
    """What the security log was told last."""
    newest_day = security_log.days_kept()[0]
    return security_log.read_line(next(security_log.raw_lines(newest_day)))


def test_what_was_entered_comes_back_with_its_files_and_everybody_signs_in_anew(
    sent_report, folder, client, forget_everything, settings, tmp_path
):
    settings.SECURITY_LOG_DIR = tmp_path / "security-log"
    client.post("/login/", {"username": "mei", "password": PASSWORD})
    key = client.session.session_key
    assert SignedInSession.objects.get().session_key == key
    changes = Change.objects.count()
    said = backup(folder)
    assert "備份完成" in said
    assert "佐證資料檔案 1 個" in said
    path = only_backup(folder)
    assert path.stat().st_mode & 0o777 == 0o600

    forget_everything()
    shutil.rmtree(evidence_storage().location)
    said = restore(path)
    assert "佐證資料檔案 1 個" in said
    line = newest_line()
    assert (line.event, line.object) == ("import", "manage.py restore")
    assert path.name in line.words
    report = ProgressReport.objects.get()
    assert (report.text, report.state) == (sent_report.text, sent_report.state)
    assert ReportStep.objects.filter(report=report).count() == 1
    assert Change.objects.count() == changes
    assert list(faults_of_history()) == []
    with evidence_storage().open(Evidence.objects.get().stored_name) as file:
        assert file.read() == PDF
    call_command("sweep_evidence", "--verify", stdout=StringIO())
    # Who holds a backup holds nobody's session.
    assert not Session.objects.exists()
    assert not SignedInSession.objects.exists()
    with Archive(path) as archive:
        for name in archive.manifest.entries:
            assert key.encode() not in b"".join(archive.chunks(name))
    assert client.get("/", follow=True).redirect_chain[-1][0].startswith("/login/")
    answer = client.post("/login/", {"username": "mei", "password": PASSWORD}, follow=True)
    assert "王美玲" in answer.content.decode()


def test_a_number_that_was_deleted_is_not_given_again(sent_report, folder, forget_everything):
    deleted = Programme.objects.create(
        year=116, title="次年", starts_on="2027-01-01", ends_on="2027-12-31"
    )
    number = deleted.pk
    deleted.delete()
    backup(folder)
    forget_everything()
    shutil.rmtree(evidence_storage().location)
    restore(only_backup(folder))
    after = Programme.objects.create(
        year=116, title="次年", starts_on="2027-01-01", ends_on="2027-12-31"
    )
    assert after.pk == number + 1


def test_a_service_with_data_is_left_as_it_is(sent_report, folder):
    backup(folder)
    User.objects.filter(username="mei").update(full_name="改過的名字")
    with pytest.raises(CommandError, match="資料庫裡已經有資料"):
        restore(only_backup(folder))
    assert User.objects.get(username="mei").full_name == "改過的名字"
    assert evidence_storage().exists(Evidence.objects.get().stored_name)


def test_files_of_others_in_the_store_are_left_as_they_are(sent_report, folder, forget_everything):
    backup(folder)
    forget_everything()
    # What the backup itself has, an interrupted restoring has left: that alone is no reason.
    other = evidence_storage().save("aa/other", ContentFile(b"another office's"))
    with pytest.raises(CommandError, match="已經有 1 個檔案"):
        restore(only_backup(folder))
    evidence_storage().delete(other)
    restore(only_backup(folder))
    assert ProgressReport.objects.count() == 1


def test_a_wrong_hash_is_refused_before_anything_is_written(sent_report, folder, forget_everything):
    backup(folder)
    path = only_backup(folder)
    content = path.read_bytes()
    place = content.index(PDF)
    path.write_bytes(content[:place] + b"X" + content[place + 1 :])
    forget_everything()
    with pytest.raises(CommandError, match="與備份時的雜湊值不符"):
        restore(path, "--check")
    with pytest.raises(CommandError, match="與備份時的雜湊值不符"):
        restore(path)
    assert not User.objects.exists()


def test_a_database_that_cannot_be_written_leaves_no_files(
    sent_report, folder, forget_everything, monkeypatch
):
    """The disk is full in the last step: the files that were written before go again."""
    backup(folder)
    forget_everything()
    shutil.rmtree(evidence_storage().location)

    def full(archive):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("items.backup.restoring._put_back_database", full)
    with pytest.raises(CommandError, match="空間不足"):
        restore(only_backup(folder))
    with Archive(only_backup(folder)) as archive:
        for name in archive.manifest.evidence:
            assert not evidence_storage().exists(name)


def test_a_full_disk_leaves_no_half_backup(sent_report, folder, monkeypatch):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("items.backup.archive.ArchiveWriter.finish", full)
    with pytest.raises(CommandError, match="空間不足，備份沒有完成"):
        backup(folder)
    assert list(folder.iterdir()) == []


def test_a_file_that_the_service_has_lost_is_said_and_the_rest_is_kept(
    sent_report, folder, forget_everything
):
    lost = Evidence.objects.get().stored_name
    evidence_storage().delete(lost)
    with pytest.raises(CommandError, match="1 個佐證資料檔案在服務裡就已經遺失") as error:
        backup(folder)
    assert error.value.returncode == 2
    forget_everything()
    assert "1 個佐證資料檔案在備份時就已經遺失" in restore(only_backup(folder))
    assert ProgressReport.objects.count() == 1


@pytest.fixture
def mistake(sent_report, make_action, administration, q4, mei, monkeypatch):
    """A file that is attached just before the database is copied, and gone right after it."""
    assignment = make_action([administration]).assignments.get()
    copied = making._write_database
    times = []

    def copied_meanwhile(archive, unfinished):
        times.append(unfinished)
        if len(times) > 1:
            return copied(archive, unfinished)
        attached = attaching.add_file(assignment, q4, prepared("誤.pdf", PDF), by=mei, at=NOW)
        snapshot = copied(archive, unfinished)
        attaching.remove(attached, by=mei, at=NOW)
        version = attached.report.version
        # Sending deletes what was taken away.
        reporting.write_and_submit(
            assignment, q4, CONTENT, version=version, by=mei, at=NOW, today=TODAY
        )
        return snapshot

    monkeypatch.setattr(making, "_write_database", copied_meanwhile)
    return times


def test_a_file_that_came_and_went_meanwhile_is_not_called_lost(mistake, folder, forget_everything):
    assert "備份完成" in backup(folder)
    assert len(mistake) == 2
    forget_everything()
    assert "遺失" not in restore(only_backup(folder))
    assert sorted(Evidence.objects.values_list("file_name", flat=True)) == ["紀錄.pdf", "誤.pdf"]
    call_command("sweep_evidence", "--verify", stdout=StringIO())


def test_a_backup_that_finds_no_quiet_moment_says_so_and_leaves_nothing(
    mistake, folder, monkeypatch
):
    monkeypatch.setattr(making, "ATTEMPTS", 1)
    with pytest.raises(CommandError, match="一直有人附上又移除佐證資料，試了 1 次都沒有完成"):
        backup(folder)
    assert list(folder.iterdir()) == []


def test_only_the_newest_are_kept_and_nothing_else_is_touched(sent_report, folder):
    for name in ("plan_tracker-20200101-000000.zip", "plan_tracker-20200102-000000.zip", "信.zip"):
        (folder / name).write_bytes(b"")
    assert "已刪除較舊的 1 份" in backup(folder, "--keep", "2")
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "plan_tracker-20200102-000000.zip"
    assert names[2] == "信.zip"
    assert "完好，可以還原" in restore(folder / names[1], "--check")
