"""Fifty people who save, attach, send and endorse, and twenty who read, against a running server.

First each thing by itself, all fifty at once; then all four at once; at last the period is closed
while all four go on. On SQLite, which has one writer at a time, twenty save while a plan's file comes in.

Each figure is a share of what a bare view, or the base page, answers behind the same middleware in
the same run; the people who ask take their part of the machine in both.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks._choice import Choice
from benchmarks._figure import BenchmarkFigure, at_least, at_most, seconds
from benchmarks._fresh_databases import of_engine
from benchmarks._process import json_of

BASE = "base page"
ASKED_OF_WRITERS = (
    ("save", 0.5),
    ("attach", None),
    ("send", 0.25),
    ("endorse", None),
    ("mixed", None),
)
"""What fifty people do, and which share of the bare view's answers is asked for."""
LOST = ("lost saves", "lost files", "lost sendings", "lost endorsings", "lost mixed")


def measure(choice: Choice) -> Iterator[BenchmarkFigure]:
    for engine in choice.engines:
        with of_engine(engine) as fresh:
            yield from _of_engine(engine, json_of("_crowd_run", address=fresh()))
            if engine == "SQLite":
                yield from _beside_import(json_of("_import_run", address=fresh()))


def _of_engine(engine: str, measured: dict[str, Any]) -> list[BenchmarkFigure]:
    bare = measured["bare"]
    figures = []
    for name, asked in ASKED_OF_WRITERS:
        figures.append(
            at_least(
                f"{engine}, fifty people at once: {name}, share of a bare view's answers",
                measured[name] / bare,
                asked=asked,
                detail=f"{measured[name]:.0f} a second, bare {bare:.0f}",
            )
        )
    lost = sum(measured[name] for name in LOST)
    figures.append(
        at_most(
            f"{engine}, fifty people at once: lost or doubled", lost, asked=0, detail="none failed"
        )
    )
    for name in ("taken after closing", "kept otherwise"):
        figures.append(
            at_most(
                f"{engine}, a period closed while fifty people work in it: {name}",
                measured[name],
                asked=0,
                detail="none failed",
            )
        )
    for name, asked in (("report form", 0.25), ("總覽", None), ("計畫表", None)):
        figures.append(
            at_least(
                f"{engine}, twenty readers: {name}, share of the base page's answers",
                measured[name] / measured[BASE],
                asked=asked,
                detail=f"{measured[name]:.0f} a second, base page {measured[BASE]:.0f}",
            )
        )
    return figures


def _beside_import(measured: dict[str, Any]) -> Iterator[BenchmarkFigure]:
    name = "SQLite, twenty people save while 500 items are imported"
    yield seconds(
        f"{name}: 95 of 100 saves within",
        measured["p95"],
        asked=2,
        detail=f"{measured['saves']} saves beside it",
    )
    for what in ("refused", "lost"):
        yield at_most(f"{name}: {what}", measured[what], asked=0, detail="rows of the file, too")
