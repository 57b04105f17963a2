"""What time it is: the real moment, or the demonstration's day at the current time of day.

Only middleware and commands ask; everything below a view gets the moment as an argument.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

TAIPEI = ZoneInfo("Asia/Taipei")


def now() -> datetime:
    """An aware moment in Taipei time; in a demonstration always on the demonstration's day."""
    moment = timezone.now().astimezone(TAIPEI)
    if settings.DEMONSTRATION:
        return datetime.combine(settings.DEMONSTRATION_DATE, moment.timetz())
    return moment


def today() -> date:
    """The day it is in Taipei, where overdue turns at midnight, not eight hours later."""
    return now().date()


def day_of(moment: datetime) -> date:
    """The day in Taipei that a moment lies on; the database keeps moments in UTC."""
    return timezone.localtime(moment).date()
