"""Which part of 歷程 somebody asks for: days, person, department and item."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from items.models import (
    Department,
    User,
)
from items.roc import format_roc


@dataclass(frozen=True)
class Condition:
    """One thing that limits the record, in words."""

    label: str
    words: str


@dataclass(frozen=True)
class RecordLimits:
    """Which part of the record is asked for; both days are included, None and "" set no limit.

    `person` is the one who acted; people who have left can be asked for as well.
    """

    start: date | None = None
    end: date | None = None
    code: str = ""
    person: User | None = None
    department: Department | None = None

    def moments(self, field: str = "at") -> Q:
        limits = Q()
        if self.start is not None:
            limits &= Q(**{f"{field}__gte": first_moment(self.start)})
        # Up to the first moment of the next day: a comparison with 23:59 would lose a minute.
        if self.end is not None:
            limits &= Q(**{f"{field}__lt": first_moment(self.end + timedelta(days=1))})
        return limits

    def conditions(self) -> list[Condition]:
        """The limits in words, for the page, its print and the file."""
        conditions = []
        days = self._days_in_words()
        if days:
            conditions.append(Condition("日期", days))
        if self.person is not None:
            conditions.append(Condition("人員", str(self.person)))
        if self.department is not None:
            conditions.append(Condition("單位", str(self.department)))
        if self.code:
            conditions.append(Condition("項次", self.code))
        return conditions

    @property
    def words(self) -> str:
        """「日期 115年9月30日；單位 行政處」; empty without limits."""
        parts = [f"{condition.label} {condition.words}" for condition in self.conditions()]
        return "；".join(parts)

    def _days_in_words(self) -> str:
        if self.start is not None and self.start == self.end:
            return format_roc(self.start)
        if self.start is not None and self.end is not None:
            return f"{format_roc(self.start)}至{format_roc(self.end)}"
        if self.start is not None:
            return f"{format_roc(self.start)}起"
        if self.end is not None:
            return f"到{format_roc(self.end)}"
        return ""


def first_moment(day: date) -> datetime:
    """Midnight in Taipei."""
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class DayRange:
    """Days that many ask for, to be chosen with one press."""

    words: str
    start: date
    end: date


def usual_ranges(today: date) -> list[DayRange]:
    return [
        DayRange("今天", today, today),
        DayRange("最近 7 天", today - timedelta(days=6), today),
        DayRange("最近 30 天", today - timedelta(days=29), today),
    ]
