"""留言: questions about an item, as people ask them by telephone. Never part of an official file."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from items.models.actions import Action
from items.models.departments import Department
from items.models.deputies import acting_words
from items.models.history_blocks import Chained, ChainedQuerySet
from items.models.history_home import HistoryHome
from items.models.lengths import at_most
from items.models.people import User
from items.models.programme import ProgrammeState
from items.models.quick_checks import QuickCheck
from items.models.taken_steps import TakenStep

QUESTION_LENGTH = 2_000


class QuestionState(models.TextChoices):
    """留言狀態: whose turn it is."""

    OPEN = "open", "待答覆"
    ANSWERED = "answered", "已答覆"
    SETTLED = "settled", "已解決"


class QuestionQuerySet(ChainedQuerySet):
    """Which questions, and in which order."""

    def open(self) -> Self:
        """Those that wait for an answer, in years that go on."""
        waiting = self.filter(state=QuestionState.OPEN)
        return waiting.exclude(
            action__plan__method__strategy__programme__state=ProgrammeState.CLOSED
        )

    def with_path(self) -> Self:
        """With its people and everything from the item up, in the same query."""
        return self.select_related(
            "asked_by",
            "asked_for",
            "to_department",
            "to_person",
            "action__plan__method__strategy__programme",
        )


class Question(Chained):
    """留言: one question about an item, to a department or to a person.

    What follows it (答覆, 解決, 再問) are its `QuestionStep`s.
    """

    IN_CHAIN = (
        "action_id",
        "to_department_id",
        "to_person_id",
        "text",
        "asked_by_id",
        "asked_for_id",
        "asked_at",
    )
    SET_LATER = ("state",)
    TOLD_BY_ENTRY = ("action", "state")
    """What its entry in the history need not say: it stands at the item, and is new."""

    # PROTECT: an item about which something was asked and answered stays.
    action = models.ForeignKey(
        Action, verbose_name="具體推動作法", on_delete=models.PROTECT, related_name="questions"
    )
    to_department = models.ForeignKey(
        Department,
        verbose_name="給哪個單位",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
    )
    to_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="給哪個人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions_to_answer",
    )
    text = models.TextField("留言", max_length=QUESTION_LENGTH)
    state = models.CharField(
        "留言狀態",
        max_length=10,
        choices=QuestionState,
        default=QuestionState.OPEN,
        editable=False,
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="留言的人",
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
    )
    asked_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="代理誰留言",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    asked_at = models.DateTimeField("留言時間", editable=False)

    # Set by `access.visible_questions`.
    answerable: bool
    settleable: bool
    reopenable: bool
    is_addressee: bool
    is_asker: bool

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "留言"
        ordering = ["-id"]
        indexes = [
            # The first screens count what is open; most of them are settled.
            models.Index(
                fields=["to_department", "to_person"],
                condition=Q(state=QuestionState.OPEN),
                name="question_open",
            ),
        ]
        constraints = [
            QuickCheck(
                condition=Q(to_department__isnull=False, to_person=None)
                | Q(to_department=None, to_person__isnull=False),
                name="question_to_one",
                violation_error_message="請選一個單位或一個人。",
            ),
            QuickCheck(condition=~Q(text=""), name="question_text_given"),
            QuickCheck(condition=Q(state__in=QuestionState.values), name="question_state_known"),
            at_most("text", QUESTION_LENGTH, "question"),
        ]

    def __str__(self) -> str:
        return f"{self.action.code} 給{self.to}的留言"

    def history_home(self) -> HistoryHome:
        return self.action.history_home()

    def chain_key(self) -> int:
        return self.action.programme.pk

    @property
    def to(self) -> Department | User:
        """Whom it is for."""
        if self.to_department is not None:
            return self.to_department
        # The database holds one of both.
        assert self.to_person is not None
        return self.to_person

    @property
    def asker_words(self) -> str:
        """「陳志明（蔡淑芬代理）」 where somebody stood in."""
        return acting_words(self.asked_by, self.asked_for)

    @property
    def is_open(self) -> bool:
        return self.state == QuestionState.OPEN

    @property
    def is_settled(self) -> bool:
        return self.state == QuestionState.SETTLED


class QuestionStepKind(models.TextChoices):
    """留言步驟: what followed a question."""

    ANSWER = "answer", "答覆"
    SETTLE = "settle", "解決"
    REOPEN = "reopen", "再問"


class QuestionStep(Chained, TakenStep):
    """留言往來: an answer, 解決 or 再問 of a question. Never changed."""

    IN_CHAIN = ("question_id", "kind", "text", "by_id", "for_whom_id", "at")
    TOLD_BY_ENTRY = ("question", "kind", "by", "at")
    """Its entry bears the question and the kind in its label, and says who and when."""

    question = models.ForeignKey(
        Question, verbose_name="留言", on_delete=models.PROTECT, related_name="steps"
    )
    kind = models.CharField("留言步驟", max_length=10, choices=QuestionStepKind)
    text = models.TextField("內容", max_length=QUESTION_LENGTH, blank=True)

    objects = ChainedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "留言往來"
        # As they were written: a clock that was set back must not change what came first.
        ordering = ["id"]
        constraints = [
            QuickCheck(
                condition=Q(kind__in=QuestionStepKind.values), name="question_step_kind_known"
            ),
            QuickCheck(
                # 解決 needs no words.
                condition=Q(kind=QuestionStepKind.SETTLE) | ~Q(text=""),
                name="question_step_text_given",
            ),
            at_most("text", QUESTION_LENGTH, "question_step"),
        ]

    def __str__(self) -> str:
        return f"{self.question}：{self.get_kind_display()}"

    def history_home(self) -> HistoryHome:
        return self.question.history_home()

    def chain_key(self) -> int:
        return self.question.chain_key()
