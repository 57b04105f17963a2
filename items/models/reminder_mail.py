"""催辦郵件: by what rules reminders go out, and how many of them somebody wants."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from items.models.history_home import HistoryHome
from items.models.programme import Programme
from items.models.quick_checks import QuickCheck

LEAST_QUIET_DAYS = 5
MOST_DAYS = 90
"""A reminder earlier, or later, than this says nothing any more."""


def days_of(text: str) -> list[int]:
    """[30, 7, 1] of 「30、7、1」, each once; ValidationError where it is no list of days."""
    days: list[int] = []
    # People separate by whichever comma their keyboard gives them.
    for part in re.split(r"[、，,\s]+", text.strip()):
        if not part:
            continue
        if not re.fullmatch(r"[0-9]{1,3}", part) or not 1 <= int(part) <= MOST_DAYS:
            words = f"「{part}」不是 1 到 {MOST_DAYS} 的天數；請寫成「30、7、1」。"
            raise ValidationError(words)
        if int(part) not in days:
            days.append(int(part))
    return days


def check_days(text: str) -> None:
    """A validator of fields."""
    days_of(text)


class ReminderSettings(models.Model):
    """催辦郵件設定 of one year; a year without a row has the usual ones."""

    programme = models.OneToOneField(
        Programme,
        verbose_name="年度計畫",
        on_delete=models.CASCADE,
        related_name="reminder_settings",
        editable=False,
    )
    is_on = models.BooleanField("寄催辦郵件", default=True)
    days_before = models.CharField(
        "期限前幾天",
        max_length=50,
        default="30、7、1",
        blank=True,
        validators=[check_days],
        help_text="用「、」分開；留白就是期限前不寄。",
    )
    days_after = models.CharField(
        "逾期後幾天",
        max_length=50,
        default="1、7、30",
        blank=True,
        validators=[check_days],
        help_text="用「、」分開；留白就是逾期後不寄。",
    )
    quiet_days = models.PositiveSmallIntegerField(
        "同一人最少相隔幾天",
        default=LEAST_QUIET_DAYS,
        validators=[MinValueValidator(LEAST_QUIET_DAYS), MaxValueValidator(MOST_DAYS)],
        help_text="相隔太近的，等到可以寄的那天再寄。",
    )
    working_days_only = models.BooleanField("只在上班日寄", default=True)
    head_from = models.PositiveSmallIntegerField(
        "第幾次起副知單位主管",
        default=3,
        validators=[MaxValueValidator(MOST_DAYS)],
        help_text="0 就是不副知。",
    )
    manager_from = models.PositiveSmallIntegerField(
        "第幾次起副知首長",
        default=5,
        validators=[MaxValueValidator(MOST_DAYS)],
        help_text="0 就是不副知。",
    )

    CARRIED_OVER = (
        "is_on",
        "days_before",
        "days_after",
        "quiet_days",
        "working_days_only",
        "head_from",
        "manager_from",
    )
    """What the next year begins with: all of it."""

    class Meta:
        verbose_name = verbose_name_plural = "催辦郵件設定"
        constraints = [
            QuickCheck(
                condition=Q(quiet_days__gte=LEAST_QUIET_DAYS), name="reminder_settings_quiet_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.year}年度催辦郵件設定"

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme)

    @property
    def before(self) -> list[int]:
        return days_of(self.days_before)

    @property
    def after(self) -> list[int]:
        return days_of(self.days_after)


def reminder_settings_of(programme: Programme) -> ReminderSettings:
    """The settings of a year, not saved where nobody has changed any."""
    stored = ReminderSettings.objects.filter(programme=programme).first()
    if stored is None:
        return ReminderSettings(programme=programme)
    # At hand already: otherwise each sentence that names the year would fetch it.
    stored.programme = programme
    return stored


class MailLevel(models.TextChoices):
    """要收哪些催辦郵件; what is overdue cannot be silenced."""

    ALL = "all", "期限前與逾期都收"
    SOON = "soon", "期限前 7 天內與逾期才收"
    OVERDUE = "overdue", "只收逾期的"


class MailWish(models.Model):
    """郵件意願: how few reminders somebody wants; without a row all of them."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="人員",
        on_delete=models.CASCADE,
        related_name="mail_wish",
        editable=False,
    )
    level = models.CharField("催辦郵件", max_length=10, choices=MailLevel, default=MailLevel.ALL)

    class Meta:
        verbose_name = verbose_name_plural = "郵件意願"
        constraints = [
            QuickCheck(condition=Q(level__in=MailLevel.values), name="mail_wish_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}・{self.get_level_display()}"

    def history_home(self) -> HistoryHome:
        return HistoryHome()
