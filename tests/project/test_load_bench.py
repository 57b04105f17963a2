"""The requests of `dev.py bench --only load` come as it is promised."""

from collections import Counter
from random import Random

from benchmarks._arrivals import moments, p95


def test_as_many_come_as_is_said_and_once_a_minute_many_at_once():
    arrivals = moments(a_second=5, at_once=20, duration=600, chance=Random(1))
    assert 2_800 < len(arrivals) < 3_200
    assert arrivals == sorted(arrivals)
    assert arrivals[-1] < 600
    at_the_same_moment = Counter(arrivals)
    assert [moment for moment, number in at_the_same_moment.items() if number == 20] == [
        15 + 60 * minute for minute in range(10)
    ]


def test_95_of_100_are_as_quick():
    assert p95([0.01 * number for number in range(100, 0, -1)]) == 0.96
    assert p95([]) == 0.0
