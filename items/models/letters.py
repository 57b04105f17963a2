"""稽催單: a numbered, dated letter that says what a department owes, kept as it then was."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from items.models.departments import Department
from items.models.history_blocks import Chained, ChainedQuerySet
from items.models.history_home import HistoryHome
from items.models.lengths import REASON_LENGTH, at_most
from items.models.programme import Programme
from items.models.quick_checks import QuickCheck

LETTER_VERSION = 1
"""What `ReminderLetter.content` looks like; a later product still reads the older ones."""
ANSWER_LENGTH = 2000


class ReminderLetterQuerySet(ChainedQuerySet):
    """Which letters."""

    def in_force(self) -> Self:
        return self.filter(voided_at=None)


class ReminderLetter(Chained):
    """稽催單: what one department owed on one day, who had to do what, and since when.

    `content` is {"version", "organisation", "programme", "issued_by", "items": [LetterItem as a
    dict]}: the letter is printed as it was sent, also after something was renamed. Its number
    is never used again; a letter sent by mistake is voided.
    """

    IN_CHAIN = (
        "programme_id",
        "number",
        "department_id",
        "department_name",
        "dated_on",
        "answer_until",
        "note",
        "content",
        "issued_at",
        "issued_by_id",
    )
    SET_LATER = ("answered_on", "answer", "voided_at", "voided_by", "voided_because")

    programme = models.ForeignKey(
        Programme, verbose_name="年度計畫", on_delete=models.PROTECT, related_name="letters"
    )
    number = models.PositiveIntegerField("號數")
    department = models.ForeignKey(
        Department, verbose_name="單位", on_delete=models.PROTECT, related_name="letters"
    )
    department_name = models.CharField("受文單位", max_length=50)
    dated_on = models.DateField("發文日期")
    answer_until = models.DateField("回復期限")
    note = models.TextField("說明", blank=True)
    content: models.JSONField = models.JSONField("明細", default=dict)
    issued_at = models.DateTimeField("發出時間")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="發出者", on_delete=models.PROTECT, related_name="+"
    )
    answered_on = models.DateField("回復日期", null=True, blank=True)
    answer = models.TextField("回復內容", blank=True)
    voided_at = models.DateTimeField("作廢時間", null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="作廢者",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    voided_because = models.CharField("作廢原因", max_length=REASON_LENGTH, blank=True)

    objects = ReminderLetterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "稽催單"
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="letter_number_once"),
            QuickCheck(
                condition=Q(voided_at=None, voided_by=None, voided_because="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(voided_because=""),
                name="letter_voided_with_reason",
            ),
            QuickCheck(
                condition=Q(answered_on=None, answer="")
                | Q(answered_on__isnull=False) & ~Q(answer=""),
                name="letter_answered_pair",
            ),
            at_most("note", REASON_LENGTH, "letter"),
            at_most("answer", ANSWER_LENGTH, "letter"),
            at_most("voided_because", REASON_LENGTH, "letter"),
        ]

    def __str__(self) -> str:
        return f"{self.number_words} {self.department_name}"

    def history_home(self) -> HistoryHome:
        """Each item that it names has an entry of its own beside that of the letter."""
        return HistoryHome(programme=self.programme)

    def chain_key(self) -> int:
        return self.programme_id

    @property
    def number_words(self) -> str:
        """「115稽催字第003號」"""
        return f"{self.programme.year}稽催字第{self.number:03}號"

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None

    @property
    def items(self) -> list[dict[str, Any]]:
        return self.content.get("items", [])
