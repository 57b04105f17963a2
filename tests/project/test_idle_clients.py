"""The demonstration's server is not stopped by clients that do nothing."""

import socket
import subprocess
import time
from contextlib import ExitStack
from http.client import HTTPResponse

import pytest

from dev_tools.environment import environment
from dev_tools.server import server_command
from dev_tools.terminal import ROOT

IDLE = 200
SLOW = 200
SECONDS_TO_START = 120
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def port(tmp_path):
    """Of a server as `dev.py run` starts it."""
    number = free_port()
    variables = environment(DEMONSTRATION="1", DATA_DIR=str(tmp_path))
    variables.pop("DATABASE_URL", None)
    server = subprocess.Popen(
        server_command(number), cwd=ROOT, env=variables, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + SECONDS_TO_START
        while not answers(number):
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        server.wait(60)


def answers(number):
    try:
        with connected(number) as client:
            return status_of(client) == 200
    except OSError:
        return False


def connected(number):
    return socket.create_connection(("127.0.0.1", number), timeout=60)


def status_of(client):
    client.sendall(REQUEST)
    answer = HTTPResponse(client)
    answer.begin()
    answer.read()
    answer.close()
    return answer.status


@pytest.mark.slow
def test_200_idle_and_200_slow_clients_leave_room_for_the_next_visitor(port):
    with ExitStack() as clients:
        for _ in range(IDLE):
            client = clients.enter_context(connected(port))
            assert status_of(client) == 200
        for _ in range(SLOW):
            client = clients.enter_context(connected(port))
            client.sendall(REQUEST[:20])
        visitor = clients.enter_context(connected(port))
        assert status_of(visitor) == 200
