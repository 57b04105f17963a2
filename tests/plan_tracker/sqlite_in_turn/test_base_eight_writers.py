"""Eight people wait to write, as while an import is undone: pages and monitoring are served meanwhile."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from dev_tools.server import server_command
from items.models import MailWish
from tests.making import make_user
from tests.running_server import TOKEN, answer_to, copy_to, gunicorn, running_server

WRITERS = 8
WAIT = 20
"""The seconds for which savers wait for each other (`timeout` in the settings)."""


@pytest.fixture(params=[server_command, gunicorn])
def port(request, tmp_path, transactional_db):
    """Of a server with a copy of this test's database."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows: nobody waits for an import to end")

    def run():
        variables = {
            "DJANGO_SETTINGS_MODULE": "tests.running_settings",
            "SECRET_KEY": settings.SECRET_KEY,
        }
        return running_server(tmp_path, request.param, **variables)

    return run


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_page_and_health_are_served_while_eight_wait_to_write(
    port, tmp_path, coordinator, quarters
):
    sessions = []
    for person in (coordinator, *(make_user(f"w{number}", "同仁") for number in range(WRITERS))):
        client = Client()
        client.force_login(person)
        # A session that is due to be pushed on would be written by a page, too.
        client.get("/115/")
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    reader, *writers = sessions
    place = copy_to(tmp_path)
    statuses = []

    def save(number, session):
        body = f"level=overdue&csrfmiddlewaretoken={TOKEN}"
        head = (
            f"POST /account/mail/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Cookie: session={session}; csrf={TOKEN}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        statuses.append(answer_to(number, head + body)[0].status)

    with port() as number, closing(sqlite3.connect(place, isolation_level=None)) as undoing:
        ask(number, "/115/", reader)
        undoing.execute("BEGIN IMMEDIATE")
        threads = [threading.Thread(target=save, args=[number, session]) for session in writers]
        for thread in threads:
            thread.start()
        time.sleep(1)
        began = time.monotonic()
        for address in ("/healthz", "/115/", "/readyz"):
            assert ask(number, address, reader) == 200, address
        waited = time.monotonic() - began
        # Nobody has saved by then: all eight still wait.
        assert statuses == []
        assert waited < WAIT / 2
        undoing.execute("ROLLBACK")
        for thread in threads:
            thread.join(60)
    # None of them was turned away.
    assert statuses == [302] * WRITERS
    with closing(sqlite3.connect(place)) as written:
        table = MailWish._meta.db_table
        assert written.execute(f"SELECT count(*) FROM {table}").fetchone() == (WRITERS,)


def ask(port, address, session):
    head = f"Host: 127.0.0.1\r\nConnection: close\r\nCookie: session={session}\r\n"
    return answer_to(port, f"GET {address} HTTP/1.1\r\n{head}\r\n")[0].status
