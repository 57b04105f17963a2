"""The configuration of nginx in docs/proxy: also answers that never reach us carry our headers."""

import os
import socket
import subprocess
import threading
import time
from contextlib import ExitStack
from functools import partial
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from dev_tools.proxy import MISSING, find_nginx

CONFIGURATION = Path(__file__).resolve().parents[2] / "docs" / "proxy" / "nginx.conf"
OURS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cache-Control": "no-store",
    **settings.ALWAYS_HEADERS,
}
POLICY = "default-src 'self'"
SECONDS_TO_START = 120


def required_nginx():
    """The program; a developer's machine may lack it, but a run in CI that skips these is not whole."""
    found = find_nginx()
    if found is not None:
        return found
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


class Service(BaseHTTPRequestHandler):
    """Answers as we do, and without any header at /bare, as a server's own answers are."""

    def do_GET(self):
        self.send_response(200)
        if self.path != "/bare":
            for name, value in OURS.items():
                self.send_header(name, value)
            self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """`ask(text)`: the answer to a request as it is written here, byte for byte."""
    program = required_nginx()
    folder = tmp_path_factory.mktemp("nginx")
    service = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=service.serve_forever, daemon=True)
    thread.start()
    port = free_port()
    # Everything but what a machine without a certificate lacks.
    lines = []
    for line in CONFIGURATION.read_text("utf-8").splitlines():
        if not line.strip().startswith("ssl_"):
            lines.append(line)
    site = "\n".join(lines).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{service.server_port}")
    # Nobody waits ten seconds in a test.
    assert "client_header_timeout 10s;" in site
    site = site.replace("client_header_timeout 10s;", "client_header_timeout 1s;")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{places}{site}\n}}\n",
        "utf-8",
    )
    command = [program, "-p", str(folder), "-e", f"{folder}/error.log", "-c", str(whole)]
    nginx = subprocess.Popen(command)
    try:
        _wait_for(port, nginx)
        ask = partial(_answer, port)
        ask.port = port
        yield ask
    finally:
        nginx.terminate()
        nginx.wait(60)
        service.shutdown()
        service.server_close()
        thread.join(60)


def _wait_for(port, process):
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        assert process.poll() is None, "nginx has ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("nginx does not listen")


def _answer(port, text):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(text.encode("latin-1"))
        answer = HTTPResponse(connection)
        answer.begin()
        answer.close()
        return answer


@pytest.mark.parametrize(("ci", "ending"), [("1", pytest.fail), ("", pytest.skip)])
def test_a_machine_without_nginx_says_so_and_ci_fails(monkeypatch, ci, ending):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(f"{__name__}.find_nginx", lambda: None)
    with pytest.raises(ending.Exception, match="nginx is not installed"):
        required_nginx()


HOST = "Host: plan.example.org\r\nConnection: close\r\n"
SERVERS_OWN = {
    "no request at all": (400, "nonsense\r\n\r\n"),
    "an address too long": (414, f"GET /{'a' * 40_000} HTTP/1.1\r\n{HOST}\r\n"),
    "a header too long": (400, f"GET / HTTP/1.1\r\n{HOST}Cookie: {'a' * 40_000}\r\n\r\n"),
    "a body too large": (413, f"POST / HTTP/1.1\r\n{HOST}Content-Length: 99999999\r\n\r\n"),
    "an unknown encoding": (501, f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: x\r\n\r\n"),
    "an answer without headers": (200, f"GET /bare HTTP/1.1\r\n{HOST}\r\n"),
}


@pytest.mark.parametrize("name", SERVERS_OWN)
def test_what_a_server_answers_by_itself_carries_our_headers(ask, name):
    status, text = SERVERS_OWN[name]
    answer = ask(text)
    assert answer.status == status
    for header, value in OURS.items():
        assert answer.headers.get_all(header) == [value], header
    (policy,) = answer.headers.get_all("Content-Security-Policy")
    assert policy.startswith("default-src 'none'")


def test_what_we_answer_goes_through_as_it_is(ask):
    answer = ask(f"GET / HTTP/1.1\r\n{HOST}\r\n")
    for header, value in OURS.items():
        assert answer.headers.get_all(header) == [value], header
    assert answer.headers.get_all("Content-Security-Policy") == [POLICY]


def test_two_hundred_half_sent_requests_reach_nobody_and_are_ended(ask):
    with ExitStack() as clients:
        slow = []
        for _ in range(200):
            client = socket.create_connection(("127.0.0.1", ask.port), timeout=60)
            slow.append(clients.enter_context(client))
            client.sendall(b"GET / HTTP/1.1\r\nHost: plan")
        # The service behind has one thread: were it asked, it would answer nobody else.
        assert ask(f"GET / HTTP/1.1\r\n{HOST}\r\n").status == 200
        for client in slow:
            assert client.recv(100) == b""
