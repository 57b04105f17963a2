"""What the steps of a report, of an application and of a question have in common."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from items.models.deputies import acting_words
from items.models.doors import Door
from items.models.history_blocks import Chained, ChainedQuerySet

ACTORS = ("by", "for_whom")
"""Whom `by_words` of a step names, for `select_related`."""

STEP_WORDS_LENGTH = 1000


class TakenStep(models.Model):
    """步驟: who took it, when, and in whose name."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="誰", on_delete=models.PROTECT, related_name="+"
    )
    # 代理: in whose name the step was taken, None where `by` acted for nobody else.
    for_whom = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="代理誰",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField("何時")

    class Meta:
        abstract = True

    @property
    def by_words(self) -> str:
        """Who took it: 「陳志明（蔡淑芬代理）」 where somebody stood in."""
        return acting_words(self.by, self.for_whom)


class ChainedStep(Chained, TakenStep):
    """A step that is evidence: it keeps the content as it then was, and is never changed."""

    # The version of the row that the step made. The order of steps is this one, and not that of
    # their times: a clock may be set back, and what is endorsed must not become recallable by it.
    number = models.PositiveIntegerField("順序", editable=False)
    door = models.CharField("經由", max_length=10, choices=Door, default=Door.PAGE)
    words = models.TextField("說明", max_length=STEP_WORDS_LENGTH, blank=True)
    # A copy, since the row goes on changing: auditors read what was said on a day.
    content = models.JSONField("當時內容", default=dict)

    # Set by `access.steps_with_words` and `access.request_steps_with_words`: the words, or empty
    # where the reader may not know them.
    readable_words: str

    objects = ChainedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["number", "id"]
