"""Twenty people save on a running server while a plan's file is imported: nobody finds a locked database."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks._saved_beside import save_meanwhile
from items.models import Department, ProgressReport, ReportState
from tests.items.exchange.official_rows import HEADINGS, as_csv, row
from tests.making import make_report, make_user
from tests.running_server import TOKEN, answer_to, copy_to, gunicorn, running_server

SAVERS = 20
ROWS = 300


@dataclass(frozen=True)
class Saver:
    """Somebody with a draft, and the session in which they write."""

    report: ProgressReport
    session: str

    def save(self, port, turn):
        """The status of an autosave."""
        values = self.report.content() | {"text": f"第{turn}次", "intent": "autosave"}
        values |= {"version": self.report.version + turn}
        address = f"/115/assignments/{self.report.assignment_id}/report/4/"
        return post(port, address, self.session, values).status


def make_saver(number, make_action, period):
    department = Department.objects.create(name=f"第{number}科", position=number)
    writer = make_user(f"w{number}", "同仁", reporter=department)
    assignment = make_action([department]).assignments.get()
    report = make_report(assignment, period, writer, state=ReportState.DRAFT)
    return Saver(report, session_of(writer))


@pytest.mark.slow
@pytest.mark.one_engine
def test_twenty_people_save_while_a_file_is_imported(
    transactional_db, tmp_path, coordinator, q4, make_action
):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows: nobody waits for an import to end")
    office = session_of(coordinator)
    savers = [make_saver(number, make_action, q4) for number in range(1, SAVERS + 1)]
    place = copy_to(tmp_path)
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.running_settings",
        "SECRET_KEY": settings.SECRET_KEY,
    }
    with running_server(tmp_path, gunicorn, **variables) as port:
        preview = upload(port, office)

        def bring_in():
            answer = post(port, f"{preview}confirm/", office, {})
            # Back to the preview is no import.
            assert answer.headers["Location"].startswith("/115/imports/")
            return answer.status

        seen = save_meanwhile([partial(saver.save, port) for saver in savers], bring_in)
    # Whoever finds the database locked is answered with a 503.
    assert set(seen.statuses) == {200}
    assert seen.change == 302
    saves = [number_of_saves(place, saver.report) for saver in savers]
    # Everybody has saved before the import and beside it, and every save is there.
    assert min(saves) >= 2
    assert sum(saves) == len(seen.statuses)
    with closing(sqlite3.connect(place)) as written:
        items = written.execute("SELECT count(*) FROM items_action").fetchone()
    assert items == (SAVERS + ROWS,)


def session_of(person):
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def number_of_saves(place, report):
    with closing(sqlite3.connect(place)) as written:
        query = "SELECT version FROM items_progressreport WHERE id = ?"
        (version,) = written.execute(query, [report.pk]).fetchone()
    return version - report.version


def upload(port, session):
    """The address of the preview of a file with so many new items."""
    content = as_csv(
        [HEADINGS, *(row(f"設置第{number}處", 主辦單位="第1科") for number in range(ROWS))]
    ).decode()
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="plan.csv"\r\n\r\n'
        f"{content}\r\n--x--\r\n"
    )
    answer = send(
        port, "/115/import/", session, body=body.encode(), kind="multipart/form-data; boundary=x"
    )
    assert answer.status == 302
    return answer.headers["Location"]


def post(port, address, session, values):
    body = urlencode(values | {"csrfmiddlewaretoken": TOKEN}).encode()
    return send(port, address, session, body=body, kind="application/x-www-form-urlencoded")


def send(port, address, session, *, body, kind):
    head = (
        f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Cookie: session={session}; csrf={TOKEN}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: {kind}\r\n\r\n"
    )
    return answer_to(port, head + body.decode("latin-1"))[0]
