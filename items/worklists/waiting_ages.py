"""How long the oldest report of each department has waited in each step of the open periods."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet

from items.models import Period, ProgressReport, ReportState
from items.models.prepared import PreparedForKeys
from plan_tracker.clock import day_of

WAITING_STATES = (ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR, ReportState.RETURNED)
"""Those in which a report waits for somebody since a step that it took."""

Ages = dict[int, dict[int, dict[str, int]]]
"""{key of a period: {key of a department: {state: days of the oldest}}}"""


def unsent_age_words(period: Period, today: date) -> str:
    """「未填、草稿最久 6 天」: since the period was opened; empty where it is not, or since today.

    What was never sent has taken no step: it waits for its department as long as the period does.
    """
    since = period.reopened_at or period.opened_at
    if not period.is_open or since is None:
        return ""
    days = (today - day_of(since)).days
    if days <= 0:
        return ""
    return f"未填、草稿最久 {days} 天"


@dataclass(frozen=True)
class GridColumn:
    """The head of one period in the grid."""

    period: Period
    today: date

    @property
    def unsent_words(self) -> str:
        return unsent_age_words(self.period, self.today)


def _oldest(periods: list[int]) -> QuerySet[Any]:
    reports = ProgressReport.objects.filter(period__in=periods, state__in=WAITING_STATES)
    # Any, since django-stubs looks for the annotation among the fields.
    groups: QuerySet[Any] = reports.order_by().values("period", "assignment__department", "state")
    return groups.annotate(oldest=Min("since"))


_OLDEST = PreparedForKeys[Any](_oldest)


def oldest_ages(periods: Iterable[Period], today: date) -> Ages:
    """For the open ones among these periods; one query, none where no period is open."""
    keys = [period.pk for period in periods if period.is_open]
    ages: Ages = {}
    for group in _OLDEST(keys):
        # Reports of before there was `since` do not say how long they have waited.
        if group["oldest"] is None:
            continue
        of_period = ages.setdefault(group["period"], {})
        of_department = of_period.setdefault(group["assignment__department"], {})
        days = (today - day_of(group["oldest"])).days
        of_department[group["state"]] = max(days, 0)
    return ages
