"""F5: a backup while people write, restored on an empty machine, and signed into there."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection

from dev_tools.terminal import ROOT
from items.evidence.prepare import prepared
from items.workflow import evidence, report_writing, reporting
from tests.items.backup.content import CONTENT
from tests.items.evidence.files import PDF
from tests.making import NOW, PASSWORD, TODAY, make_user

WRITERS = 3
FEWEST_ROUNDS = 2
"""Of each writer before the backup is made."""

LOOK = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from items.models import ProgressReport, ReportState, ReportStep
from items.workflow import newest_figures
faults = []
for report in ProgressReport.objects.all():
    last = ReportStep.objects.filter(report=report).order_by("pk").last()
    if report.state == ReportState.WITH_COORDINATOR:
        if last.kind != "submit" or last.content["text"] != report.text:
            faults.append(f"{report.pk}: {report.state} after {last.kind}")
    elif report.state == ReportState.RETURNED:
        if last.kind != "return":
            faults.append(f"{report.pk}: {report.state} after {last.kind}")
if newest_figures.stale_assignments():
    faults.append("figures beside reports")
# Ends with a status where a file is lost or changed.
call_command("sweep_evidence", "--verify", "--dry-run", stdout=sys.stderr)
client = Client(HTTP_HOST="localhost")
answer = client.post("/login/", {"username": "mei", "password": sys.argv[1]}, follow=True)
print(json.dumps({
    "faults": faults,
    "steps": ReportStep.objects.count(),
    "reports": ProgressReport.objects.count(),
    "page": answer.status_code,
    "is_in": "王美玲" in answer.content.decode(),
}))
"""

MOST_KEPT = evidence.MOST_OF_A_REPORT - 1


class Writer(threading.Thread):
    """Somebody who attaches, writes, sends and is sent back, over and over."""

    def __init__(self, assignment, period, *, by, coordinator):
        super().__init__()
        self.assignment, self.period = assignment, period
        self.by, self.coordinator = by, coordinator
        self.rounds = 0
        self.has_begun = threading.Event()
        self.ends = threading.Event()
        self.trouble = None

    def run(self):
        try:
            while not self.ends.is_set():
                self.write_once()
                self.rounds += 1
                if self.rounds >= FEWEST_ROUNDS:
                    self.has_begun.set()
        except Exception as error:
            self.trouble = error
        finally:
            self.has_begun.set()
            connection.close()

    def write_once(self):
        content = {**CONTENT, "text": f"第 {self.rounds} 次：完成地坪施工。"}
        kept = prepared("紀錄.pdf", PDF + f"{self.ident} {self.rounds}".encode())
        gone = prepared("誤附.pdf", PDF + f"{self.ident} {self.rounds} x".encode())
        # A fast machine has more rounds than a report takes files.
        if self.rounds < MOST_KEPT:
            evidence.add_file(self.assignment, self.period, kept, by=self.by, at=NOW)
        # The second file is deleted from the disk when the report is sent.
        by_mistake = evidence.add_file(self.assignment, self.period, gone, by=self.by, at=NOW)
        evidence.remove(by_mistake, by=self.by, at=NOW)
        report = report_writing.report_of(self.assignment, self.period)
        report = reporting.write_and_submit(
            self.assignment,
            self.period,
            content,
            version=report.version,
            by=self.by,
            at=NOW,
            today=TODAY,
        )
        reporting.send_back(report, words="請補充。", by=self.coordinator, at=NOW)


@pytest.fixture
def empty_machine(tmp_path):
    """The variables of a service without anything: a folder, and on PostgreSQL a database, of its own."""
    variables = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "new"),
        "DEMONSTRATION": "1",
        "DEMONSTRATION_DATE": "2026-11-22",
        "SECRET_KEY": "another machine's own key, which signs nothing that lasts beyond this test",
        "DJANGO_SETTINGS_MODULE": "plan_tracker.settings",
        "PYTHONUTF8": "1",
    }
    if connection.vendor == "sqlite":
        yield variables
        return
    name = f"restored_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    address = urlsplit(os.environ["DATABASE_URL"])
    variables["DATABASE_URL"] = address._replace(path=f"/{name}").geturl()
    yield variables
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


def run(variables, *arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_backup_under_load_comes_back_on_an_empty_machine(
    transactional_db, make_action, administration, coordinator, q4, folder, empty_machine, settings
):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    mei = make_user("mei", "王美玲", reporter=administration)
    writers = []
    for number in range(WRITERS):
        assignment = make_action([administration], title=f"第 {number} 項").assignments.get()
        writers.append(Writer(assignment, q4, by=mei, coordinator=coordinator))
    for writer in writers:
        writer.start()
    try:
        for writer in writers:
            assert writer.has_begun.wait(300)
        before = sum(writer.rounds for writer in writers)
        call_command("backup", folder)
        after = sum(writer.rounds for writer in writers)
    finally:
        for writer in writers:
            writer.ends.set()
        for writer in writers:
            writer.join(300)
    assert [writer.trouble for writer in writers] == [None] * WRITERS

    (path,) = Path(folder).iterdir()
    done = run(empty_machine, "manage.py", "restore", str(path))
    assert done.returncode == 0, done.stderr
    # The security log says it, and nothing else is complained about.
    [line] = done.stderr.splitlines()
    assert " INFO security - import user=- " in line
    # DEBUG: static files as they lie, instead of collected ones.
    seen = run({**empty_machine, "DEBUG": "1"}, "-c", LOOK, PASSWORD)
    assert seen.returncode == 0, seen.stderr
    found = json.loads(seen.stdout)
    assert found["faults"] == []
    assert found["reports"] == WRITERS
    # A round has two steps; nobody waited for the backup, which holds what was there at its moment.
    assert 2 * before <= found["steps"] <= 2 * (after + WRITERS)
    assert (found["page"], found["is_in"]) == (200, True)
