from datetime import date, datetime, timedelta

import pytest
import time_machine

from plan_tracker import clock


@pytest.fixture
def real_calendar(settings):
    settings.DEMONSTRATION = False


@pytest.mark.usefixtures("real_calendar")
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T15:59:59Z", date(2026, 11, 22)),
        ("2026-11-22T16:00:00Z", date(2026, 11, 23)),
        ("2028-02-28T16:00:00Z", date(2028, 2, 29)),
        ("2028-02-29T16:00:00Z", date(2028, 3, 1)),
        ("2026-12-31T16:00:00Z", date(2027, 1, 1)),
    ],
)
def test_the_day_turns_at_midnight_in_taipei(moment, day):
    with time_machine.travel(moment, tick=False):
        assert clock.today() == day


@pytest.mark.usefixtures("real_calendar")
def test_now_is_an_aware_moment_in_taipei_time():
    with time_machine.travel("2026-11-22T02:30:00Z", tick=False):
        assert clock.now() == datetime.fromisoformat("2026-11-22T02:30:00+00:00")
        assert clock.now().utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    "moment", ["2025-01-01T00:00:00Z", "2031-07-09T15:59:00Z", "2031-07-09T16:00:00Z"]
)
def test_a_demonstration_keeps_its_day_and_takes_the_real_time_of_day(settings, moment):
    settings.DEMONSTRATION, settings.DEMONSTRATION_DATE = True, date(2026, 11, 22)
    with time_machine.travel(moment, tick=False):
        real = datetime.fromisoformat(moment).astimezone(clock.TAIPEI)
        assert clock.today() == date(2026, 11, 22)
        assert (clock.now().time(), clock.now().utcoffset()) == (real.time(), timedelta(hours=8))
