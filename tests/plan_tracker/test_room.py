"""A running server that finds no room to write: nothing is lost or half written, and it goes on by itself.

The system refuses every byte beyond a certain size of a file (RLIMIT_FSIZE), for which nobody has
to fill a disk or to be root; it is lifted while the server runs, as somebody makes room.
"""

import sqlite3
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from items.models import ReportState
from plan_tracker.security_log import read_line
from tests.items.evidence.files import PDF
from tests.making import PASSWORD
from tests.running_server import TOKEN, copy_to, gunicorn, running_server

BOUNDARY = "----no-room"
BEFORE, WRITTEN = "上次存的文字", "磁碟滿時寫的文字"
FULL = "儲存空間不足"
MOST_BYTES = 2000
"""Less than the database, its journal and any file of 佐證資料 here; some lines of the log."""

pytestmark = [pytest.mark.slow, pytest.mark.one_engine]


@pytest.fixture
def draft(transactional_db, make_action, administration, q4, mei, make_report):
    if connection.vendor != "sqlite" or sys.platform != "linux":
        pytest.skip("the database is to be a file of the server's, whose limit is set from here")
    return make_report(
        make_action([administration]).assignments.get(),
        q4,
        mei,
        state=ReportState.DRAFT,
        text=BEFORE,
    )


def session_of(person):
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def no_room(folder):
    """While it lasts, no file of the server gets larger than a few lines."""
    import resource

    # Workers of gunicorn, and the process that keeps them.
    server = int((folder / "server.pid").read_text())
    with open(f"/proc/{server}/task/{server}/children") as file:
        processes = [server, *map(int, file.read().split())]
    most = resource.RLIM_INFINITY
    for process in processes:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (MOST_BYTES, most))
    try:
        yield
    finally:
        for process in processes:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (most, most))


class WritingVisitor:
    """Somebody at the server, signed in by a session."""

    def __init__(self, port, session, draft):
        self.port = port
        self.cookies = f"session={session}; csrf={TOKEN}"
        self.draft = draft
        self.form = reverse("report_form", args=[115, draft.assignment_id, 4])

    def ask(self, method, address, body=b"", kind="application/x-www-form-urlencoded"):
        """(status, text) of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(connection):
            here = f"http://127.0.0.1:{self.port}"
            headers = {"Cookie": self.cookies, "Content-Type": kind, "Origin": here}
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")

    def press(self, address, **fields):
        return self.ask("POST", address, urlencode({"csrfmiddlewaretoken": TOKEN, **fields}))

    def save(self, intent):
        content = self.draft.content()
        values = {name: "" if value is None else value for name, value in content.items()}
        values |= {
            "version": self.draft.version,
            "text": WRITTEN,
            "intent": intent,
            "remedy": "改採",
            "delay_reason": "流標",
        }
        return self.press(self.form, **values)

    def send_file(self, address, field, name, content):
        token = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        )
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"'
        body = f"{token}{TOKEN}\r\n{head}\r\n\r\n".encode() + content
        body += f"\r\n--{BOUNDARY}--\r\n".encode()
        return self.ask("POST", address, body, f"multipart/form-data; boundary={BOUNDARY}")

    def attach(self, content=PDF + b"0" * 5000):
        return self.send_file(f"{self.form}evidence/", "evidence", "紀錄.pdf", content)


def rows(folder, sql):
    with closing(sqlite3.connect(folder / "plan_tracker.sqlite3")) as database:
        return database.execute(sql).fetchall()


REPORTS = "SELECT text, state, version FROM items_progressreport"


def evidence_files(folder):
    return [path for path in (folder / "evidence").rglob("*") if path.is_file()]


@dataclass(frozen=True)
class OfficeWithoutRoom:
    """Who asks the server: somebody who writes, the plan office, and a stranger."""

    writer: WritingVisitor
    planner: WritingVisitor
    stranger: WritingVisitor


@pytest.fixture
def office(tmp_path, draft, mei, coordinator):
    sessions = [session_of(mei), session_of(coordinator), ""]
    copy_to(tmp_path)
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.running_settings",
        "SECRET_KEY": settings.SECRET_KEY,
    }

    def with_pid(port):
        return [*gunicorn(port), "--pid", str(tmp_path / "server.pid")]

    with running_server(tmp_path, with_pid, **variables) as port:
        people = [WritingVisitor(port, session, draft) for session in sessions]
        office = OfficeWithoutRoom(*people)
        for _ in range(4):
            # Both workers have opened the database.
            assert office.writer.ask("GET", office.writer.form)[0] == 200
        yield office


def test_without_room_nothing_is_lost_or_half_written_and_room_is_enough_to_go_on(
    office, tmp_path, draft
):
    writer = office.writer
    table = office.planner.ask("GET", "/115/export.csv")[1].encode()
    with no_room(tmp_path):
        for intent in ("autosave", "save", "submit"):
            status, page = writer.save(intent)
            assert status == 503
            assert WRITTEN in page
        status, page = writer.ask("GET", writer.form)
        assert (status, BEFORE in page) == (200, True)
        assert writer.ask("GET", "/healthz")[0] == 200
        assert FULL in writer.attach()[1]
        # Larger than what is kept in memory: it would lie in a temporary file.
        assert FULL in writer.attach(PDF + b"0" * 2_000_000)[1]
        assert office.planner.send_file("/115/import/", "file", "計畫.csv", table)[0] == 503
        assert office.stranger.press("/login/", username="mei", password=PASSWORD)[0] == 503
        assert rows(tmp_path, REPORTS) == [(BEFORE, ReportState.DRAFT, draft.version)]
        assert rows(tmp_path, "SELECT count(*) FROM items_upload") == [(0,)]
        assert evidence_files(tmp_path) == []
    assert writer.attach()[0] == 200
    assert writer.save("save")[0] == 302
    assert office.planner.send_file("/115/import/", "file", "計畫.csv", table)[0] == 302
    assert rows(tmp_path, REPORTS) == [(WRITTEN, ReportState.DRAFT, draft.version + 1)]
    [file] = evidence_files(tmp_path)
    assert file.read_bytes() == PDF + b"0" * 5000
    assert rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]


def test_the_security_log_without_room_has_half_a_line_and_then_whole_ones_again(office, tmp_path):
    with no_room(tmp_path):
        for _ in range(15):
            # A file that somebody takes along is theirs, whether or not the log has room.
            assert office.writer.ask("GET", "/115/plan/export.csv")[0] == 200
    [log] = (tmp_path / "security-log").iterdir()
    assert log.stat().st_size == MOST_BYTES
    assert office.writer.ask("GET", "/115/plan/export.csv")[0] == 200
    *before, half, after = map(read_line, log.read_bytes().splitlines())
    assert before
    assert None not in before
    assert half is None
    assert (after.event, after.object) == ("export", "/115/plan/export.csv")
