"""When requests come to a server under load, and how long 95 of 100 of them took."""

from random import Random

BURST_EVERY = 60
"""Seconds between two moments in which as many come as may at once."""


def moments(*, a_second: int, at_once: int, duration: int, chance: Random) -> list[float]:
    """When requests come, in seconds from the beginning: by chance, and many at once every minute."""
    arrivals: list[float] = []
    bursts = range(BURST_EVERY // 4, duration, BURST_EVERY)
    for burst in bursts:
        arrivals += [float(burst)] * at_once
    # What comes at once is a part of what comes at all.
    spread = a_second - at_once * len(bursts) / duration
    at = chance.expovariate(spread)
    while at < duration:
        arrivals.append(at)
        at += chance.expovariate(spread)
    return sorted(arrivals)


def p95(durations: list[float]) -> float:
    """Of a hundred, 95 are as quick; 0 where there are none."""
    if not durations:
        return 0.0
    in_order = sorted(durations)
    return in_order[min(len(in_order) * 95 // 100, len(in_order) - 1)]
