"""The demonstration's server is not stopped by clients that do nothing."""

from contextlib import ExitStack

import pytest

from tests.running_server import REQUEST, connected, running_server, status_of

IDLE = 200
SLOW = 200


@pytest.fixture
def port(tmp_path):
    with running_server(tmp_path) as number:
        yield number


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
