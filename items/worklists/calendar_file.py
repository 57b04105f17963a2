"""行事曆 as iCalendar (RFC 5545): escaped and folded by the library, whole days, stable UIDs."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from items.worklists.calendar_days import CalendarDay

PRODUCT = "-//plan_tracker//calendar//ZH-TW"
UID_PLACE = "plan-tracker"
"""Behind each UID: no host name, since the service may move to another one."""
NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Characters that no text of a calendar may hold; the library keeps them."""


def calendar_file(days: Iterable[CalendarDay], *, name: str, site: str, at: datetime) -> bytes:
    """The file; `site` stands before each path."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # Not in the RFC, but what calendar programs read the name of a calendar from.
    calendar.add("x-wr-calname", _text(name))
    calendar.add("x-wr-timezone", "Asia/Taipei")
    for one in days:
        calendar.add_component(_event(one, site=site, at=at))
    return bytes(calendar.to_ical())


def _event(one: CalendarDay, *, site: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one.uid}@{UID_PLACE}")
    # RFC 5545 asks for UTC here, wherever the days themselves are.
    event.add("dtstamp", at.astimezone(UTC))
    # Days without a time of day: they are the same day wherever a telephone is.
    event.add("dtstart", one.day)
    # RFC 5545: the end is the first day that is no part of it any more.
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", _text(" ".join(one.summary.split())))
    address = f"{site}{one.path}"
    event.add("description", _text(f"{one.description}\n{address}".strip()))
    event.add("url", address)
    if one.place:
        event.add("location", _text(one.place))
    # A due day keeps nobody from being invited to something else.
    event.add("transp", "TRANSPARENT")
    return event


def _text(text: str) -> str:
    return NOT_ALLOWED.sub(" ", text.replace("\r\n", "\n"))
