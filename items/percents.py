"""Means of percents. Every page and file rounds them here, so that two of them never differ by one."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm


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
    return _rounded(percent.numerator, percent.denominator)


def _rounded(total: int, count: int) -> int:
    """Their quotient, a half rounded up; in whole numbers: a fraction takes forty times as long."""
    return (2 * total + count) // (2 * count)


def mean_percent(percents: Iterable[Fraction | int]) -> int | None:
    """The mean as a whole percent, a half rounded up; None of nothing."""
    values = list(percents)
    total = sum(values)
    if values and isinstance(total, int):
        # No fraction is made of them: a list of 2,000 lines asks for 4,000 means.
        return _rounded(total, len(values))
    return whole_percent(exact_mean(values))


@dataclass(frozen=True)
class MeanProgress:
    """Mean 實際 and 預定 in whole percents; both None of nothing."""

    actual: int | None
    planned: int | None


@dataclass(frozen=True)
class EqualGroup:
    """Rows of which each has a mean of equally many percents, as a database adds them up."""

    number: int
    """How many rows."""
    size: int
    """How many percents each of their means is made of."""
    total: int
    """The sum of all these percents."""


def mean_of_means(groups: Iterable[EqualGroup]) -> int | None:
    """The mean of the rows' means, rounded once; rows without a percent are left out."""
    number = 0
    total_of_size: dict[int, int] = {}
    for group in groups:
        if group.size > 0:
            number += group.number
            total_of_size[group.size] = total_of_size.get(group.size, 0) + group.total
    if number == 0:
        return None
    # In whole numbers, not averages: the database's are floats, and a mean of floats may be rounded
    # to the other side of a half. Fractions say the same, and took a tenth of the calls of 總覽.
    common_size = lcm(*total_of_size)
    total = 0
    for size, total_of_equals in total_of_size.items():
        total += total_of_equals * (common_size // size)
    return _rounded(total, common_size * number)
