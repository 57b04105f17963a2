"""代理: who stands in for somebody, from one day to another."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from items.models.history_home import HistoryHome
from items.models.people import User
from items.models.quick_checks import QuickCheck
from items.roc import format_roc


def acting_words(by: User | str, for_whom: User | str | None) -> str:
    """「陳志明（蔡淑芬代理）」 where somebody acted for another, else the name alone.

    Both are people or, of what was kept at closing, their names.
    """
    if not for_whom:
        return str(by)
    return f"{for_whom}（{by}代理）"


class DeputyQuerySet(models.QuerySet["Deputy"]):
    """Which of them, by the days."""

    def in_force(self, day: date | models.Value) -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day, ended_at__isnull=True)

    def not_over(self, today: date) -> Self:
        """Those in force, and those that are to begin."""
        return self.filter(ends_on__gte=today, ended_at__isnull=True)

    def over(self, today: date) -> Self:
        # By what they are not, so that every row is in one of the two lists.
        return self.exclude(pk__in=self.not_over(today).order_by().values("pk"))

    def overlapping(self, starts_on: date, ends_on: date) -> Self:
        """Those that have a day in common with these days; both days are included."""
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on, ended_at__isnull=True)


class Deputy(models.Model):
    """代理: `deputy` does what `person` may do in departments, on these days, both included.

    It ends by itself. A row is never deleted: a reader of an old step wants to know why two names
    stand there.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="被代理人",
        on_delete=models.PROTECT,
        related_name="deputies",
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="代理人",
        on_delete=models.PROTECT,
        related_name="stands_in",
    )
    starts_on = models.DateField("代理起日")
    ends_on = models.DateField("代理迄日")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="指定的人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField("指定時間")
    ended_at = models.DateTimeField("提前結束時間", null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="提前結束的人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "代理"
        ordering = ["-starts_on", "-id"]
        constraints = [
            QuickCheck(
                condition=Q(starts_on__lte=F("ends_on")),
                name="deputy_days_in_order",
                violation_error_message="代理迄日不能早於起日。",
            ),
            QuickCheck(
                condition=~Q(person=F("deputy")),
                name="deputy_is_somebody_else",
                violation_error_message="代理人要是另一個人。",
            ),
            QuickCheck(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="deputy_ended_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}由{self.deputy}代理（{self.days_words}）"

    def history_home(self) -> HistoryHome:
        """People work in several years: it concerns the whole office."""
        return HistoryHome()

    @property
    def days_words(self) -> str:
        """「115年11月22日至115年11月30日」"""
        if self.starts_on == self.ends_on:
            return format_roc(self.starts_on)
        return f"{format_roc(self.starts_on)}至{format_roc(self.ends_on)}"
