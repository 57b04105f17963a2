"""Costly accepted files at a running server, as JSON on standard output; one empty database.

python -m benchmarks._uploads_run
"""

import io
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ["DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks._page_settings"

FILES = (
    "nineteen_thousand_rows_as_ods",
    "nineteen_thousand_rows_as_csv",
    "ten_thousand_rows_with_merges",
    "page_after_page",
    "one_cell_cut_by_every_page",
    "one_action_over_all_rows",
    "a_long_cell_merged_over_all_rows",
    "many_deadlines_in_every_row",
    "many_names_in_every_row",
    "every_row_wrong_in_every_way",
)
"""Those of the tests that are read to their end and cost most."""
AT_ONCE = 6
ROWS_OF_SHEET = 15_000
BETWEEN_LOOKS = 0.02
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Watched:
    """The most that the processes of a server had while it was looked at, in megabytes."""

    server: float = 0.0
    reader: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event)

    def look(self, process: int) -> None:
        while not self.ended.is_set():
            self.server = max(self.server, megabytes(process))
            for child in children_of(process):
                self.reader = max(self.reader, megabytes(child))
            time.sleep(BETWEEN_LOOKS)


def megabytes(process: int) -> float:
    """Resident; 0 of a process that has just ended."""
    try:
        # proc(5): the size of all, then what of it is resident, in pages.
        _all_pages, pages, *_ = Path(f"/proc/{process}/statm").read_text().split()
    except (OSError, ValueError):
        return 0.0
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def children_of(process: int) -> list[int]:
    """Of all its threads: each has those that it has started."""
    children: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        try:
            children += map(int, (task / "children").read_text().split())
        except OSError:
            # A thread that has just ended.
            continue
    return children


def processor(process: int) -> float:
    """Seconds, with those of children that have ended."""
    text = Path(f"/proc/{process}/stat").read_text()
    # Behind the name, which stands in brackets and may hold spaces.
    fields = text.rpartition(")")[2].split()
    # proc(5): utime and stime, then cutime and cstime, which are of the children.
    ticks = [int(field) for field in fields[11:15]]
    return sum(ticks) / TICKS


@contextmanager
def watched(process: int) -> Iterator[Watched]:
    seen = Watched()
    thread = threading.Thread(target=seen.look, args=[process])
    thread.start()
    try:
        yield seen
    finally:
        seen.ended.set()
        thread.join()


def main() -> dict[str, Any]:
    from django.conf import settings
    from django.db import connections

    from benchmarks._crowd_run import session_of
    from benchmarks._visitor import PageVisitor, server
    from benchmarks._year import make_year
    from tests.items.exchange.spreadsheets.costly import SLOW

    year = make_year(33)
    name = settings.SESSION_COOKIE_NAME
    office = {name: session_of(year.coordinator)}
    reporter = {name: session_of(year.reporter)}
    department = year.reporter.memberships.get().department_id
    connections.close_all()
    made = {name: SLOW[name]() for name in FILES}
    endings = {name: ending_of(content) for name, content in made.items()}
    with server() as (port, process):
        in_turn = one_by_one(PageVisitor(port, dict(office)), process, made, endings)
        sheet = long_sheet(PageVisitor(port, dict(reporter)), department)
        at_once = six_at_once(port, process, reporter, sheet)
    return {"ten in turn": in_turn, "six at once by one person": at_once}


def six_at_once(port: int, process: int, cookies: dict[str, str], sheet: bytes) -> dict[str, Any]:
    """The same 填報表 sent by one person in six windows; `cookies` are those of the reporter."""
    from benchmarks._visitor import PageVisitor

    def send(_: int) -> str:
        visitor = PageVisitor(port, dict(cookies))
        sent = visitor.send_file("/115/offline/4/", "填報表.xlsx", sheet)
        if sent.status >= 500:
            return str(sent.status)
        if "還在讀取" in sent.text:
            return "busy"
        if "不能讀取" in sent.text:
            return "refused"
        return "read"

    used_before = processor(process)
    began = time.monotonic()
    with watched(process) as seen, ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(pool.map(send, range(AT_ONCE)))
    used = processor(process) - used_before
    return {
        "server": seen.server,
        "reader": seen.reader,
        # Only what was read costs the processor anything.
        "processor": used / max(answers["read"], 1),
        "clock": time.monotonic() - began,
        "detail": ", ".join(f"{number} {words}" for words, number in answers.items()),
    }


def long_sheet(visitor: Any, department: int) -> bytes:
    """The 填報表 of the reporter's department, with its first item again in very many rows."""
    import openpyxl

    empty = visitor.get(f"/115/offline/4/{department}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(empty.body))
    sheet = book["填報表"]
    first_item = [cell.value for cell in sheet[4]]
    for _ in range(ROWS_OF_SHEET):
        sheet.append(first_item)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ending_of(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return ".csv"
    if b"opendocument" in content[:200]:
        return ".ods"
    return ".xlsx"


def one_by_one(
    visitor: Any, process: int, made: dict[str, bytes], endings: dict[str, str]
) -> dict[str, Any]:
    used_by = {}
    slowest = 0.0
    accepted = 0
    with watched(process) as seen:
        for name, content in made.items():
            used_before = processor(process)
            began = time.monotonic()
            answer = visitor.send_file("/115/import/", f"{name}{endings[name]}", content)
            is_read = "不能讀取" not in answer.text
            accepted += is_read
            if not is_read:
                print(name, answer.status, file=sys.stderr)
            used_by[name] = processor(process) - used_before
            slowest = max(slowest, time.monotonic() - began)
    dearest = max(used_by, key=lambda name: used_by[name])
    return {
        "server": seen.server,
        "reader": seen.reader,
        "seconds": used_by,
        "processor": used_by[dearest],
        "clock": slowest,
        "detail": f"{accepted} of {len(made)} were read, the dearest is {dearest}",
    }


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(main(), ensure_ascii=False))
