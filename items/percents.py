"""Means of percents. Every page and file rounds them here, so that two of them never differ by one."""

from collections.abc import Iterable
from fractions import Fraction


def exact_mean(percents: Iterable[Fraction | int]) -> Fraction | None:
    """The mean as a fraction, so that a mean of means is rounded only once; None of nothing."""
    values = list(percents)
    if not values:
        return None
    return Fraction(sum(values), len(values))


def whole_percent(percent: Fraction | int | None) -> int | None:
    """A mean as a whole percent, a half rounded up; None stays None."""
    if percent is None:
        return None
    return int(percent + Fraction(1, 2))


def mean_percent(percents: Iterable[Fraction | int]) -> int | None:
    """The mean as a whole percent, a half rounded up; None of nothing."""
    return whole_percent(exact_mean(percents))
