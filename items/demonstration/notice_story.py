"""Which notices of the demonstration somebody has read by its day."""

from datetime import timedelta

from django.db.models import F

from items.demonstration.office_hours import moment
from items.models import AnswerState, DirectiveAnswer, Notice, NoticeKind

READ_BEFORE = "2026-11-18"
"""What came from this day on is new to everybody: the last days before the demonstration's."""
READ_WITHIN = timedelta(hours=3)


def read_notices() -> None:
    """Mark what is older as read, but what still waits for the plan office."""
    waiting = DirectiveAnswer.objects.filter(state=AnswerState.ASKED).values("pk")
    still_asked = Notice.objects.filter(
        kind=NoticeKind.ASKED, about="directiveanswer", about_id__in=waiting
    )
    old = Notice.objects.filter(at__lt=moment(READ_BEFORE))
    old.exclude(pk__in=still_asked.values("pk")).update(read_at=F("at") + READ_WITHIN)
