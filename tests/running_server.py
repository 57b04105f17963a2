"""A server as `dev.py run` starts it, and what it answers on a bare connection."""

import re
import shlex
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPResponse

from django.db import connection

from dev_tools.environment import environment
from dev_tools.server import server_command
from dev_tools.terminal import ROOT

SECONDS_TO_START = 120
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

TOKEN = "b" * 32
"""As a browser has it, in the cookie and in the form."""


def gunicorn(port):
    """The server that README.md gives an office."""
    readme = (ROOT / "README.md").read_text("utf-8")
    options = re.search(r"bin/gunicorn --bind 127\.0\.0\.1:8000 (.+)", readme)[1]
    return [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *shlex.split(options)]


def copy_to(folder):
    """The database of this test, where a server finds it whose data lie in this folder."""
    place = folder / "plan_tracker.sqlite3"
    with closing(sqlite3.connect(place)) as copy:
        connection.connection.backup(copy)
    return place


@contextmanager
def running_server(folder, command_of=server_command, **more):
    """The port of a server whose data lie in a folder; `command_of(port)` starts it."""
    number = free_port()
    variables = environment(DEMONSTRATION="1", DATA_DIR=str(folder), **more)
    variables.pop("DATABASE_URL", None)
    server = subprocess.Popen(
        command_of(number), cwd=ROOT, env=variables, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + SECONDS_TO_START
        while not _answers(number):
            assert server.poll() is None, "the server has ended"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        server.wait(60)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _answers(number):
    try:
        with connected(number) as client:
            return status_of(client) == 200
    except OSError:
        return False


def connected(number):
    return socket.create_connection(("127.0.0.1", number), timeout=60)


def status_of(client):
    """Of a request that needs no database."""
    client.sendall(REQUEST)
    answer = HTTPResponse(client)
    answer.begin()
    answer.read()
    answer.close()
    return answer.status


def answer_to(port, text):
    """(answer, body) to a request as it is written here, byte for byte."""
    with connected(port) as client:
        client.sendall(text.encode("latin-1"))
        answer = HTTPResponse(client)
        answer.begin()
        body = answer.read().decode()
        answer.close()
        return answer, body
