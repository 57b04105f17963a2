"""The copy that a run's database begins as: never older than the schema, never half written."""

import sqlite3
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection

from plan_tracker.ready_database import has_open_migrations
from tests import kept_database

pytestmark = pytest.mark.one_engine


@pytest.fixture
def schema(tmp_path, monkeypatch):
    """The one file that the kept database depends on; the databases are kept in a folder of ours."""
    file = tmp_path / "0001_initial.py"
    file.write_text("first")
    monkeypatch.setattr(kept_database, "_files_of_the_schema", lambda: [file])
    monkeypatch.setattr(kept_database, "FOLDER", tmp_path / "kept")
    return file


@pytest.fixture
def own_file(tmp_path, monkeypatch):
    """A small database in the place of the one that the tests run on."""
    file = tmp_path / "own.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE django_migrations (name)")
    monkeypatch.setattr(kept_database, "test_file", lambda: file)
    return file


def tables(file):
    with closing(sqlite3.connect(file)) as database:
        return [name for (name,) in database.execute("SELECT name FROM sqlite_master")]


def test_it_is_kept_once_and_laid_out_again(schema, own_file):
    kept_database.lay_out()
    assert tables(own_file) == ["django_migrations"], "nothing is kept yet"
    kept_database.keep()
    own_file.unlink()
    kept_database.lay_out()
    assert tables(own_file) == ["django_migrations"]


def test_a_changed_migration_makes_another_one_and_the_old_one_goes(schema, own_file):
    kept_database.keep()
    old = kept_database.kept_file()
    schema.write_text("second")
    assert not kept_database.kept_file().exists()
    kept_database.keep()
    assert list(kept_database.FOLDER.iterdir()) == [kept_database.kept_file()]
    assert kept_database.kept_file() != old


def test_it_stays_where_another_process_has_kept_it_meanwhile(schema, own_file, monkeypatch):
    kept = kept_database.kept_file()

    def kept_by_another():
        kept.parent.mkdir()
        kept.write_bytes(own_file.read_bytes())
        return True

    monkeypatch.setattr(kept_database, "is_migrated", kept_by_another)
    kept_database.keep()
    assert tables(kept) == ["django_migrations"]


def test_a_database_that_no_test_has_asked_for_is_not_kept(schema, tmp_path, monkeypatch):
    monkeypatch.setattr(kept_database, "test_file", lambda: tmp_path / "empty.sqlite3")
    kept_database.keep()
    assert not kept_database.kept_file().exists()


def test_all_migrations_and_what_they_import_are_looked_at():
    names = {
        file.relative_to(settings.BASE_DIR).as_posix()
        for file in kept_database._files_of_the_schema()
        if file.is_relative_to(settings.BASE_DIR)
    }
    assert {
        "items/migrations/0001_initial.py",
        "items/models/folded.py",
        "items/workflow/report_flags.py",
        "plan_tracker/clock.py",
    } <= names


def test_nothing_is_left_to_migrate(db):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite's is kept")
    assert kept_database.kept_file().exists()
    assert not has_open_migrations()
