"""主席裁示: what was instructed in a meeting, and what became of it in each department."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from items.models.actions import Action
from items.models.departments import Department
from items.models.history_home import HistoryHome
from items.models.lengths import REASON_LENGTH, at_most
from items.models.meetings import Meeting
from items.models.programme import Programme
from items.models.quick_checks import QuickCheck

DIRECTIVE_LENGTH = 2_000
ANSWER_LENGTH = 5_000


class DirectiveOutcome(models.TextChoices):
    """裁示結果: how an instruction ends; empty as long as it is followed up."""

    RELEASED = "released", "解除列管"
    CONTINUED = "continued", "持續列管"
    BY_ITSELF = "by_itself", "自行列管"
    VOID = "void", "作廢"


class DirectiveQuerySet(models.QuerySet["Directive"]):
    """Which instructions."""

    def of_programme(self, programme: Programme) -> Self:
        return self.filter(meeting__programme=programme)

    def open(self) -> Self:
        """Those that are still followed up."""
        return self.filter(outcome="")

    def in_order(self) -> Self:
        """The newest meeting first, and in a meeting as it was said."""
        return self.order_by("-meeting__held_on", "-meeting_id", "number")


class Directive(models.Model):
    """主席裁示: one instruction of a meeting, about an item or about none.

    It makes a row for each department that has to do something (`DirectiveAnswer`).
    """

    # PROTECT: what was instructed does not go along with a meeting or an item.
    meeting = models.ForeignKey(
        Meeting,
        verbose_name="會議",
        on_delete=models.PROTECT,
        related_name="directives",
        # The unique pair of meeting and number begins with it.
        db_index=False,
    )
    number = models.PositiveSmallIntegerField("案次")
    text = models.TextField("裁示內容", max_length=DIRECTIVE_LENGTH)
    action = models.ForeignKey(
        Action,
        verbose_name="具體推動作法",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
    )
    due_on = models.DateField("辦理期限", null=True, blank=True)
    outcome = models.CharField(
        "裁示結果", max_length=10, choices=DirectiveOutcome, blank=True, editable=False
    )
    outcome_because = models.CharField(
        "結果說明", max_length=REASON_LENGTH, blank=True, editable=False
    )
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="結案的人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    concluded_at = models.DateTimeField("結案時間", null=True, blank=True, editable=False)
    # 持續列管: the instruction of an earlier meeting, perhaps of the year before, that goes on here.
    continues = models.OneToOneField(
        "self",
        verbose_name="接續的裁示",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="continued_by",
    )

    SET_BY_STEPS = ("outcome", "outcome_because", "concluded_by", "concluded_at", "continues")

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "主席裁示"
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="directive_number_once",
                violation_error_message="這次會議已經有這個案次的裁示。",
            ),
            QuickCheck(condition=~Q(text=""), name="directive_text_given"),
            QuickCheck(
                condition=Q(outcome__in=["", *DirectiveOutcome.values]),
                name="directive_outcome_known",
            ),
            QuickCheck(
                condition=Q(outcome="", concluded_at=None, concluded_by=None)
                | ~Q(outcome="") & Q(concluded_at__isnull=False, concluded_by__isnull=False),
                name="directive_concluded_pair",
            ),
            at_most("text", DIRECTIVE_LENGTH, "directive"),
            at_most("outcome_because", REASON_LENGTH, "directive"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting.name}第{self.number}案"

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.meeting.programme, action=self.action)

    @property
    def is_open(self) -> bool:
        return self.outcome == ""


class AnswerState(models.TextChoices):
    """處理狀態: where a department stands with an instruction."""

    TO_DO = "to_do", "待處理"
    ASKED = "asked", "待解列"
    RELEASED = "released", "已解列"


class DirectiveAnswerQuerySet(models.QuerySet["DirectiveAnswer"]):
    """Which departments' rows, and in which order."""

    def of_programme(self, programme: Programme) -> Self:
        return self.filter(directive__meeting__programme=programme)

    def open(self) -> Self:
        """Rows that wait for the department or for the plan office."""
        return self.filter(directive__outcome="").exclude(state=AnswerState.RELEASED)

    def to_do(self) -> Self:
        """Rows that wait for the department."""
        return self.open().filter(state=AnswerState.TO_DO)

    def asked(self) -> Self:
        """Rows that wait for the plan office: 要求解列."""
        return self.open().filter(state=AnswerState.ASKED)

    def by_urgency(self) -> Self:
        """What is due first comes first; what has no day comes last."""
        return self.order_by(
            F("directive__due_on").asc(nulls_last=True),
            "directive__meeting__held_on",
            "directive__meeting_id",
            "directive__number",
            "department__position",
            "id",
        )


class DirectiveAnswer(models.Model):
    """裁示辦理: what one department does about an instruction, and whether it is released."""

    directive = models.ForeignKey(
        Directive,
        verbose_name="主席裁示",
        on_delete=models.CASCADE,
        related_name="answers",
        # The unique pair of instruction and department begins with it.
        db_index=False,
    )
    department = models.ForeignKey(
        Department,
        verbose_name="主辦單位",
        on_delete=models.PROTECT,
        related_name="directive_answers",
    )
    state = models.CharField(
        "處理狀態", max_length=10, choices=AnswerState, default=AnswerState.TO_DO, editable=False
    )
    text = models.TextField("辦理情形", max_length=ANSWER_LENGTH, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="填寫的人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    answered_at = models.DateTimeField("填寫時間", null=True, blank=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="要求解列的人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    asked_at = models.DateTimeField("要求解列時間", null=True, blank=True, editable=False)
    # 同意解列 or 不同意; the reason stays until the department asks once more.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="決定解列的人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    decided_at = models.DateTimeField("決定解列時間", null=True, blank=True, editable=False)
    refused_because = models.CharField(
        "不同意解列的原因", max_length=REASON_LENGTH, blank=True, editable=False
    )

    objects = DirectiveAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "裁示辦理"
        ordering = ["directive", "department__position", "department_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["directive", "department"], name="directive_answer_once"
            ),
            QuickCheck(
                condition=Q(state__in=AnswerState.values), name="directive_answer_state_known"
            ),
            QuickCheck(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="directive_answer_answered_pair",
            ),
            QuickCheck(
                condition=Q(asked_at=None, asked_by=None)
                | Q(asked_at__isnull=False, asked_by__isnull=False),
                name="directive_answer_asked_pair",
            ),
            QuickCheck(
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="directive_answer_decided_pair",
            ),
            QuickCheck(
                # Nobody asks to be released without saying what was done.
                condition=Q(state=AnswerState.TO_DO) | ~Q(text="") & Q(asked_at__isnull=False),
                name="directive_answer_asked_with_text",
            ),
            QuickCheck(
                condition=~Q(state=AnswerState.RELEASED) | Q(decided_at__isnull=False),
                name="directive_answer_released_by_decision",
            ),
            at_most("text", ANSWER_LENGTH, "directive_answer"),
            at_most("refused_because", REASON_LENGTH, "directive_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.directive} {self.department}"

    def history_home(self) -> HistoryHome:
        return self.directive.history_home()

    @property
    def is_released(self) -> bool:
        return self.state == AnswerState.RELEASED

    @property
    def is_asked(self) -> bool:
        return self.state == AnswerState.ASKED

    @property
    def is_writable(self) -> bool:
        """Whether its department may write: not while the plan office decides."""
        return self.state == AnswerState.TO_DO
