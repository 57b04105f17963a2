"""業務移交: what one person's open work was when it went to another."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from items.models.history_blocks import OFFICE, Chained, ChainedQuerySet
from items.models.history_home import HistoryHome
from items.models.quick_checks import QuickCheck

HANDOVER_VERSION = 1
"""What `Handover.content` looks like; a later product still reads the older ones."""


class Handover(Chained):
    """業務移交: one person's open work, handed to another in one step.

    `content` keeps what moved as it was then, for the list that people sign and for handing back:
    {"version", "items": [HandedItem as a dict], "memberships": [MovedMembership as a dict]}.
    """

    IN_CHAIN = ("at", "by_id", "giver_id", "receiver_id", "summary", "content")
    SET_LATER = ("undone_at", "undone_by")

    at = models.DateTimeField("時間")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="辦理人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="移交人",
        on_delete=models.PROTECT,
        related_name="handovers_given",
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="接收人",
        on_delete=models.PROTECT,
        related_name="handovers_received",
    )
    summary = models.TextField("移交內容")
    content: models.JSONField = models.JSONField("明細", default=dict, blank=True)
    undone_at = models.DateTimeField("交還時間", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="交還辦理人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ChainedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "業務移交"
        ordering = ["-id"]
        constraints = [
            QuickCheck(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="handover_undone_pair",
            ),
            QuickCheck(condition=~Q(giver=models.F("receiver")), name="handover_to_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"業務移交 {self.giver} → {self.receiver}"

    def history_home(self) -> HistoryHome:
        """People work in several years: it concerns the whole office. Items have own entries."""
        return HistoryHome()

    def chain_key(self) -> int:
        return OFFICE

    @property
    def items(self) -> list[dict[str, Any]]:
        return self.content.get("items", [])

    @property
    def memberships(self) -> list[dict[str, Any]]:
        return self.content.get("memberships", [])
