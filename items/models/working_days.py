"""辦公日曆: which days are worked, as the office says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from items.models.history_home import HistoryHome
from items.models.quick_checks import QuickCheck
from items.roc import format_roc, roc_year

SATURDAY = 5
NAME_LENGTH = 50
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


class DaySource(models.TextChoices):
    """來源: who says it of the day."""

    FILLED = "filled", "填入"
    HAND = "hand", "人工設定"


class OfficeDayQuerySet(models.QuerySet["OfficeDay"]):
    """Which days."""

    def of_year(self, year: int) -> Self:
        """The days of one year (Gregorian)."""
        return self.filter(day__year=year)


class OfficeDay(models.Model):
    """辦公日: a day that is not as its weekday says, or that somebody has set by hand.

    Filled for a year from a package, since laws change sooner than packages are released; what was
    set by hand stays when the year is filled again.
    """

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("說明", max_length=NAME_LENGTH, blank=True)
    source = models.CharField(
        "來源", max_length=10, choices=DaySource, default=DaySource.HAND, editable=False
    )

    objects = OfficeDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "辦公日"
        ordering = ["day"]
        constraints = [
            QuickCheck(condition=Q(source__in=DaySource.values), name="office_day_source_known"),
        ]

    def __str__(self) -> str:
        return f"{format_roc(self.day)} {self.state_words}"

    def history_home(self) -> HistoryHome:
        """These days belong to the office and to no plan."""
        return HistoryHome()

    @property
    def state_words(self) -> str:
        if self.is_working:
            return "上班"
        return "放假"

    @property
    def weekday_words(self) -> str:
        return weekday_words(self.day)

    @property
    def is_by_hand(self) -> bool:
        return self.source == DaySource.HAND

    @property
    def as_seen(self) -> str:
        """What the row says, in one line that a page carries: 「2026-11-28 放假 颱風停班」"""
        return f"{self.day.isoformat()} {self.state_words} {self.name}"


def weekday_words(day: date) -> str:
    """「星期五」"""
    return WEEKDAYS[day.weekday()]


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < SATURDAY


@dataclass(frozen=True)
class WorkingCalendar:
    """The days that are not as their weekday says: {day: the row}, and which years were filled."""

    special: Mapping[date, OfficeDay]
    filled_years: frozenset[int]

    @classmethod
    def load(cls) -> Self:
        """All of it, in one query: some twenty rows a year."""
        special = {}
        filled_years = set()
        for row in OfficeDay.objects.all():
            special[row.day] = row
            # One day set by hand does not mean that somebody has looked at the whole year.
            if row.source == DaySource.FILLED:
                filled_years.add(row.day.year)
        return cls(special, frozenset(filled_years))

    def is_working(self, day: date) -> bool:
        # A Saturday may be worked (補班), and a weekday may be free: the row decides.
        row = self.special.get(day)
        if row is not None:
            return row.is_working
        return is_weekday(day)

    def first_from(self, day: date) -> date:
        """The day itself where it is worked, else the next one that is."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def last_before(self, day: date) -> date:
        """The last day before this one that is worked."""
        day -= timedelta(days=1)
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def why_not(self, day: date) -> str:
        """「行憲紀念日」 or 「星期六」; empty where the day is worked."""
        if self.is_working(day):
            return ""
        row = self.special.get(day)
        if row is not None and row.name:
            return row.name
        return weekday_words(day)

    def due_day_words(self, day: date) -> str:
        """What is said beside a due day that is not worked; empty where it is."""
        why = self.why_not(day)
        if not why:
            return ""
        before = format_roc(self.last_before(day))
        return f"{format_roc(day)}放假（{why}），前一個上班日是{before}。"

    def missing_words(self, year: int) -> str:
        """That a year of our era was not filled yet; empty where it was."""
        if year in self.filled_years:
            return ""
        words = roc_year(date(year, 1, 1))
        return f"{words} 年的辦公日曆還沒有填入，現在只認得星期六、日；請到「管理」的「辦公日曆」填入。"
