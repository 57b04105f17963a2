"""Commands on a database that nobody has migrated: one sentence, and nothing left behind."""

import json
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
    ["check_history"],
    ["forget_person", "boss"],
    ["unlink_single_sign_on", "boss"],
    ["send_reminders"],
    ["sweep_notices"],
    ["reset_second_factor", "boss"],
]
WITHOUT_DATABASE = {"createsuperuser", "sweep_security_log"}
"""The one says which command does it, the other deletes files: neither asks a database."""
ANY_DATABASE = {"backup", "restore"}
"""Take one as it is: before an upgrade, or before there is any. tests/items/backup asks them."""


def test_every_command_of_ours_is_tried_here():
    folder = ROOT / "items" / "management" / "commands"
    names = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    assert names == {command[0] for command in COMMANDS} | WITHOUT_DATABASE | ANY_DATABASE


ONE_AFTER_ANOTHER = """
import contextlib, io, json, os, sys
sys.path.insert(0, sys.argv[1])
import manage
answers = []
for arguments in json.loads(sys.argv[2]):
    sys.argv = ["manage.py", *arguments]
    words = io.StringIO()
    code = 0
    with contextlib.redirect_stdout(words), contextlib.redirect_stderr(words):
        try:
            manage.main()
        except SystemExit as end:
            code = end.code
    left = sorted(os.listdir(os.environ["DATA_DIR"]))
    answers.append({"name": arguments[0], "code": code, "words": words.getvalue(), "left": left})
print(json.dumps(answers))
"""
"""Each command as manage.py runs it; one process, since to start one takes longer than any answer."""


def answers_of(folder):
    """What every command answers with `folder` as DATA_DIR, and which files are there after it."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "DEMONSTRATION": "1",
        "ADMIN_PASSWORD": "korrekt-horse-115",
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_ANOTHER, str(ROOT), json.dumps(COMMANDS)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    # A traceback, which only an error that nobody catches leaves, ends the process itself.
    assert (done.returncode, done.stderr) == (0, "")
    answers = json.loads(done.stdout)
    assert [answer["name"] for answer in answers] == [command[0] for command in COMMANDS]
    return answers


@pytest.mark.slow
def test_without_a_database_every_command_says_migrate_and_makes_none(tmp_path):
    for answer in answers_of(tmp_path):
        name, words = answer["name"], answer["words"]
        assert answer["code"] != 0, name
        assert "資料庫還沒有建立" in words, name
        assert "manage.py migrate" in words, name
        assert "Traceback" not in words, name
        # A demonstration keeps its key there; no database and no table file is left.
        assert answer["left"] == ["secret_key"], name


@pytest.mark.slow
def test_a_database_without_tables_is_said_by_every_command_as_well(tmp_path):
    file = tmp_path / "plan_tracker.sqlite3"
    sqlite3.connect(file).close()
    for answer in answers_of(tmp_path):
        name, words = answer["name"], answer["words"]
        assert answer["code"] != 0, name
        assert "還沒有建立資料表，或版本比程式舊" in words, name
        assert "Traceback" not in words, name
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
