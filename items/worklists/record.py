"""歷程: every step of every report, and every change of the plan, newest first."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from items import access
from items.models import Change, Programme, ReportStep, User


@dataclass(frozen=True)
class RecordLimits:
    """Which part of the record is asked for; both days are included, None and "" set no limit."""

    start: date | None = None
    end: date | None = None
    code: str = ""

    def moments(self) -> Q:
        limits = Q()
        if self.start is not None:
            limits &= Q(at__gte=first_moment(self.start))
        # Up to the first moment of the next day: a comparison with 23:59 would lose a minute.
        if self.end is not None:
            limits &= Q(at__lt=first_moment(self.end + timedelta(days=1)))
        return limits


def first_moment(day: date) -> datetime:
    """Midnight in Taipei."""
    return timezone.make_aware(datetime.combine(day, time.min))


def report_steps(user: User, programme: Programme, limits: RecordLimits) -> QuerySet[ReportStep]:
    """Steps of reports, each with the content as it was then and the words for this reader."""
    steps = access.steps_with_words(user).filter(
        limits.moments(), report__period__programme=programme
    )
    if limits.code:
        steps = steps.filter(report__assignment__action__code=limits.code)
    return steps.select_related(
        "by",
        "report__period__programme",
        "report__assignment__department",
        "report__assignment__action",
    ).order_by("-at", "-id")


def plan_changes(user: User, programme: Programme, limits: RecordLimits) -> QuerySet[Change]:
    """Changes of the plan."""
    changes = access.visible_changes(user).filter(limits.moments(), programme=programme)
    if limits.code:
        # Of an item that is gone, the label still bears the code; no other item is given it.
        is_of_deleted_item = Q(action=None, label__startswith=f"{limits.code} ")
        changes = changes.filter(Q(action__code=limits.code) | is_of_deleted_item)
    return changes.select_related("by", "action").order_by("-at", "-id")
