"""The figures of its newest reports that an assignment keeps a copy of; see docs/decisions/0001."""

from datetime import date

from django.db.models import Case, F, Subquery, Value, When

from items.models.progress import ProgressReportQuerySet

NEWEST_FIGURES = {
    "newest_until": "period__ends_on",
    "newest_percent": "percent",
    "newest_planned": "planned_percent",
    "newest_status": "work_status",
}
"""{field of an assignment: the figure of its newest submitted report that it copies}"""

PREVIOUS_FIGURES = {
    "previous_until": "period__ends_on",
    "previous_percent": "percent",
    "previous_planned": "planned_percent",
}
"""The same of the submitted report before that one: what the newest was at the end of the period
before, which pages compare today with."""

FILING_STATES = "filing_states"
"""The states of all its reports in one text; `filing_states.py` reads it."""

COPIED_FIGURES = (*NEWEST_FIGURES, *PREVIOUS_FIGURES, FILING_STATES)
"""All fields of an assignment that are copies of its reports'."""


def figure_until(
    last_day: date | None, figure: str, newest_first: ProgressReportQuerySet | None
) -> Case | Subquery | Value:
    """A figure of the newest report of a period that ended by `last_day`, else NULL.

    The row's copies of its two newest reports say it; only where both are of later periods are the
    reports asked, which are `newest_first`. Without a day they are asked of every row; None for
    `newest_first` says that there is no such row.
    """
    of_reports: Subquery | Value = Value(None)
    if newest_first is not None:
        source = NEWEST_FIGURES[f"newest_{figure}"]
        of_reports = Subquery(newest_first.values(source)[:1])
    if last_day is None:
        return of_reports
    if newest_first is None:
        return Case(
            When(newest_until__lte=last_day, then=F(f"newest_{figure}")),
            When(previous_until__lte=last_day, then=F(f"previous_{figure}")),
        )
    return Case(
        When(newest_until__lte=last_day, then=F(f"newest_{figure}")),
        # Without an earlier one there is nothing to look for.
        When(previous_until__isnull=True, then=Value(None)),
        When(previous_until__lte=last_day, then=F(f"previous_{figure}")),
        default=of_reports,
    )
