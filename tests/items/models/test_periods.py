"""Which of several periods every screen starts from."""

from datetime import date

import pytest

from items.models import current_first, current_period
from items.workflow import periods
from tests.making import NOW


@pytest.fixture
def year(programme, coordinator):
    """Four quarters, none of them opened."""
    return list(periods.lay_out(programme, by=coordinator, at=NOW))


@pytest.mark.parametrize(
    ("closed", "opened", "today", "current"),
    [
        ([], [], date(2026, 11, 22), None),
        ([], [1, 4], date(2026, 11, 22), 4),
        ([], [1, 3], date(2026, 11, 22), 3),
        # The fourth is opened before its first day.
        ([], [3, 4], date(2026, 9, 28), 3),
        ([], [4], date(2026, 9, 28), 4),
        # Until the fourth begins, the last one that did is spoken of.
        ([3], [4], date(2026, 9, 28), 3),
        # What is being filled in comes before what is closed.
        ([2, 3], [1], date(2026, 10, 9), 1),
        ([1, 2, 3], [], date(2026, 10, 9), 3),
    ],
)
def test_the_current_period(year, coordinator, closed, opened, today, current):
    for number in closed + opened:
        periods.open_period(year[number - 1], by=coordinator, at=NOW)
    for number in closed:
        periods.close_period(year[number - 1], by=coordinator, at=NOW)
    period = current_period(year, today)
    assert (period.number if period else None) == current


def test_lists_of_work_begin_with_the_current_period(year, coordinator):
    open_periods = [year[0], year[1], year[3]]
    for period in open_periods:
        periods.open_period(period, by=coordinator, at=NOW)
    in_may = current_first(open_periods, date(2026, 5, 4))
    assert [period.number for period in in_may] == [2, 4, 1]
