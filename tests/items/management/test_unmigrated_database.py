"""Commands on a database that nobody has migrated: one sentence, and nothing left behind."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = [
    ["create_admin", "boss", "--name", "王大明"],
    ["changepassword", "boss"],
    ["lift_lock", "boss"],
    ["close_unused_accounts"],
    ["import_plan", "plan.csv", "--programme", "115"],
    ["export_plan", "115", "plan.xlsx"],
    ["load_demonstration"],
    ["check_figures"],
    ["check_closed"],
    ["sweep_evidence"],
]
WITHOUT_DATABASE = {"createsuperuser"}
"""Says which command does it, and asks no database."""
ANY_DATABASE = {"backup", "restore"}
"""Take one as it is: before an upgrade, or before there is any. tests/items/backup asks them."""


def test_every_command_of_ours_is_tried_here():
    folder = ROOT / "items" / "management" / "commands"
    names = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    assert names == {command[0] for command in COMMANDS} | WITHOUT_DATABASE | ANY_DATABASE


def run(arguments, folder):
    """manage.py in a process of its own, as at a second shell, with `folder` as DATA_DIR."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "DEMONSTRATION": "1",
        "ADMIN_PASSWORD": "korrekt-horse-115",
        "PYTHONUTF8": "1",
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_without_a_database_a_command_says_migrate_and_makes_none(arguments, tmp_path):
    done = run(arguments, tmp_path)
    words = done.stdout + done.stderr
    assert done.returncode != 0
    assert "資料庫還沒有建立" in words
    assert "manage.py migrate" in words
    assert "Traceback" not in words
    # A demonstration keeps its key there; no database and no table file is left.
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_a_database_without_tables_is_said_as_well(arguments, tmp_path):
    file = tmp_path / "plan_tracker.sqlite3"
    sqlite3.connect(file).close()
    done = run(arguments, tmp_path)
    words = done.stdout + done.stderr
    assert done.returncode != 0
    assert "還沒有建立資料表，或版本比程式舊" in words
    assert "Traceback" not in words
    # Not even a table of migrations has been made in it.
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("key", ["", "short"])
def test_a_missing_or_short_key_is_answered_with_the_command_that_makes_one(key, tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate"],
        cwd=tmp_path,
        env={"DATA_DIR": str(tmp_path), "SECRET_KEY": key, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "secrets.token_urlsafe(64)" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("module", ["plan_tracker.wsgi", "plan_tracker.asgi"])
def test_a_server_without_a_key_says_it_in_one_sentence(module, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        cwd=ROOT,
        env={"DATA_DIR": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    # By this status gunicorn knows that another try would not help.
    assert done.returncode == 3
    assert done.stderr.startswith("設定有誤：SECRET_KEY 尚未設定")
    assert "Traceback" not in done.stderr
