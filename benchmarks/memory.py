"""Memory of a server process through pages, exports, imports and the costliest files.

Each of the rounds reads pages and exports, imports ten thousand rows, takes them back, and sends
two of the twenty files that took most time or memory of the tests' readable and hostile ones. Linux
only, since the figures are those of /proc.
"""

import sys

from benchmarks._choice import Choice
from benchmarks._figure import BenchmarkFigure, at_most
from benchmarks._fresh_databases import sqlite
from benchmarks._process import json_of

MANY = 10_000
ROUNDS = 10
MOST_MEGABYTES = 250
MOST_GROWTH = 1.1
"""How much larger the process may be after the last round than after the third."""


def measure(choice: Choice) -> list[BenchmarkFigure]:
    """On SQLite alone: the process is the same one on PostgreSQL."""
    if not sys.platform.startswith("linux") or "SQLite" not in choice.engines:
        return []
    with sqlite() as fresh:
        measured = json_of("_memory_run", str(MANY), str(ROUNDS), address=fresh())
    highest: dict[str, float] = measured["highest"]
    after_round: list[float] = measured["after_round"]
    worst = max(highest, key=lambda phase: highest[phase])
    return [
        at_most(
            "peak memory of a server process through all of it, in MB",
            highest[worst],
            asked=MOST_MEGABYTES,
            detail=f"at {worst}; at pages {highest['pages']:.0f}, import {highest['import']:.0f}",
        ),
        at_most(
            f"memory after {ROUNDS} rounds beside that after three",
            after_round[-1] / after_round[2],
            asked=MOST_GROWTH,
            detail=", ".join(f"{megabytes:.0f}" for megabytes in after_round) + " MB",
        ),
    ]
