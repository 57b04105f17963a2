"""催辦郵件: each message that went to somebody, and the items that it was about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from items.models.assignments import Assignment
from items.models.directives import DirectiveAnswer
from items.models.history_home import HistoryHome
from items.models.periods import Period
from items.models.quick_checks import QuickCheck

SERVER_WORDS_LENGTH = 500


class MailState(models.TextChoices):
    """寄送狀態: what became of a message."""

    CLAIMED = "claimed", "寄送中"
    SENT = "sent", "已寄"
    REFUSED = "refused", "退回"
    FAILED = "failed", "沒有寄成"


class ReminderMailQuerySet(models.QuerySet["ReminderMail"]):
    """Which messages."""

    def may_have_arrived(self) -> Self:
        """All but those of which the server said that nobody got them."""
        return self.exclude(state__in=(MailState.REFUSED, MailState.FAILED))


class ReminderMail(models.Model):
    """催辦郵件: one message to one person.

    The row is written before the message is sent and marked afterwards. One that was never marked
    (the process was killed between the two) may have arrived: it is not sent again, it counts as a
    message where the days between two are counted, and it is listed as unclear. After these days
    the person is reminded as if there had been none.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="收件人",
        on_delete=models.PROTECT,
        related_name="reminder_mails",
    )
    on = models.DateField("寄送日")
    address = models.EmailField("電子郵件")
    subject = models.CharField("主旨", max_length=200)
    body = models.TextField("內容")
    to_report = models.PositiveIntegerField("待填", default=0)
    to_endorse = models.PositiveIntegerField("待核可", default=0)
    to_answer = models.PositiveIntegerField("待辦裁示", default=0)
    overdue = models.PositiveIntegerField("逾期", default=0)
    escalated = models.PositiveIntegerField("副知", default=0)
    state = models.CharField(
        "寄送狀態", max_length=10, choices=MailState, default=MailState.CLAIMED
    )
    claimed_at = models.DateTimeField("開始寄送時間")
    finished_at = models.DateTimeField("寄送結果時間", null=True, blank=True)
    server_words = models.CharField("郵件伺服器的回覆", max_length=SERVER_WORDS_LENGTH, blank=True)

    objects = ReminderMailQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "催辦郵件"
        ordering = ["-on", "-id"]
        constraints = [
            # The command may be started by hand beside the timer. The verb that claims a message
            # sees what the other run has claimed; this holds for code that does not ask it.
            models.UniqueConstraint(fields=["person", "on"], name="reminder_mail_once_a_day"),
            QuickCheck(condition=Q(state__in=MailState.values), name="reminder_mail_state_known"),
            QuickCheck(
                condition=Q(state=MailState.CLAIMED, finished_at=None)
                | ~Q(state=MailState.CLAIMED) & Q(finished_at__isnull=False),
                name="reminder_mail_finished_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.subject}"

    def history_home(self) -> HistoryHome:
        """A message speaks of several years; its items say which."""
        return HistoryHome()


class RemindedKind(models.TextChoices):
    """催辦的步驟; the same words that `worklists.owing` has for texts."""

    TO_REPORT = "to_report", "填報"
    TO_ENDORSE = "to_endorse", "核可"
    TO_ANSWER = "to_answer", "辦理裁示"


@dataclass(frozen=True)
class RemindedKey:
    """What a reminder is about: one assignment in one period, or a row of an instruction."""

    assignment: int | None = None
    period: int | None = None
    answer: int | None = None


class RemindedItem(models.Model):
    """催辦項目: what a message was about, so that reminders of one item can be counted.

    It names an assignment with a period, or a department's row of an instruction.
    """

    mail = models.ForeignKey(
        ReminderMail, verbose_name="催辦郵件", on_delete=models.CASCADE, related_name="items"
    )
    assignment = models.ForeignKey(
        Assignment,
        verbose_name="分辦",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminded",
    )
    period = models.ForeignKey(
        Period,
        verbose_name="填報期",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminded",
    )
    answer = models.ForeignKey(
        DirectiveAnswer,
        verbose_name="裁示辦理",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminded",
    )
    kind = models.CharField("催辦的步驟", max_length=10, choices=RemindedKind)

    class Meta:
        verbose_name = verbose_name_plural = "催辦項目"
        ordering = ["mail", "id"]
        constraints = [
            # Both engines count two empty values as different, so that each constraint only holds
            # for rows of its own kind.
            models.UniqueConstraint(
                fields=["mail", "assignment", "period"], name="reminded_item_once"
            ),
            models.UniqueConstraint(fields=["mail", "answer"], name="reminded_answer_once"),
            QuickCheck(
                condition=Q(answer=None, assignment__isnull=False, period__isnull=False)
                & ~Q(kind=RemindedKind.TO_ANSWER)
                | Q(
                    answer__isnull=False, assignment=None, period=None, kind=RemindedKind.TO_ANSWER
                ),
                name="reminded_item_of_its_kind",
            ),
            QuickCheck(condition=Q(kind__in=RemindedKind.values), name="reminded_item_kind_known"),
        ]

    def __str__(self) -> str:
        if self.answer is not None:
            return str(self.answer)
        return f"{self.assignment}・{self.period}"

    def history_home(self) -> HistoryHome:
        if self.answer is not None:
            return self.answer.history_home()
        assert self.assignment is not None
        return self.assignment.history_home()
