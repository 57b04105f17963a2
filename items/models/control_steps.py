"""管制異動歷程: the steps that an application took."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from items.models.control import ControlRequest, RequestState
from items.models.history_home import HistoryHome
from items.models.history_words import label_of, value_in_words
from items.models.lengths import at_most
from items.models.quick_checks import QuickCheck
from items.models.taken_steps import STEP_WORDS_LENGTH, ChainedStep


class RequestStepKind(models.TextChoices):
    """申請步驟: a step on the way of an application."""

    SUBMIT = "submit", "送出"
    ENDORSE = "endorse", "主管同意"
    RETURN = "return", "退回補正"
    APPROVE = "approve", "通過"
    REJECT = "reject", "不通過"
    WITHDRAW = "withdraw", "撤回"


class ControlStep(ChainedStep):
    """管制異動歷程: one step of an application, with its content as it then was. Never changed."""

    IN_CHAIN = (
        "request_id",
        "number",
        "kind",
        "from_state",
        "to_state",
        "by_id",
        "for_whom_id",
        "at",
        "door",
        "words",
        "content",
    )

    request = models.ForeignKey(
        ControlRequest,
        verbose_name="管制異動",
        on_delete=models.PROTECT,
        related_name="steps",
        # The unique pair with the number begins with it.
        db_index=False,
    )
    kind = models.CharField("步驟", max_length=10, choices=RequestStepKind)
    from_state = models.CharField("原狀態", max_length=20, choices=RequestState)
    to_state = models.CharField("新狀態", max_length=20, choices=RequestState)

    class Meta(ChainedStep.Meta):
        verbose_name = verbose_name_plural = "管制異動歷程"
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="control_step_number_once"),
            QuickCheck(
                condition=~Q(kind__in=[RequestStepKind.RETURN, RequestStepKind.REJECT])
                | ~Q(words=""),
                name="control_step_has_reason",
                violation_error_message="退回補正或不通過要寫原因。",
            ),
            QuickCheck(
                condition=Q(kind__in=RequestStepKind.values), name="control_step_kind_known"
            ),
            at_most("words", STEP_WORDS_LENGTH, "control_step"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}・{self.by_words}"

    def history_home(self) -> HistoryHome:
        return self.request.history_home()

    def content_lines(self) -> list[str]:
        """「申請事由：不可抗力」: what the application said then, one line for each field."""
        lines = []
        for name in (*ControlRequest.CONTENT, ControlRequest.SUCCESSORS):
            value = self.content.get(name)
            if value:
                words = value_in_words(ControlRequest, name, value)
                lines.append(f"{label_of(ControlRequest, name)}：{words}")
        return lines

    def chain_key(self) -> int:
        return self.request.assignment.action.programme.pk
