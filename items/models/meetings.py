"""會議: a review meeting of a year; what its chair instructed stands in `directives`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from items.models.history_home import HistoryHome
from items.models.lengths import at_most
from items.models.programme import Programme
from items.models.quick_checks import QuickCheck
from items.roc import format_roc

MEETING_NAME_LENGTH = 100
PLACE_LENGTH = 100
CHAIR_LENGTH = 50
AGENDA_LENGTH = 5_000


class Meeting(models.Model):
    """會議: a review meeting of one year, with its day and agenda."""

    # PROTECT: a year in which a meeting was held is never deleted.
    programme = models.ForeignKey(
        Programme, verbose_name="年度計畫", on_delete=models.PROTECT, related_name="meetings"
    )
    name = models.CharField("會議名稱", max_length=MEETING_NAME_LENGTH)
    held_on = models.DateField("會議日期")
    place = models.CharField("地點", max_length=PLACE_LENGTH, blank=True)
    chair = models.CharField("主席", max_length=CHAIR_LENGTH, blank=True)
    agenda = models.TextField("議程", max_length=AGENDA_LENGTH, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "會議"
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "held_on", "name"],
                name="meeting_once",
                violation_error_message="這一天已經有同名的會議，請看看是不是已經建立過了。",
            ),
            QuickCheck(condition=~Q(name=""), name="meeting_name_given"),
            at_most("name", MEETING_NAME_LENGTH, "meeting"),
            at_most("place", PLACE_LENGTH, "meeting"),
            at_most("chair", CHAIR_LENGTH, "meeting"),
            at_most("agenda", AGENDA_LENGTH, "meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{format_roc(self.held_on)}）"

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme)
