"""A period is closed on a running server while fifty people save, send, attach and endorse in it.

Nothing is asked about speed: what counts is that no answer is a fault, that nothing is taken once
the closing has been answered, and that what is kept is what is there.
"""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks._crowd_work import (
    SENDINGS,
    Pair,
    Visitor,
    attach_to,
    endorse_reports,
    request,
    save_draft,
    send_draft,
)

if TYPE_CHECKING:
    from items.models import Period, ProgressReport

TURNS = 12
"""So many answers each of them asks for; the closing is pressed when a quarter of all is there."""
TASKS = 4
ENDORSED = 3
"""So many reports a head endorses at once; others have some of them before them, too."""
Snapshot = dict[int, tuple[int, str, int]]
"""{key of a report: its version, its state, how much is attached to it}"""


@dataclass
class Progress:
    """How many answers there are, and those that were faults."""

    answers: int = 0
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, fault: str = "") -> None:
        with self.lock:
            self.answers += 1
            if fault:
                self.faults.append(fault)


def close_meanwhile(port: int, pairs: Sequence[Pair], office: Visitor) -> dict[str, int]:
    """How much came of it afterwards, how many kept lines differ, and how many answers were faults."""
    from django.db import connection

    period = pairs[0].reporter.drafts[0].period
    waiting = {pair.number: waiting_for(pair, period) for pair in pairs}
    progress = Progress()
    at_closing: list[Snapshot] = []

    def close() -> None:
        while progress.answers < len(pairs) * TURNS // 4:
            time.sleep(0.01)
        status = request(port, office, "POST", f"/115/periods/{period.number}/close/", {})
        if status != 302:
            progress.faults.append(f"closing: {status}")
        at_closing.append(snapshot_of(period))
        connection.close()

    with ThreadPoolExecutor(len(pairs) + 1) as pool:
        tasks = [pool.submit(close)]
        for pair in pairs:
            tasks.append(pool.submit(work_on, port, pair, waiting[pair.number], progress))
        for task in tasks:
            task.result()
    if progress.faults:
        raise RuntimeError(f"while a period was closed: {progress.faults[:5]}")
    [before] = at_closing
    after = snapshot_of(period)
    moved = sum(before.get(key) != what for key, what in after.items())
    return {"taken after closing": moved, "kept otherwise": lines_kept_otherwise(period)}


def waiting_for(pair: Pair, period: "Period") -> "list[ProgressReport]":
    """Reports that this head may endorse."""
    from items.models import Membership, MembershipRole, ProgressReport, ReportState

    of_head = Membership.objects.filter(
        user__username=f"head{pair.number}", role=MembershipRole.HEAD
    )
    waiting = ProgressReport.objects.filter(
        period=period,
        state=ReportState.WITH_HEAD,
        assignment__department__in=of_head.values("department"),
    )
    return list(waiting.order_by("pk"))[pair.number % 7 :: 7]


def work_on(port: int, pair: Pair, waiting: "list[ProgressReport]", progress: Progress) -> None:
    """One task after the other, whether the period is still open or not."""
    from django.db import connection

    # Of the last two, which the mixed round has used, this one was not sent.
    saved = pair.reporter.drafts[-2]
    # Behind those of the round of sendings: it was only read so far.
    sent = pair.reporter.drafts[SENDINGS]
    for turn in range(TURNS):
        task = (pair.number + turn) % TASKS
        try:
            if task == 0:
                # The mixed round has saved it once.
                save_draft(port, pair.reporter, saved, turn // TASKS)
            elif task == 1:
                attach_to(port, pair.reporter, saved, more=turn + 1)
            elif task == 2:
                send_draft(port, pair.reporter, sent)
            else:
                first = turn // TASKS * ENDORSED
                endorse_reports(port, pair.head, waiting[first : first + ENDORSED])
        except RuntimeError as error:
            # Refused in words, on a page or after a redirect, is what is asked for.
            is_refused = str(error).endswith((": 200", ": 302", ": 204"))
            progress.count("" if is_refused else str(error))
        else:
            progress.count()
    connection.close()


def snapshot_of(period: "Period") -> Snapshot:
    from django.db.models import Count

    from items.models import ProgressReport

    reports = ProgressReport.objects.filter(period=period).annotate(files=Count("evidence"))
    snapshot = {}
    for key, version, state, files in reports.values_list("pk", "version", "state", "files"):
        snapshot[key] = (version, state, files)
    return snapshot


def lines_kept_otherwise(period: "Period") -> int:
    """How many kept lines differ from what the period says now that everybody has gone."""
    from items.models import Period
    from items.workflow.closing import keep_state

    closed = Period.objects.get(pk=period.pk)
    first = closed.closings.order_by("number").last()
    if first is None:
        raise RuntimeError("nothing was kept at the closing")
    second = keep_state(closed, by=first.closed_by, at=first.closed_at)
    kept = [line.content for line in first.lines.order_by("place")]
    now = [line.content for line in second.lines.order_by("place")]
    if len(kept) != len(now):
        return max(len(kept), len(now))
    return sum(before != after for before, after in zip(kept, now, strict=True))
