"""Time and peak memory of every hostile file, each in a process of its own; by hand only:

python -m tests.items.exchange.spreadsheets.measure
"""

import multiprocessing
import os
import re
import sys
import time

import django

# ruff: noqa: E402
# Run by hand, nothing else has set Django up, and the headings of our table come from the models.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from items.exchange.plan_table.headings import candidate_sheets
from items.exchange.plan_table.table import read_table
from items.exchange.spreadsheets.refused import Refused
from tests.items.exchange.spreadsheets.costly import SLOW
from tests.items.exchange.spreadsheets.hostile import MADE
from tests.items.exchange.spreadsheets.reading import workbook_of


def outcome(data, name):
    """In words what became of a file."""
    try:
        table = read_table(candidate_sheets(workbook_of(data, name))[0], 115)
    except Refused as refused:
        return refused.message
    return f"{len(table.rows)} rows, {len(table.problems)} problems"


def _peak():
    """The most memory that this process ever had, in megabytes (Linux only)."""
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\s*(\d+)", status.read())[1]) // 1024


def _measure(data, name, queue):
    before = _peak()
    start, used = time.perf_counter(), time.process_time()
    words = outcome(data, name)
    queue.put((time.perf_counter() - start, time.process_time() - used, before, _peak(), words))


def measure(data, name):
    """Seconds by the clock and of the processor, megabytes before and at the peak, and the outcome, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_measure, args=(data, name, queue))
    process.start()
    result = queue.get()
    process.join()
    return result


def main(names):
    for name, make in (MADE | SLOW).items():
        if not names or name in names:
            seconds, used, before, peak, words = measure(make(), name)
            print(
                f"{seconds:6.2f} s, {used:5.2f} s of processor, {before:4d} → {peak:4d} MB  {name}: {words}"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
