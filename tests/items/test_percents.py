"""Means of percents: exact until the end, and a half is rounded up."""

from fractions import Fraction
from itertools import product

import pytest

from items.percents import EqualGroup, exact_mean, mean_of_means, mean_percent, whole_percent


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


def test_groups_have_the_mean_that_the_fractions_of_their_rows_have():
    for totals in product(range(0, 301, 25), repeat=3):
        groups = []
        means = []
        for size, total in enumerate(totals, start=1):
            # Of one group two rows, so that rows and groups differ.
            number = 2 if size == 3 else 1
            total_of_group = min(total, 100 * size * number)
            groups.append(EqualGroup(number, size, total_of_group))
            means += [Fraction(total_of_group, size * number)] * number
        groups.append(EqualGroup(number=5, size=0, total=0))
        assert mean_of_means(groups) == whole_percent(exact_mean(means))


def test_of_nothing_there_is_no_mean():
    assert mean_of_means([EqualGroup(number=5, size=0, total=0)]) is None
    assert exact_mean([]) is None
    assert mean_percent([]) is None


def test_means_of_means_are_rounded_once():
    """(50 + 51) / 2 = 50.5 and 50: their mean 50.25 is 50, though rounding each first would give 51 and 50, so 51."""
    two_leads = EqualGroup(number=1, size=2, total=50 + 51)
    one_lead = EqualGroup(number=1, size=1, total=50)
    nobody_yet = EqualGroup(number=7, size=0, total=0)
    assert mean_of_means([two_leads, one_lead, nobody_yet]) == 50
