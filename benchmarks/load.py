"""The load to hold: what an office asks of a running server over ten minutes, as it comes.

People do not wait for each other: requests come at the moments that were drawn before, however long
the answers take, and some moments bring many at once. By its name alone: `dev.py bench --only load`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks._choice import Choice
from benchmarks._figure import BenchmarkFigure, at_most, seconds
from benchmarks._fresh_databases import of_engine
from benchmarks._process import json_of

SECONDS = 600


@dataclass(frozen=True)
class LoadTier:
    """An office of one size."""

    name: str
    engine: str
    users: int
    a_second: int
    at_once: int
    items: int
    asked: float
    """Seconds within which 95 of 100 pages are there."""


TIERS = (
    LoadTier("one branch", "SQLite", users=160, a_second=5, at_once=20, items=150, asked=0.5),
    LoadTier(
        "headquarters and four branches",
        "PostgreSQL",
        users=1000,
        a_second=25,
        at_once=100,
        items=750,
        asked=0.8,
    ),
)


def measure(choice: Choice) -> Iterator[BenchmarkFigure]:
    for tier in TIERS:
        if tier.engine not in choice.engines:
            continue
        duration = choice.seconds or SECONDS
        numbers = (tier.users, tier.a_second, tier.at_once, tier.items, duration)
        with of_engine(tier.engine) as fresh:
            measured = json_of("_load_run", *map(str, numbers), address=fresh())
        yield from _of_tier(tier, duration, measured)


def _of_tier(tier: LoadTier, duration: int, measured: dict[str, Any]) -> Iterator[BenchmarkFigure]:
    name = f"{tier.name} on {tier.engine}, {tier.users} people, {tier.a_second} a second"
    slowest = ", ".join(f"{page} {p95:.2f}" for page, p95 in measured["slowest"])
    yield seconds(
        f"{name}: 95 of 100 pages within",
        measured["p95"],
        asked=tier.asked,
        detail=f"{measured['requests']} requests in {duration} s; {slowest}",
    )
    for what, detail in (
        ("answers of 5xx", "none"),
        ("other failures", measured["failures"] or "none"),
        ("lost or doubled", measured["written"]),
    ):
        yield at_most(f"{name}: {what}", measured[what], asked=0, detail=detail)
    yield at_most(
        f"{name}: seconds for 95 of 100 sign-ins",
        measured["p95 of sign-ins"],
        asked=None,
        detail=f"{measured['sign-ins']} passwords, as after the mail of 催辦",
    )
    yield at_most(
        f"{name}: processor seconds of the server for a request",
        measured["processor"],
        asked=None,
        detail="its start and sign-ins among them",
    )
