"""Which assignments owe a report for a period, and which have begun one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from items.models.actions import ControlStatus
from items.models.copied_figures import figure_until
from items.models.light_basis import LightBasis, handed_out_before
from items.models.light_rules import PROGRAMME
from items.models.periods import Period
from items.models.programme import ProgrammeState
from items.models.progress import ProgressReport

if TYPE_CHECKING:
    # Named in a text below, which ruff does not read: assignments import this queryset.
    from items.models.assignments import Assignment  # noqa: F401


def there_in_time(period: Period) -> Q:
    """Assignments that were handed out before the period was closed for the first time.

    What a department was given after that day is never owed for the period, not even where it is
    opened again: nobody can report on what did not exist.
    """
    if period.first_closed_on is None:
        return Q(pk__isnull=False)
    return handed_out_before(period.first_closed_on)


def _is_expected(period: Period) -> Q:
    """The rule of `expected_in`; reads the annotation of `finished_before`."""
    reports = ProgressReport.objects.filter(assignment=OuterRef("pk"), period=period)
    return (there_in_time(period) & Q(finished_before=False)) | Q(Exists(reports))


def _is_unsent(period: Period) -> Q:
    """Assignments without a submitted report for the period."""
    submitted = ProgressReport.objects.submitted().filter(period=period)
    is_sent = Exists(submitted.filter(assignment=OuterRef("pk")))
    # The row's own copy says it of most of them: only the others are looked up.
    return _has_nothing_of(period) | ~Q(is_sent)


def _has_nothing_of(period: Period) -> Q:
    """Assignments that have sent nothing so late in the year."""
    return Q(newest_until__isnull=True) | Q(newest_until__lt=period.ends_on)


class AssignmentsOwing(models.QuerySet["Assignment"]):
    """Assignments by what is still to be done for them."""

    def controlled(self) -> Self:
        """Assignments of actions that are still 列管中."""
        return self.filter(action__control_status=ControlStatus.UNDER_CONTROL)

    def still_going_on(self) -> Self:
        """Those that somebody still has to look after: 列管中, of a year that is not closed."""
        return self.controlled().exclude(**{f"{PROGRAMME}__state": ProgrammeState.CLOSED})

    def with_report(self, period: Period) -> Self:
        """Annotate `report_id` and `report_state` of one period (None where 未填)."""
        # A join, of which there is one row at most: twice as fast as two sub-queries.
        of_period = FilteredRelation("reports", condition=Q(reports__period=period))
        return self.annotate(report_of_period=of_period).annotate(
            report_id=F("report_of_period__pk"), report_state=F("report_of_period__state")
        )

    def finished_before(self, period: Period, *, is_newest: bool = False) -> Self:
        """Annotate `finished_before`: the report before this period said 100 %; nothing is owed.

        `is_newest` says that no later period was opened: then the row's own copies always say it.

        Only the newest one counts: a first quarter that was corrected to 100 % afterwards does not
        outdo the 55 % of the third.
        """
        newest_first = None
        if not is_newest:
            earlier = ProgressReport.objects.submitted().before(period)
            newest_first = earlier.filter(assignment=OuterRef("pk"))
        day_before = period.ends_on - timedelta(days=1)
        percent = figure_until(day_before, "percent", newest_first)
        percent_before = Coalesce(percent, 0)
        return self.annotate(
            finished_before=ExpressionWrapper(
                GreaterThanOrEqual(percent_before, 100), models.BooleanField()
            )
        )

    def expected_in(self, period: Period) -> Self:
        """Those that owe a report for this period, or have begun one.

        An assignment owes one if its action is under control, if it was there in time, and if it
        was not finished before. A report that was begun all the same is sent like any other.
        """
        of_programme = self.filter(**{PROGRAMME: period.programme_id})
        return of_programme.controlled().finished_before(period).filter(_is_expected(period))

    def with_filing(self, period: Period, basis: LightBasis) -> Self:
        """Annotate of controlled assignments `is_expected`, as `expected_in`, and `is_sent`.

        Those that are expected and not sent are `owing`.
        """
        # As cases, since SQLite looks up both sides of an OR that is a value.
        is_expected = Case(When(_is_expected(period), then=Value(True)), default=Value(False))
        sent_or_not = [When(_has_nothing_of(period), then=Value(False))]
        # The row's own copy says it, unless two periods end on one day.
        same_end = [one for one in basis.opened_periods if one.ends_on == period.ends_on]
        if len(same_end) == 1:
            sent_or_not.append(When(newest_until=period.ends_on, then=Value(True)))
        sent_or_not.append(When(_is_unsent(period), then=Value(False)))
        is_sent = Case(*sent_or_not, default=Value(True))
        with_finished = self.finished_before(period, is_newest=basis.is_newest(period))
        return with_finished.annotate(is_expected=is_expected, is_sent=is_sent)

    def of_period(self, period: Period) -> Self:
        """Those that the period is about: there in time, or with a report of it all the same."""
        if period.first_closed_on is None:
            return self
        reports = ProgressReport.objects.filter(assignment=OuterRef("pk"), period=period)
        return self.filter(there_in_time(period) | Exists(reports))

    def owing(self, period: Period) -> Self:
        """Those of `expected_in` that have not submitted: 未填, 草稿 and 退回 alike."""
        return self.expected_in(period).filter(_is_unsent(period))
