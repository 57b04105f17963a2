"""The requests of `dev.py bench --only load` come as it is promised."""

import socket
import threading
from collections import Counter
from contextlib import contextmanager
from random import Random
from types import SimpleNamespace

import pytest

from benchmarks._arrivals import moments, p95
from benchmarks._crowd_work import Visitor
from benchmarks._load_office import LoadDraft
from benchmarks._load_tasks import read_form
from benchmarks._plain_request import BrokenAnswer, status_of


def test_as_many_come_as_is_said_and_once_a_minute_many_at_once():
    arrivals = moments(a_second=5, at_once=20, duration=600, chance=Random(1))
    assert 2_800 < len(arrivals) < 3_200
    assert arrivals == sorted(arrivals)
    assert arrivals[-1] < 600
    at_the_same_moment = Counter(arrivals)
    assert [moment for moment, number in at_the_same_moment.items() if number == 20] == [
        15 + 60 * minute for minute in range(10)
    ]


def test_95_of_100_are_as_quick():
    assert p95([0.01 * number for number in range(100, 0, -1)]) == 0.96
    assert p95([]) == 0.0


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage", 200),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /\r\n\r\n", 302),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfile\r\n0\r\n\r\n", 200),
        (b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 204),
    ],
)
def test_the_status_of_a_whole_answer_counts(answer, status):
    with answering(answer) as port:
        assert status_of(port, b"GET / HTTP/1.1\r\n\r\n") == status


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npag",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfile\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
)
def test_a_part_of_an_answer_is_a_failure(answer):
    with answering(answer) as port, pytest.raises(BrokenAnswer):
        status_of(port, b"GET / HTTP/1.1\r\n\r\n")


@contextmanager
def answering(answer, note=lambda request: None):
    """The port of a server that says this once, whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _ = listening.accept()
            with connection:
                note(connection.recv(1000).decode())
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def draft_of(assignment, **more):
    report = SimpleNamespace(assignment_id=assignment, period=SimpleNamespace(number=4))
    return LoadDraft(report, Visitor("session"), 1, "", **more)


def test_a_form_is_asked_for_only_while_its_draft_is_not_sent():
    sent, free = draft_of(7, is_sent=True), draft_of(8)
    asked = []

    def note(request):
        asked.append((request.split()[1], free.lock.locked()))

    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", note) as port:
        assert read_form(SimpleNamespace(drafts=[sent, free]), port, 0.0) == 200
    # Held: whoever wants to send meanwhile takes another one.
    assert asked == [("/115/assignments/8/report/4/", True)]
    assert not free.lock.locked()
