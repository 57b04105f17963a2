"""Answers a second of a running server as JSON on standard output; one empty database.

    python -m benchmarks._crowd_run

DATABASE_URL and DATA_DIR say which database: it is migrated and filled here. The server is the one
that README.md gives an office, with two workers; people ask it over loopback, all at once.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from items.models import ProgressReport

# Django reads the settings once, when it is first imported: therefore this, and the imports inside
# the functions.
os.environ["DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks._page_settings"

ITEMS = 300
"""Of the year: enough for everybody to have drafts of their own."""
SAVERS, READERS = 50, 20
SAVES, SENDINGS, READINGS = 6, 3, 3
FILES = 3
FILE_BYTES = 100_000
"""How often each of them does it."""
BOUNDARY = "----crowd"
TOKEN = "b" * 32
"""As a browser has it, in the cookie and in the form."""
SERVER = ("--workers", "2", "--threads", "4")


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in, with drafts of their own."""

    session: str
    drafts: "list[ProgressReport]"


def measure() -> dict[str, Any]:
    from benchmarks._year import make_year

    make_year(ITEMS)
    visitors = make_visitors()
    readers = visitors[:READERS]
    measured: dict[str, Any] = {}
    with server() as port:
        for visitor in visitors:
            get(port, visitor, "/base/")
        measured["bare"] = a_second(visitors, SAVES, lambda who, turn: touch(port, who))
        measured["save"] = a_second(visitors, SAVES, lambda who, turn: save(port, who, turn))
        measured["lost saves"] = sum(saves_lost(visitor) for visitor in visitors)
        measured["attach"] = a_second(visitors, FILES, lambda who, turn: attach(port, who, turn))
        measured["lost files"] = sum(files_lost(visitor) for visitor in visitors)
        measured["send"] = a_second(visitors, SENDINGS, lambda who, turn: send(port, who, turn))
        measured["lost sendings"] = sum(sendings_lost(visitor) for visitor in visitors)
        for name, address in (("base page", "/base/"), ("總覽", "/115/"), ("計畫表", "/115/plan/")):
            measured[name] = a_second(readers, READINGS, reading(port, address))
        measured["report form"] = a_second(
            readers, READINGS, lambda who, turn: get(port, who, form_of(who.drafts[-1]))
        )
    return measured


def make_visitors() -> list[Visitor]:
    """Fifty reporters, each with as many drafts of the running period as they will send, and one."""
    from django.conf import settings

    from benchmarks._page_asks import client_of
    from items.models import Membership, ProgressReport, ReportState, User

    running = ProgressReport.objects.filter(period__closed_at__isnull=True)
    running.filter(state__in=[ReportState.RETURNED]).update(state=ReportState.DRAFT)
    drafts = list(running.filter(state=ReportState.DRAFT).with_path().order_by("pk"))
    visitors = []
    for number in range(SAVERS):
        own = drafts[number::SAVERS][: SENDINGS + 1]
        user = User.objects.create_user(f"reporter{number}", full_name=f"承辦{number}")
        for department in {draft.assignment.department for draft in own}:
            Membership.objects.create(user=user, department=department)
        cookies = client_of(user).cookies
        visitors.append(Visitor(cookies[settings.SESSION_COOKIE_NAME].value, own))
    return visitors


@contextmanager
def server() -> Iterator[int]:
    """The port of a server that runs meanwhile."""
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *SERVER]
    process = subprocess.Popen(
        [*gunicorn, "--log-level", "error", "plan_tracker.wsgi:application"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")


def a_second(visitors: list[Visitor], times: int, ask: Callable[[Visitor, int], None]) -> float:
    """Answers a second while all of them ask at once, each so many times, one after the other."""

    def visit(visitor: Visitor) -> None:
        for turn in range(times):
            ask(visitor, turn)

    started = time.perf_counter()
    with ThreadPoolExecutor(len(visitors)) as pool:
        # Asked for its results, a pool raises what failed.
        list(pool.map(visit, visitors))
    return len(visitors) * times / (time.perf_counter() - started)


def request(
    port: int, visitor: Visitor, method: str, address: str, form: dict[str, Any] | None = None
) -> int:
    """The status of the answer to a form, or to a page where there is none."""
    if form is None:
        return send_body(port, visitor, method, address)
    body = urlencode(form | {"csrfmiddlewaretoken": TOKEN}).encode()
    return send_body(
        port, visitor, method, address, body=body, content_type="application/x-www-form-urlencoded"
    )


def send_body(
    port: int,
    visitor: Visitor,
    method: str,
    address: str,
    *,
    body: bytes | None = None,
    content_type: str = "",
) -> int:
    """Like a proxy without kept connections, each time a new one."""
    headers = {"Cookie": f"session={visitor.session}; csrf={TOKEN}", "Connection": "close"}
    if content_type:
        headers["Content-Type"] = content_type
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, address, body, headers)
        response = connection.getresponse()
        response.read()
    finally:
        connection.close()
    return response.status


def get(port: int, visitor: Visitor, address: str) -> None:
    status = request(port, visitor, "GET", address)
    if status != 200:
        raise RuntimeError(f"{address}: {status}")


def reading(port: int, address: str) -> Callable[[Visitor, int], None]:
    return lambda visitor, turn: get(port, visitor, address)


def touch(port: int, visitor: Visitor) -> None:
    """The bare view: reads one row and updates it."""
    address = f"/touch/{visitor.drafts[0].pk}/"
    status = request(port, visitor, "POST", address, {})
    if status != 200:
        raise RuntimeError(f"{address}: {status}")


def form_of(report: "ProgressReport") -> str:
    from benchmarks._page_asks import form_address

    return form_address(report)


def save(port: int, visitor: Visitor, turn: int) -> None:
    """Autosave of the first draft; each save makes a version of its own."""
    draft = visitor.drafts[0]
    values = draft.content() | {"text": saved_text(turn), "intent": "autosave"}
    status = request(
        port, visitor, "POST", form_of(draft), values | {"version": draft.version + turn}
    )
    if status != 200:
        raise RuntimeError(f"a save: {status}")


def saved_text(turn: int) -> str:
    return f"自動儲存第{turn}次"


def saves_lost(visitor: Visitor) -> int:
    """How many versions fewer there are than saves; all of them where the last text is not there."""
    draft = visitor.drafts[0]
    version_before = draft.version
    draft.refresh_from_db()
    if draft.text != saved_text(SAVES - 1):
        return SAVES
    return SAVES - (draft.version - version_before)


def attach(port: int, visitor: Visitor, turn: int) -> None:
    """One file to the draft that is sent in the same turn later, as the script of the form does."""
    draft = visitor.drafts[turn]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        f"{TOKEN}\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; "
        f'name="evidence"; filename="{draft.pk}.pdf"\r\n\r\n'
    )
    body = head.encode() + file_of(draft) + f"\r\n--{BOUNDARY}--\r\n".encode()
    status = send_body(
        port,
        visitor,
        "POST",
        f"{form_of(draft)}evidence/",
        body=body,
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )
    if status != 200:
        raise RuntimeError(f"a file: {status}")


def file_of(draft: "ProgressReport") -> bytes:
    """A PDF of its own for each draft."""
    beginning = f"%PDF-1.7\n{draft.pk} ".encode()
    return beginning + b"0" * (FILE_BYTES - len(beginning))


def files_lost(visitor: Visitor) -> int:
    """How many of the files are not there once, and as they were sent."""
    from items.evidence.storage import evidence_storage

    lost = 0
    for draft in visitor.drafts[:FILES]:
        attached = list(draft.evidence.attached())
        if len(attached) != 1:
            lost += 1
            continue
        with evidence_storage().open(attached[0].stored_name) as stored:
            if stored.read() != file_of(draft):
                lost += 1
    return lost


def send(port: int, visitor: Visitor, turn: int) -> None:
    draft = visitor.drafts[turn]
    values = draft.content() | {"version": draft.version, "intent": "submit"}
    # Whatever the draft says, so that nothing is missing.
    values |= {"delay_reason": "採購流標一次", "remedy": "改採開口契約"}
    status = request(port, visitor, "POST", form_of(draft), values)
    if status != 302:
        raise RuntimeError(f"a sending: {status}")


def sendings_lost(visitor: Visitor) -> int:
    lost = 0
    for draft in visitor.drafts[:SENDINGS]:
        draft.refresh_from_db()
        if not draft.is_submitted:
            lost += 1
    return lost


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(measure(), ensure_ascii=False))
