"""彙整文字: what an item of several departments says as a whole for one period."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from items.models.actions import Action
from items.models.history_home import HistoryHome
from items.models.lengths import at_most
from items.models.periods import Period
from items.models.quick_checks import QuickCheck

OFFICIAL_LENGTH = 10_000
"""The longest, in characters: the texts of some departments, shortened to one."""


class OfficialText(models.Model):
    """彙整文字: the one cell of 彙整表 for an item that several departments report on.

    Without a row the table prints each department's own text in its row.
    """

    TOLD_BY_ENTRY = ("newest_step",)
    """What its entry in the history need not say: it is for the machine."""

    action = models.ForeignKey(
        Action,
        verbose_name="具體推動作法",
        on_delete=models.CASCADE,
        related_name="official_texts",
        # The unique pair of action and period begins with it.
        db_index=False,
    )
    period = models.ForeignKey(
        Period, verbose_name="填報期", on_delete=models.CASCADE, related_name="official_texts"
    )
    text = models.TextField("彙整文字", max_length=OFFICIAL_LENGTH)
    composed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="彙整人",
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
    )
    composed_at = models.DateTimeField("彙整時間", editable=False)
    # The key of the newest step of its reports then. What was sent later has a higher key; its time
    # may be earlier, where a clock was set back.
    newest_step = models.BigIntegerField("彙整時最新的步驟", default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "彙整文字"
        ordering = ["action", "period__number"]
        constraints = [
            models.UniqueConstraint(fields=["action", "period"], name="official_text_once"),
            QuickCheck(
                condition=~models.Q(text=""),
                name="official_text_given",
                violation_error_message="請寫彙整文字。",
            ),
            at_most("text", OFFICIAL_LENGTH, "official"),
        ]

    def __str__(self) -> str:
        return f"{self.action.code} {self.period}"

    def history_home(self) -> HistoryHome:
        return self.action.history_home()
