"""年終處理: which items of a year were released or carried over together, and by what decision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from items.day_words import moment_words
from items.models.actions import Action, ControlStatus
from items.models.control import NUMBER_LENGTH
from items.models.history_blocks import Chained, ChainedQuerySet
from items.models.history_home import HistoryHome
from items.models.lengths import REASON_LENGTH, at_most
from items.models.programme import Programme
from items.models.quick_checks import QuickCheck

YEAR_END_STATUSES = (ControlStatus.RELEASED, ControlStatus.CARRIED_OVER)
"""The 列管狀態 that an item may be given at the year's end."""
PROPOSED_LENGTH = 500


class YearEndDecision(Chained):
    """年終決定: one decision about several items; it can be taken back as a whole."""

    IN_CHAIN = ("programme_id", "status", "number", "words", "decided_at", "decided_by_id")
    SET_LATER = ("undone_at", "undone_by", "undone_because")

    # PROTECT: a year in which something was decided is never deleted.
    programme = models.ForeignKey(
        Programme,
        verbose_name="年度計畫",
        on_delete=models.PROTECT,
        related_name="year_end_decisions",
        editable=False,
    )
    status = models.CharField("列管狀態", max_length=20, choices=ControlStatus, editable=False)
    number = models.CharField("核定文號", max_length=NUMBER_LENGTH, blank=True)
    words = models.CharField("說明", max_length=REASON_LENGTH, blank=True)
    decided_at = models.DateTimeField("決定時間", editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="決定的人",
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
    )
    undone_at = models.DateTimeField("復原時間", null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="復原的人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    undone_because = models.CharField(
        "復原原因", max_length=REASON_LENGTH, blank=True, editable=False
    )

    objects = ChainedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年終決定"
        ordering = ["-id"]
        constraints = [
            QuickCheck(condition=Q(status__in=YEAR_END_STATUSES), name="year_end_status_known"),
            QuickCheck(
                condition=Q(undone_at=None, undone_by=None, undone_because="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_because=""),
                name="year_end_undone_together",
            ),
            at_most("words", REASON_LENGTH, "year_end"),
        ]

    def __str__(self) -> str:
        return f"{self.programme.year}年度年終{self.get_status_display()}"

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme)

    def chain_key(self) -> int:
        return self.programme_id

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None

    @property
    def number_of_items(self) -> int:
        """Of those at hand: a list fetches them with its decisions."""
        return len(self.items.all())

    @property
    def decided_words(self) -> str:
        """「115年12月31日 10:00 顏佳慧・花港企字第1號・…」: when and by whom, and what was said."""
        words = f"{moment_words(self.decided_at)} {self.decided_by}"
        for said in (self.number, self.words):
            if said:
                words += f"・{said}"
        return words

    @property
    def undone_words(self) -> str:
        """「116年1月4日 9:00 顏佳慧復原：…」; empty where the decision still holds."""
        if self.undone_at is None:
            return ""
        return f"{moment_words(self.undone_at)} {self.undone_by}復原：{self.undone_because}"


class YearEndItem(Chained):
    """年終決定的項目: one item of a decision, and what spoke for it then."""

    IN_CHAIN = ("decision_id", "action_id", "because")

    decision = models.ForeignKey(
        YearEndDecision, verbose_name="年終決定", on_delete=models.CASCADE, related_name="items"
    )
    action = models.ForeignKey(
        Action,
        verbose_name="具體推動作法",
        on_delete=models.PROTECT,
        related_name="year_end_items",
    )
    because = models.CharField("當時的情形", max_length=PROPOSED_LENGTH, blank=True)

    objects = ChainedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年終決定的項目"
        ordering = ["action__code"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "action"], name="year_end_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action.code} {self.decision.get_status_display()}"

    def history_home(self) -> HistoryHome:
        return self.action.history_home()

    def chain_key(self) -> int:
        return self.decision.programme_id
