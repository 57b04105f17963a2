"""Files that restore does not take, each with its sentence; and folders that backup does not."""

import zipfile
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from items.backup.archive import Archive, ArchiveWriter
from items.backup.manifest import Manifest
from items.backup.refused import BackupFault, BackupRefused
from items.backup.restoring import check

FITTING = Manifest(
    made_at="2026-11-22T02:30:00+08:00",
    organisation="花蓮港務分公司",
    is_demonstration=True,
    engine=connection.vendor,
    versions={},
    migrations=["items.0001_initial"],
    rows={},
    sequences=[],
    evidence=[],
    lost_evidence=[],
)
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "backup.zip"


def write(path, manifest):
    with path.open("wb") as file:
        writer = ArchiveWriter(file)
        writer.add("database.sqlite3", [b"content"])
        writer.finish(replace(manifest, entries=writer.entries))


def reason(path):
    with pytest.raises(BackupRefused) as refused, Archive(path) as archive:
        check(archive)
    return refused.value.reason


def test_what_fits_is_taken(path):
    write(path, FITTING)
    with Archive(path) as archive:
        check(archive)


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (replace(FITTING, engine=OTHER), BackupFault.OTHER_ENGINE),
        (replace(FITTING, migrations=["items.9999_later"]), BackupFault.NEWER_DATABASE),
        (replace(FITTING, format=2), BackupFault.NEWER_FORMAT),
    ],
)
def test_versions_that_do_not_fit_are_refused(manifest, expected, path):
    write(path, manifest)
    assert reason(path) == expected


def test_invented_people_do_not_come_into_a_real_service(path, settings):
    settings.DEMONSTRATION = False
    write(path, FITTING)
    assert reason(path) == BackupFault.INVENTED_PEOPLE
    write(path, replace(FITTING, is_demonstration=False))
    with Archive(path) as archive:
        check(archive)


@pytest.mark.parametrize("content", [b"", b"PK", b"plan"])
def test_another_file_is_none(content, path):
    path.write_bytes(content)
    assert reason(path) == BackupFault.UNREADABLE


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "entries": 3}']
)
def test_a_zip_without_a_manifest_of_ours_is_none(manifest, path):
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("manifest.json", manifest)
    assert reason(path) == BackupFault.UNREADABLE


def test_half_a_backup_is_none(path):
    write(path, FITTING)
    path.write_bytes(path.read_bytes()[:-30])
    assert reason(path) == BackupFault.UNREADABLE


def test_an_entry_that_is_missing_is_damage(path):
    write(path, FITTING)
    with zipfile.ZipFile(path) as whole:
        manifest = whole.read("manifest.json")
    with zipfile.ZipFile(path, "w") as half:
        half.writestr("manifest.json", manifest)
    assert reason(path) == BackupFault.DAMAGED


def test_the_sentence_says_what_to_do(tmp_path):
    with pytest.raises(CommandError, match="找不到備份檔"):
        call_command("restore", tmp_path / "none.zip")
    with pytest.raises(CommandError, match="不存在；請先建立，或確認備份用的磁碟已經掛載"):
        call_command("backup", tmp_path / "none")
