"""填報歷程: the steps that a report took."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from items.models.history_home import HistoryHome
from items.models.lengths import at_most
from items.models.progress import ProgressReport, ReportState, WorkStatus
from items.models.quick_checks import QuickCheck
from items.models.taken_steps import STEP_WORDS_LENGTH, ChainedStep


class StepKind(models.TextChoices):
    """步驟: a step on the way of a report."""

    SUBMIT = "submit", "送出"
    ENDORSE = "endorse", "主管同意"
    ACCEPT = "accept", "備查"
    RETURN = "return", "退回"
    RECALL = "recall", "撤回"


class ReportStep(ChainedStep):
    """填報歷程: one step of a report, with the content as it then was. Never changed."""

    IN_CHAIN = (
        "report_id",
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
        "planned_percent",
        "evidence",
    )

    # PROTECT: a report that was ever sent is never deleted.
    report = models.ForeignKey(
        ProgressReport,
        verbose_name="辦理情形",
        on_delete=models.PROTECT,
        related_name="steps",
        # The unique pair with the number begins with it.
        db_index=False,
    )
    kind = models.CharField("步驟", max_length=10, choices=StepKind)
    from_state = models.CharField("原狀態", max_length=20, choices=ReportState)
    to_state = models.CharField("新狀態", max_length=20, choices=ReportState)
    # What the report was held against from this step on; None of steps from before it was kept.
    planned_percent = models.PositiveSmallIntegerField("當時預定進度（%）", null=True, blank=True)
    # The same of 佐證資料: a list of `Evidence.as_kept`; empty of steps from before there was any.
    evidence = models.JSONField("當時的佐證資料", default=list)

    class Meta(ChainedStep.Meta):
        verbose_name = verbose_name_plural = "填報歷程"
        # 歷程, the steps of a few days among 100,000.
        indexes = [models.Index(fields=["-at", "-id"], name="step_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="step_number_once"),
            QuickCheck(
                condition=~Q(kind=StepKind.RETURN) | ~Q(words=""),
                name="step_return_has_reason",
                violation_error_message="退回要寫原因。",
            ),
            QuickCheck(
                condition=~Q(from_state=F("to_state")),
                name="step_moves",
                violation_error_message="狀態沒有改變。",
            ),
            at_most("words", STEP_WORDS_LENGTH, "step"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}・{self.by_words}"

    def history_home(self) -> HistoryHome:
        return self.report.history_home()

    def chain_key(self) -> int:
        return self.report.period.programme_id

    def get_work_status_display(self) -> str:
        """辦理狀態 in words, of the content as it was at this step."""
        work_status = self.content.get("work_status")
        words = dict(WorkStatus.choices)
        return str(words.get(work_status, ""))
