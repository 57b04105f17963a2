"""Memory and time of accepted files: ten of the costliest in turn, and six at once by one person.

The bounds are those of a single file: 300 MB in each process, of the server and of the readers that
it starts, and five seconds of a processor. By its name alone: `dev.py bench --only uploads`. Linux
only, since the figures are those of /proc.
"""

import sys
from collections.abc import Iterator
from typing import Any

from benchmarks._choice import Choice
from benchmarks._figure import BenchmarkFigure, at_most, seconds
from benchmarks._fresh_databases import sqlite
from benchmarks._process import json_of

MOST_MEGABYTES = 300
MOST_SECONDS = 5


def measure(choice: Choice) -> Iterator[BenchmarkFigure]:
    """On SQLite alone: what reads a file asks no database."""
    if not sys.platform.startswith("linux") or "SQLite" not in choice.engines:
        return
    with sqlite() as fresh:
        measured: dict[str, Any] = json_of("_uploads_run", address=fresh())
    for what in ("ten in turn", "six at once by one person"):
        part = measured[what]
        for process in ("server", "reader"):
            yield at_most(
                f"accepted files, {what}: most memory of a {process} process, in MB",
                part[process],
                asked=MOST_MEGABYTES,
                detail=part["detail"],
            )
        yield seconds(
            f"accepted files, {what}: processor time of the dearest",
            part["processor"],
            asked=MOST_SECONDS,
            detail=f"by the clock {part['clock']:.1f} s",
        )
