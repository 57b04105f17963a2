"""Moments in Taipei at which people of an office work."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count

from plan_tracker.clock import TAIPEI

SATURDAY = 5
NINE = time(9)
TWO = time(14)
FIVE = time(17)
# Minutes of an office day that begins at nine, with a break at noon.
MORNING = 180
LUNCH = 90
AFTERNOON = 200


def moment(day: date | str, clock: time = NINE) -> datetime:
    """An aware moment in Taipei; a day may be written as YYYY-MM-DD."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    return datetime.combine(day, clock, TAIPEI)


def moments(first_day: date, place: int) -> Iterator[datetime]:
    """One moment in office hours on each working day from `first_day` on, without end."""
    for step in count():
        # 37 and 53 share no factor with the 380 minutes of a day, so that neither the reports of
        # one day nor the steps of one report crowd into the same minutes.
        minutes = (place * 37 + step * 53) % (MORNING + AFTERNOON)
        if minutes >= MORNING:
            minutes += LUNCH
        yield moment(working_day(first_day, step)) + timedelta(minutes=minutes)


def working_day(day: date, number: int) -> date:
    """The working day that comes `number` working days after `day`; holidays are not known."""
    days_left = number
    while days_left > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            days_left -= 1
    return day
