"""填報期: a quarter that the plan office opens and closes, and which one is the current."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from items.day_words import moment_words
from items.models.history_home import HistoryHome
from items.models.lengths import REASON_LENGTH, at_most
from items.models.programme import Programme
from items.models.quick_checks import QuickCheck
from items.models.working_days import WorkingCalendar
from items.roc import format_roc, roc_year
from plan_tracker.clock import day_of

DAYS_AFTER_REOPENING = 14
"""How many days a period that is opened again stays open, where nobody says another day."""

NEWEST_PERIOD_FIRST = ("-period__ends_on", "-period__number")
"""Newest first; where two periods end on one day, the number decides and not the engine."""


class PeriodQuerySet(models.QuerySet["Period"]):
    """Which periods, by what the plan office has done with them."""

    def opened(self) -> Self:
        """Periods that were opened at some time, those that are closed again included."""
        return self.filter(opened_at__isnull=False)

    def open(self) -> Self:
        """Periods in which departments write now."""
        return self.filter(opened_at__isnull=False, closed_at__isnull=True)

    def due_before(self, today: date) -> Self:
        """Opened periods whose 填報期限 has passed: what was not reported by now is late."""
        return self.opened().filter(due_on__lt=today)

    def open_after(self, handed_out_on: OuterRef) -> Self:
        """Periods that were still open, or to come, when an assignment was handed out.

        What a department was given after a period was closed for the first time is never owed for
        it, not even where the period is opened again: nobody can report on what did not exist.
        """
        # The first of all days stands for assignments that came with the plan itself.
        day = Coalesce(handed_out_on, Value(date.min, models.DateField()))
        return self.filter(Q(first_closed_on__isnull=True) | Q(first_closed_on__gt=day))


class Period(models.Model):
    """填報期: a quarter (or half-year, or month) that the coordinator opens and closes."""

    # Only the verbs in workflow/periods.py write these; no form has them.
    SET_BY_STEPS = (
        "opened_at",
        "opened_by",
        "closed_at",
        "closed_by",
        "reopened_at",
        "reopened_by",
        "reopened_because",
        "first_closed_on",
        "closed_planned",
        "closed_actual",
    )

    programme = models.ForeignKey(
        Programme, verbose_name="年度計畫", on_delete=models.CASCADE, related_name="periods"
    )
    number = models.PositiveSmallIntegerField("期別")
    name = models.CharField("名稱", max_length=20)
    starts_on = models.DateField("起")
    ends_on = models.DateField("迄")
    due_on = models.DateField("填報期限")
    opened_at = models.DateTimeField("開放時間", null=True, blank=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="開放者",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    closed_at = models.DateTimeField("關閉時間", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="關閉者",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    # The reason of the last time. It stays when the period is closed again, and explains corrections.
    reopened_at = models.DateTimeField("重新開放時間", null=True, blank=True, editable=False)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="重新開放者",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    reopened_because = models.CharField(
        "重新開放的原因", max_length=REASON_LENGTH, blank=True, editable=False
    )

    # Stays when the period is opened again: what was handed out after that day never owes it.
    first_closed_on = models.DateField("首次關閉日", null=True, blank=True, editable=False)

    # What the curve of the year said when the period was closed. It stays when the plan changes. None
    # while the period is open, and where it was closed without any item.
    closed_planned = models.PositiveSmallIntegerField(
        "關閉時預定進度（%）", null=True, blank=True, editable=False
    )
    closed_actual = models.PositiveSmallIntegerField(
        "關閉時實際進度（%）", null=True, blank=True, editable=False
    )

    # Set by `light_basis.periods_of_year`: whether 預定進度 was entered for it.
    has_entries: bool | None = None

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "填報期"
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="period_number_once"),
            QuickCheck(
                condition=Q(starts_on__lte=F("ends_on")),
                name="period_starts_before_end",
                violation_error_message="填報期的起日要在迄日之前。",
            ),
            QuickCheck(
                condition=Q(due_on__gte=F("starts_on")),
                name="period_due_after_start",
                violation_error_message="填報期限不能早於填報期的起日。",
            ),
            # Each time has its person, and only what was opened can be closed.
            QuickCheck(
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
                name="period_opened_pair",
            ),
            QuickCheck(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, opened_at__isnull=False),
                name="period_closed_pair",
            ),
            QuickCheck(
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True, reopened_because="")
                | Q(reopened_at__isnull=False, reopened_by__isnull=False, opened_at__isnull=False)
                & ~Q(reopened_because=""),
                name="period_reopened_with_reason",
            ),
            at_most("reopened_because", REASON_LENGTH, "period"),
        ]

    def __str__(self) -> str:
        return self.name_with_year

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme)

    @property
    def name_with_year(self) -> str:
        """「115年第3季」"""
        return f"{self.programme.year}年{self.name}"

    def was_open_by(self, day: date) -> bool:
        """Whether it had been opened at the end of a day."""
        if self.opened_at is None:
            return False
        return day_of(self.opened_at) <= day

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def was_owed_by(self, handed_out_on: date | None) -> bool:
        """Whether what was handed out on this day was there in time; see `there_in_time`."""
        if self.first_closed_on is None or handed_out_on is None:
            return True
        return handed_out_on < self.first_closed_on

    @property
    def is_kept(self) -> bool:
        """Whether its mean progress is that of its closing, and is not counted any more."""
        return self.is_closed and self.closed_planned is not None

    @property
    def is_reopened(self) -> bool:
        """Whether it is open again now, after it had been closed."""
        return self.is_open and self.reopened_at is not None

    @property
    def state_words(self) -> str:
        if self.is_closed:
            return "已關閉"
        if self.is_reopened:
            return "重新開放"
        if self.is_open:
            return "填報中"
        return "未開放"

    @property
    def reopened_words(self) -> str:
        """「顏研考 115年11月22日 10:00 重新開放：「更正第1季件數」」; empty where it never was."""
        if self.reopened_at is None:
            return ""
        when = moment_words(self.reopened_at)
        return f"{self.reopened_by} {when} 重新開放：「{self.reopened_because}」"

    @property
    def last_day_of_reports(self) -> date:
        """The day up to which its reports speak at the latest, and against whose plan they are held."""
        return min(self.ends_on, self.due_on)

    def problem_of_due_day(self, due_on: date, today: date) -> str:
        """Why this day cannot be 填報期限 from today on, as a sentence; empty where it can.

        A day that stands already is no problem: a form that changes something else must not fail.
        """
        shown = format_roc(due_on)
        if due_on < self.starts_on:
            first_day = format_roc(self.starts_on)
            next_year = f"{roc_year(due_on) + 1}/{due_on.month}/{due_on.day}"
            # Mostly typed in December for the last quarter: the day lies in January.
            words = f"填報期限 {shown} 早於{self.name}的起日 {first_day}"
            return f"{words}；如果是下一年，請寫「{next_year}」。"
        stands_already = self.is_open and due_on == self.due_on
        if due_on < today and not stands_already:
            words = f"填報期限 {shown} 已經過了，今天是{format_roc(today)}"
            return f"{words}；請填今天或以後的日子，各單位才來得及填。"
        return ""

    def suggested_due_day(self, today: date, calendar: WorkingCalendar) -> date:
        """填報期限 where the plan office opens the period now: its own, unless that has passed."""
        if not self.is_closed and self.due_on >= today:
            return self.due_on
        return calendar.first_from(today + timedelta(days=DAYS_AFTER_REOPENING))


def current_period(periods: Sequence[Period], today: date) -> Period | None:
    """The period that every screen starts from; None where none was opened yet.

    The newest period that has begun, among those that are being filled in; without any, among the
    closed ones.
    """
    opened = [period for period in periods if period.opened_at is not None]
    open_now = [period for period in opened if period.is_open]
    for candidates in (open_now, opened):
        begun = [period for period in candidates if period.starts_on <= today]
        if begun:
            return max(begun, key=lambda period: period.ends_on)
    # Only periods that were opened before their first day: the first one will be the current one.
    return min(opened, key=lambda period: period.starts_on, default=None)


def current_first(periods: Sequence[Period], today: date) -> list[Period]:
    """These periods as lists of work show them: the current one, then the newest of the others."""
    newest_first = sorted(periods, key=lambda period: period.ends_on, reverse=True)
    current = current_period(newest_first, today)
    others = [period for period in newest_first if period != current]
    if current is None:
        return others
    return [current, *others]
