"""Answers a second of a running server as JSON on standard output; one empty database.

    python -m benchmarks._crowd_run

DATABASE_URL and DATA_DIR say which database: empty, and filled here. The server is the one
that README.md gives an office, with two workers; people ask it over loopback, all at once.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from benchmarks._crowd_closing import close_meanwhile
from benchmarks._crowd_work import (
    FILES,
    MIXED,
    SAVES,
    SENDINGS,
    Pair,
    Visitor,
    attach,
    endorse,
    endorsings_lost,
    files_lost,
    get,
    mixed,
    mixed_lost,
    read_form,
    reading,
    save,
    saves_lost,
    send,
    sendings_lost,
    touch,
)

# Django reads the settings once, when it is first imported: therefore this, and the imports inside
# the functions.
os.environ["DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks._page_settings"

ITEMS = 300
"""Of the year: enough for everybody to have drafts of their own."""
CROWD = 50
READERS = 20
DRAFTS = SENDINGS + 3
"""Of each: those that are sent, one that stays for reading, and two for everything at once."""
ENDORSED = 4
"""So many reports a head endorses at once; two heads have the same ones."""
READINGS = 20
"""Of each reader. With three all was over in a fifth of a second (base page) or in one (form), in
which each of twenty connections was new to the page's questions: its first answers, not its rate."""
PAGES = {"base page": "/base/", "總覽": "/115/", "計畫表": "/115/plan/"}
SERVER = ("--workers", "2", "--threads", "10")
Person = TypeVar("Person", Visitor, Pair)


def measure() -> dict[str, Any]:
    from benchmarks._year import make_year

    make_year(ITEMS)
    visitors = make_visitors()
    heads = make_heads()
    pairs = []
    for number, (visitor, head) in enumerate(zip(visitors, heads, strict=True)):
        pairs.append(Pair(number, visitor, head))
    readers = visitors[:READERS]
    measured: dict[str, Any] = {}
    with server() as port:
        for visitor in visitors:
            get(port, visitor, "/base/")
        measured["bare"] = a_second(visitors, SAVES, partial(touch, port))
        measured["save"] = a_second(visitors, SAVES, partial(save, port))
        measured["lost saves"] = sum(saves_lost(visitor) for visitor in visitors)
        measured["attach"] = a_second(visitors, FILES, partial(attach, port))
        measured["lost files"] = sum(files_lost(visitor) for visitor in visitors)
        measured["send"] = a_second(visitors, SENDINGS, partial(send, port))
        measured["lost sendings"] = sum(sendings_lost(visitor) for visitor in visitors)
        measured["endorse"] = a_second(heads, 1, partial(endorse, port))
        measured["lost endorsings"] = sum(endorsings_lost(head) for head in heads)
        measured["mixed"] = a_second(pairs, MIXED, partial(mixed, port))
        measured["lost mixed"] = sum(mixed_lost(pair) for pair in pairs)
        for name, address in PAGES.items():
            measured[name] = a_second(readers, READINGS, reading(port, address))
        measured["report form"] = a_second(readers, READINGS, partial(read_form, port))
        # The last thing of all: afterwards nobody can write any more.
        measured |= close_meanwhile(port, pairs, make_office())
    return measured


def make_visitors() -> list[Visitor]:
    """Fifty reporters, each with drafts of the running period for all that they will do."""
    from django.db.models import QuerySet

    from items.models import Membership, ProgressReport, ReportState, ReportStep, User

    running = ProgressReport.objects.filter(period__closed_at__isnull=True)
    # Nothing has happened to any of them yet: each step is counted afterwards. The model's own
    # manager deletes no step.
    QuerySet(ReportStep).filter(report__in=running).delete()
    running.filter(state__in=[ReportState.RETURNED, ReportState.ACCEPTED]).update(
        state=ReportState.DRAFT
    )
    drafts = list(running.filter(state=ReportState.DRAFT).with_path().order_by("pk"))
    visitors = []
    for number in range(CROWD):
        own = drafts[number::CROWD][:DRAFTS]
        require(len(own) == DRAFTS)
        user = User.objects.create_user(f"reporter{number}", full_name=f"承辦{number}")
        for department in {draft.assignment.department for draft in own}:
            Membership.objects.create(user=user, department=department)
        visitors.append(Visitor(session_of(user), drafts=own))
    return visitors


def make_heads() -> list[Visitor]:
    """Fifty heads: two have the same reports to endorse, and each has one alone."""
    from items.models import Membership, MembershipRole, ProgressReport, ReportState, User

    running = ProgressReport.objects.filter(period__closed_at__isnull=True)
    running.filter(state=ReportState.WITH_COORDINATOR).update(state=ReportState.WITH_HEAD)
    waiting = list(running.filter(state=ReportState.WITH_HEAD).with_path().order_by("pk"))
    alone = waiting[:CROWD]
    shared = waiting[CROWD:]
    heads = []
    for number in range(CROWD):
        pair = number // 2
        first = pair * ENDORSED
        shared_by_pair = shared[first : first + ENDORSED]
        own = [*shared_by_pair, alone[number]]
        require(len(own) == ENDORSED + 1)
        user = User.objects.create_user(f"head{number}", full_name=f"主管{number}")
        departments = {report.assignment.department for report in own}
        for department in departments:
            Membership.objects.create(user=user, department=department, role=MembershipRole.HEAD)
        heads.append(Visitor(session_of(user), waiting=own))
    return heads


def make_office() -> Visitor:
    """Whoever closes the period."""
    from items.models import Role, User

    return Visitor(session_of(User.objects.create_user("office", role=Role.COORDINATOR)))


def require(enough: bool) -> None:
    """What nobody does is neither lost nor doubled: a year that is too small proves nothing."""
    if not enough:
        raise RuntimeError("the year has too few reports for everybody")


def session_of(user: Any) -> str:
    """The cookie of somebody who has just signed in."""
    from django.conf import settings

    from benchmarks._page_asks import client_of

    return client_of(user).cookies[settings.SESSION_COOKIE_NAME].value


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


def a_second(people: Sequence[Person], times: int, ask: Callable[[Person, int], None]) -> float:
    """Answers a second while all of them ask at once, each so many times, one after the other.

    `ask` gets the person, and the number of the turn from 0 on.
    """
    from django.db import connection

    def visit(person: Person) -> None:
        try:
            for turn in range(times):
                ask(person, turn)
        finally:
            # What fifty threads have looked up stays open after them, until PostgreSQL takes no more.
            connection.close()

    started = time.perf_counter()
    with ThreadPoolExecutor(len(people)) as pool:
        # Asked for its results, a pool raises what failed.
        list(pool.map(visit, people))
    return len(people) * times / (time.perf_counter() - started)


if __name__ == "__main__":
    from benchmarks._migrated import set_up

    set_up()
    print(json.dumps(measure(), ensure_ascii=False))
