"""Means of percents: exact until the end, and a half is rounded up."""

from fractions import Fraction

import pytest

from items.percents import exact_mean, mean_percent, whole_percent


@pytest.mark.parametrize(
    ("mean", "percent"),
    [(Fraction(1, 2), 1), (Fraction(145, 2), 73), (Fraction(217, 3), 72), (0, 0), (None, None)],
)
def test_a_half_is_rounded_up(mean, percent):
    assert whole_percent(mean) == percent


@pytest.mark.parametrize(
    ("percents", "mean"),
    [([50], 50), ([50, 51], 51), ([0, 0, 100], 33), ([99, 100], 100)],
)
def test_a_mean_of_whole_percents_is_a_whole_percent(percents, mean):
    assert mean_percent(percents) == mean


def test_whole_percents_have_the_mean_that_fractions_have():
    for count in range(1, 9):
        for total in range(100 * count + 1):
            percents = [total - (total // count) * (count - 1)] + [total // count] * (count - 1)
            assert mean_percent(percents) == whole_percent(Fraction(total, count))


def test_a_mean_of_means_is_rounded_once():
    """50.5 and 50: their mean 50.25 is 50; rounding the first to 51 would give 50.5, and so 51."""
    assert mean_percent([exact_mean([50, 51]), exact_mean([50])]) == 50


def test_of_nothing_there_is_no_mean():
    assert exact_mean([]) is None
    assert mean_percent([]) is None
