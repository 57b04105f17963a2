"""One office and a running server: figures as JSON on standard output; one empty database.

    python -m benchmarks._load_run USERS A_SECOND AT_ONCE ITEMS SECONDS

The server is the README's. Every request has its moment, drawn before; its time counts from that
moment on, so that whoever comes while others wait is counted with the waiting.
"""

import json
import resource
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks._arrivals import moments, p95

# First: it says which settings Django reads.
from benchmarks._crowd_run import server
from benchmarks._load_office import LoadOffice, lost, make_office
from benchmarks._load_tasks import Task, tasks_of

SIGN_IN = "sign-in"
SEED = 115
MAIL_SECONDS = 600
"""Within which everybody who got a reminder signs in."""
SLOWEST = 3
"""How many kinds of pages are named with their time."""


@dataclass
class Taken:
    """What came back, by kind of request."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, duration: float, status: int, wanted: int) -> None:
        with self.lock:
            self.seconds.setdefault(kind, []).append(duration)
            if status != wanted:
                self.failures[f"{kind}: {status}"] += 1


def measure(
    *, users: int, a_second: int, at_once: int, items: int, duration: int
) -> dict[str, Any]:
    chance = Random(SEED)
    office = make_office(users=users, items=items, chance=chance)
    arrivals = moments(a_second=a_second, at_once=at_once, duration=duration, chance=chance)
    # Everybody signs in once in ten minutes, as after the mail of 催辦.
    sign_ins = users / MAIL_SECONDS / a_second
    tasks = tasks_of(office, arrivals, sign_ins=sign_ins, chance=chance)
    taken = Taken()
    before = processor_of_children()
    with server() as port:
        # Each worker has read its templates and made its connections.
        for task in tasks[: 4 * at_once : 4]:
            if task.is_page:
                task.take(port)
        run(port, office, arrivals, tasks, taken, at_once=at_once)
    figures = summary(office, taken)
    # Of the workers, with their start: the server has ended by now.
    figures["processor"] = (processor_of_children() - before) / figures["requests"]
    return figures


def processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(
    port: int,
    office: LoadOffice,
    arrivals: list[float],
    tasks: list[Task],
    taken: Taken,
    *,
    at_once: int,
) -> None:
    """Send each request in its moment, whatever others wait for."""
    started = time.perf_counter()

    def send(at: float, task: Task) -> None:
        try:
            status = task.take(port)
        except OSError:
            status = 0
        taken.note(task.kind, time.perf_counter() - started - at, status, task.wanted)

    with ThreadPoolExecutor(at_once * 3) as pool:
        for at, task in zip(arrivals, tasks, strict=True):
            pause = started + at - time.perf_counter()
            if pause > 0:
                time.sleep(pause)
            pool.submit(send, at, task)


def summary(office: LoadOffice, taken: Taken) -> dict[str, Any]:
    of_pages = []
    by_kind = {}
    for kind, durations in taken.seconds.items():
        by_kind[kind] = p95(durations)
        if kind != SIGN_IN:
            of_pages += durations
    sign_ins = taken.seconds.get(SIGN_IN, [])
    pages = [(kind, figure) for kind, figure in by_kind.items() if kind != SIGN_IN]
    pages.sort(key=lambda pair: pair[1], reverse=True)
    of_server = 0
    others: Counter[str] = Counter()
    for words, number in taken.failures.items():
        status = words.rpartition(" ")[2]
        if status.startswith("5"):
            of_server += number
        else:
            others[words] += number
    print(json.dumps(taken.failures), file=sys.stderr)
    return {
        "requests": len(of_pages) + len(sign_ins),
        "p95": p95(of_pages),
        "slowest": pages[:SLOWEST],
        "sign-ins": len(sign_ins),
        "p95 of sign-ins": p95(sign_ins),
        "answers of 5xx": of_server,
        "other failures": sum(others.values()),
        "failures": ", ".join(f"{words} ({number})" for words, number in others.items()),
        "lost or doubled": lost(office),
        "written": office.written_words,
    }


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    users, a_second, at_once, items, duration = map(int, sys.argv[1:])
    figures = measure(
        users=users, a_second=a_second, at_once=at_once, items=items, duration=duration
    )
    print(json.dumps(figures, ensure_ascii=False))
