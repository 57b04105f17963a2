"""Somebody signed in who reads pages and sends files to a server of its own process."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

from benchmarks._process import ROOT

MOST_REDIRECTS = 5

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_BOUNDARY = "----benchmark"
_SECONDS_TO_START = 60


@dataclass(frozen=True)
class ServerAnswer:
    """What came back: the address after all redirects, and the page or file."""

    status: int
    address: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class PageVisitor:
    """One browser: it keeps its cookies, follows redirects and sends the token of the form."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> ServerAnswer:
        return self._ask("GET", address, b"", {})

    def press(self, address: str, token: str, **fields: str) -> ServerAnswer:
        """Send a form without a file."""
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        return self._ask(
            "POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"}
        )

    def send_file(self, address: str, name: str, content: bytes) -> ServerAnswer:
        """Open the page of the upload and send a file from it."""
        token = token_in(self.get(address))
        head = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
            f"{token}\r\n--{_BOUNDARY}\r\nContent-Disposition: form-data; "
            f'name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        body = head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        return self._ask(
            "POST", address, body, {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        )

    def _ask(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> ServerAnswer:
        for _ in range(MOST_REDIRECTS):
            connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(method, address, body, {"Cookie": cookies, **headers})
            response = connection.getresponse()
            content = response.read()
            connection.close()
            self._keep_cookies(response)
            target = response.getheader("Location")
            is_redirect = response.status in (301, 302, 303)
            if target is None or not is_redirect:
                return ServerAnswer(response.status, address, content)
            # A browser asks for the other page without what it has sent.
            method = "GET"
            address = target
            body = b""
            headers = {}
        raise RuntimeError(f"too many redirects: {address}")

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, rest = header.partition("=")
            self.cookies[name] = rest.partition(";")[0]


def token_in(answer: ServerAnswer) -> str:
    match = _TOKEN.search(answer.text)
    if match is None:
        raise RuntimeError(f"no form at {answer.address}: {answer.status}")
    return match[1]


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """(port, process id) of the server that `dev.py run` starts, with the environment of here."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", "--threads=8"]
    command += ["--max-request-body-size=67108864", "plan_tracker.wsgi:application"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(_SECONDS_TO_START * 10):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
