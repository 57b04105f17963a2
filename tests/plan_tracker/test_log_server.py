"""The lines of 資安日誌 reach a real log server on loopback, and do without one that is not there."""

import json
import logging
import socket
from contextlib import closing

import pytest

from plan_tracker import log_server
from plan_tracker.log_server import LogServerHandler
from plan_tracker.security_log import LineFormatter, SecurityLine
from plan_tracker.syslog_address import LogServerAddress, Transport, syslog_address

SECONDS = 5
"""For a machine that does other things as well; a line on loopback takes none."""


@pytest.fixture
def sending():
    """sending(transport, host, port) → send(words), which sends a line."""
    handlers = []

    def send_to(transport, host, port=0):
        handler = LogServerHandler(LogServerAddress(transport, host, port))
        handler.setFormatter(LineFormatter())
        handlers.append(handler)

        def send(words):
            record = logging.makeLogRecord({"security_line": line_of(words)})
            handler.handle(record)

        return send

    yield send_to
    for handler in handlers:
        handler.close()


def line_of(words):
    at = "2026-11-22T02:00:00.000+00:00"
    return SecurityLine(at, "sign-in", "mei", "192.0.2.7", "", words, "1a2b3c4d")


def words_of(message):
    """What a message says, which begins with facility and severity: 10 × 8 + 6."""
    text = message.decode()
    beginning = "<86>plan_tracker: "
    assert text.startswith(beginning)
    return json.loads(text.removeprefix(beginning))["words"]


def datagrams(family, address):
    server = socket.socket(family, socket.SOCK_DGRAM)
    server.settimeout(SECONDS)
    server.bind(address)
    return server


@pytest.fixture
def tcp_server():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(SECONDS)
        yield server


def test_a_line_is_one_datagram(sending):
    with closing(datagrams(socket.AF_INET, ("127.0.0.1", 0))) as server:
        send = sending(Transport.UDP, *server.getsockname())
        for words in ("換行\n{}", "第二"):
            send(words)
            assert words_of(server.recv(65536)) == words


def test_a_line_reaches_a_socket_of_this_machine(sending, tmp_path):
    path = str(tmp_path / "log")
    with closing(datagrams(socket.AF_UNIX, path)) as server:
        sending(Transport.SOCKET, path)("密碼")
        assert words_of(server.recv(65536)) == "密碼"


def test_a_line_by_tcp_ends_with_a_line_break(sending, tcp_server):
    send = sending(Transport.TCP, *tcp_server.getsockname())
    send("換行\n{}")
    send("第二")
    connection, _ = tcp_server.accept()
    with closing(connection), connection.makefile("rb") as lines:
        connection.settimeout(SECONDS)
        assert [words_of(lines.readline()), words_of(lines.readline())] == ["換行\n{}", "第二"]


def test_no_line_is_lost_where_the_server_was_started_anew(sending, tcp_server):
    send = sending(Transport.TCP, *tcp_server.getsockname())
    send("之前")
    connection, _ = tcp_server.accept()
    connection.close()
    send("之後")
    connection, _ = tcp_server.accept()
    with closing(connection), connection.makefile("rb") as lines:
        assert words_of(lines.readline()) == "之後"


def test_a_server_that_is_not_there_is_left_alone_for_a_minute(sending, monkeypatch, caplog):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        address = server.getsockname()
    # Nobody listens there any more.
    send = sending(Transport.TCP, *address)
    send("一")
    send("二")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "does not answer" in caplog.text
    monkeypatch.setattr(log_server, "AGAIN_AFTER", 0)
    send = sending(Transport.TCP, *address)
    send("三")
    with closing(socket.create_server(address)) as server:
        server.settimeout(SECONDS)
        send("四")
        connection, _ = server.accept()
        with closing(connection), connection.makefile("rb") as lines:
            assert words_of(lines.readline()) == "四"


@pytest.mark.parametrize(
    ("written", "transport", "host", "port"),
    [
        ("/dev/log", Transport.SOCKET, "/dev/log", 0),
        ("log.example.org", Transport.UDP, "log.example.org", 514),
        ("log.example.org:1514", Transport.UDP, "log.example.org", 1514),
        ("udp://log.example.org:1514", Transport.UDP, "log.example.org", 1514),
        ("tcp://log.example.org:601", Transport.TCP, "log.example.org", 601),
        ("tcp://[2001:db8::1]:601", Transport.TCP, "2001:db8::1", 601),
    ],
)
def test_a_log_server_is_a_host_a_port_or_a_socket(written, transport, host, port):
    assert syslog_address(written) == LogServerAddress(transport, host, port)


@pytest.mark.parametrize("written", ["log.example.org:syslog", "tcp://:601", "log:70000"])
def test_what_is_no_address_is_refused(written):
    with pytest.raises(ValueError, match=r"."):
        syslog_address(written)
