"""個別重新開放: one assignment of a closed period may be corrected, until a day of its own."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from items.models.actions import Action
from items.models.assignments import Assignment
from items.models.history_home import HistoryHome
from items.models.lengths import REASON_LENGTH, at_most
from items.models.periods import Period
from items.models.progress import ProgressReport
from items.models.quick_checks import QuickCheck
from items.roc import format_roc

UNLOCKED = Q(period__closed_at__isnull=True) | Q(unlocked_until__isnull=False)
"""Reports that the plan office has not locked: of an open period, or opened again by themselves."""


class ReopeningQuerySet(models.QuerySet["Reopening"]):
    """Which exceptions."""

    def active(self) -> Self:
        """Those that the plan office has not ended yet, also after their day."""
        return self.filter(ended_at__isnull=True)


class Reopening(models.Model):
    """個別重新開放: an exception for one assignment, while its period stays closed."""

    period = models.ForeignKey(
        Period, verbose_name="填報期", on_delete=models.PROTECT, related_name="reopenings"
    )
    assignment = models.ForeignKey(
        Assignment, verbose_name="分辦", on_delete=models.CASCADE, related_name="reopenings"
    )
    due_on = models.DateField("補正期限")
    because = models.CharField("重新開放的原因", max_length=REASON_LENGTH)
    opened_at = models.DateTimeField("重新開放時間")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="重新開放者",
        on_delete=models.PROTECT,
        related_name="+",
    )
    ended_at = models.DateTimeField("結束時間", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="結束者",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ReopeningQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "個別重新開放"
        ordering = ["-id"]
        constraints = [
            # Ended ones stay as history, any number of them.
            models.UniqueConstraint(
                fields=["period", "assignment"],
                condition=Q(ended_at__isnull=True),
                name="reopening_once_at_a_time",
            ),
            QuickCheck(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="reopening_ended_pair",
            ),
            QuickCheck(condition=~Q(because=""), name="reopening_has_reason"),
            at_most("because", REASON_LENGTH, "reopening"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}・{self.period}"

    def history_home(self) -> HistoryHome:
        return self.assignment.history_home()

    @property
    def due_words(self) -> str:
        """「補正期限 115年11月25日」"""
        return f"補正期限 {format_roc(self.due_on)}"


def reopening_of(assignment_key: int, period: Period) -> Reopening | None:
    """The exception by which an assignment of a closed period may be corrected now."""
    if not period.is_closed:
        return None
    active = Reopening.objects.active().filter(period=period, assignment=assignment_key)
    return active.first()


def is_open_by_itself(action: Action, period: Period) -> bool:
    """Whether any department of an item may correct its report of a closed period now."""
    if not period.is_closed:
        return False
    active = Reopening.objects.active().filter(period=period, assignment__action=action)
    return active.exists()


def unlock(period: Period, assignment_keys: list[int], reopening: Reopening | None) -> None:
    """Write on the reports until when they may be corrected; without `reopening` no longer.

    The day is a copy of `Reopening.due_on`. The statement that saves a report checks it there, so
    that nothing is saved in the moment after the plan office has ended the exception.
    """
    due_on = None
    if reopening is not None:
        due_on = reopening.due_on
    reports = ProgressReport.objects.filter(period=period, assignment__in=assignment_keys)
    reports.update(unlocked_until=due_on)
