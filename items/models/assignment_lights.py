"""Progress and 燈號 of assignments, worked out in the database."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import (
    Case,
    DateField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from items.models.assignments_owing import AssignmentsOwing
from items.models.conditions import FirstThatHolds
from items.models.copied_figures import figure_until
from items.models.light_basis import LightBasis
from items.models.light_rules import (
    Days,
    LightRule,
    LinearPercent,
    light_rules,
    severity_by_rules,
)
from items.models.periods import NEWEST_PERIOD_FIRST, Period
from items.models.planned_progress import PlannedProgress
from items.models.programme import Programme
from items.models.progress import ProgressReport


class AssignmentLights(AssignmentsOwing):
    """What is annotated from reports and days; `light_rules` says what the lights mean."""

    def with_progress(self, basis: LightBasis) -> Self:
        """Annotate `actual` and `planned` (percent) and `reported_until`, as of today.

        A report is held against the figure that it kept when it was sent: what a department said
        on 11月22日 would else fall behind a plan that went on growing since.
        """
        with_report = self.annotate(
            reported_until=F("newest_until"), actual=Coalesce(F("newest_percent"), 0)
        )
        return with_report._with_planned_of_report(F("newest_planned"), basis)

    def with_report_on(self, basis: LightBasis) -> Self:
        """Annotate `actual`, `reported_until` and `kept_percent` of the newest report of a day.

        On an earlier day that is one of the periods that had begun by then. Costs sub-queries for
        the rows that have reported on two periods since.
        """
        last_day = basis.last_day_begun()
        newest_first = None
        if last_day is not None and basis.number_ending_after(last_day) == 0:
            # Whatever the row's newest report is of has ended by then.
            return self.annotate(
                reported_until=F("newest_until"),
                actual=Coalesce(F("newest_percent"), 0),
                kept_percent=F("newest_planned"),
            )
        # One newer report is the most that a row can have beside the one of that day: its two
        # copies are enough.
        if last_day is None or basis.number_ending_after(last_day) > 1:
            newest = ProgressReport.objects.newest_submitted(basis.today)
            newest_first = newest.filter(assignment=OuterRef("pk"))
        return self.annotate(
            reported_until=figure_until(last_day, "until", newest_first),
            actual=Coalesce(figure_until(last_day, "percent", newest_first), 0),
            kept_percent=figure_until(last_day, "planned", newest_first),
        )

    def with_progress_on(self, basis: LightBasis) -> Self:
        """The same as `with_progress` for an earlier day; see `with_report_on`."""
        with_report = self.with_report_on(basis)
        return with_report._with_planned_of_report(F("kept_percent"), basis)

    def _with_planned_of_report(self, kept: F, basis: LightBasis) -> Self:
        """Annotate `planned`: what the newest report kept, else the plan up to its day or today."""
        today = Value(basis.today, models.DateField())
        # Without a report, or of one that came without a figure, it is worked out for its day.
        return self.annotate(reported_or_today=Coalesce(F("reported_until"), today)).with_planned(
            F("reported_or_today"),
            basis.programme,
            basis.today,
            kept=kept,
            has_entries=basis.has_entries,
        )

    def with_linear(self, period: Period) -> Self:
        """Annotate `linear`: the percent by the end of a period, where nothing is entered."""
        until = Value(period.ends_on, models.DateField())
        percent = LinearPercent(
            F("deadline"), until, starts_on=period.programme.starts_on, last_day=period.ends_on
        )
        return self.annotate(linear=percent)

    def with_planned(
        self,
        until: F | Value,
        programme: Programme,
        last_day: date,
        *,
        kept: F | None = None,
        has_entries: bool = True,
    ) -> Self:
        """Annotate `planned`: the percent that should be done by `until`, or by `last_day`.

        The earlier of the two days counts. What the coordinator entered for the newest period up to
        `until` counts; without an entry the plan is linear. Where `kept` gives a figure, that
        counts before both. `has_entries=False` spares the look at entries where the year has none.
        """
        figures: list[Any] = []
        if kept is not None:
            figures.append(kept)
        if has_entries:
            entered = PlannedProgress.objects.filter(
                assignment=OuterRef("pk"), period__ends_on__lte=OuterRef("until")
            ).order_by(*NEWEST_PERIOD_FIRST)
            figures.append(Subquery(entered.values("percent")[:1]))
        linear = LinearPercent(
            F("deadline"), F("until"), starts_on=programme.starts_on, last_day=last_day
        )
        figures.append(linear)
        with_day = self.annotate(until=until)
        if len(figures) == 1:
            return with_day.annotate(planned=figures[0])
        return with_day.annotate(planned=Coalesce(*figures))

    def with_light(self, basis: LightBasis, *, only_controlled: bool = False) -> Self:
        """Annotate `severity`, which says the light, and what it is worked out from.

        `light_rules` says what the lights mean. All rows are of the programme of `basis`. Costs
        comparisons of the row's own columns, and no sub-query. `only_controlled`: see `light_rules`.
        """
        return self.with_progress(basis)._lit(basis, only_controlled=only_controlled)

    def with_light_on(self, basis: LightBasis, *, only_controlled: bool = False) -> Self:
        """The same as `with_light` for the earlier day of `basis`; see `with_progress_on`."""
        lit = self.with_progress_on(basis)._lit(basis, only_controlled=only_controlled)
        last_day = basis.last_day_begun()
        # A row has copies of its two newest reports. For an older one, and where 預定進度 was
        # entered, each figure has a sub-query of its own.
        if last_day is None or basis.number_ending_after(last_day) > 1 or basis.has_entries:
            return lit
        # Both reports of that day are in the row: which of them counts is asked once, and not for
        # each figure that the rules read. Half of the time of a light, of 100,000 rows 30 ms.
        rules = light_rules(basis, only_controlled=only_controlled)
        return lit.annotate(
            severity=Case(
                When(newest_until__lte=last_day, then=_severity_of("newest", rules, basis)),
                When(previous_until__lte=last_day, then=_severity_of("previous", rules, basis)),
                default=_severity_without_report(rules),
            )
        )

    def _lit(self, basis: LightBasis, *, only_controlled: bool) -> Self:
        with_days = self.annotate(
            due_until=basis.due_until(),
            due_period=basis.due_name(),
            due_closed_at=basis.due_closed_at(),
            behind_by=ExpressionWrapper(F("planned") - F("actual"), IntegerField()),
            light_days=Days(F("deadline"), Value(basis.today, models.DateField())),
        )
        rules = light_rules(basis, only_controlled=only_controlled)
        return with_days.annotate(severity=severity_by_rules(rules))


def _severity_of(copy: str, rules: list[LightRule], basis: LightBasis) -> FirstThatHolds:
    """The light by one of the reports that the row has copies of: `newest` or `previous`."""
    until = F(f"{copy}_until")
    # Any: django-stubs takes the difference of two expressions for another class than both.
    actual: Any = Coalesce(F(f"{copy}_percent"), 0)
    linear = LinearPercent(
        F("deadline"), until, starts_on=basis.programme.starts_on, last_day=basis.today
    )
    planned: Any = Coalesce(F(f"{copy}_planned"), linear)
    return severity_by_rules(
        rules, instead={"reported_until": until, "actual": actual, "behind_by": planned - actual}
    )


def _severity_without_report(rules: list[LightRule]) -> FirstThatHolds:
    # Nobody knows of such a row whether it is behind: no rule reads how far.
    nothing = Value(0, IntegerField())
    until = Value(None, DateField())
    return severity_by_rules(
        rules, instead={"reported_until": until, "actual": nothing, "behind_by": nothing}
    )
