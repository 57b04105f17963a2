"""The copies of its two newest reports, and of the states of all, that each 分辦 carries.

Lists and counts then ask no report. The first draft and the steps of a report write them in their
own transaction; nothing else does. `manage.py check_figures` holds them against the reports,
and writes them anew.
"""

from collections.abc import Mapping
from functools import reduce
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from items.models import Assignment, ProgressReport
from items.models.copied_figures import (
    COPIED_FIGURES,
    FILING_STATES,
    NEWEST_FIGURES,
    PREVIOUS_FIGURES,
)
from items.models.filing_states import filed_report, written_states
from items.models.periods import NEWEST_PERIOD_FIRST
from items.models.prepared import Prepared, Slot
from items.models.prepared_writes import PreparedUpdate

_REPORTS = Prepared(
    lambda: (
        ProgressReport.objects.filter(assignment=Slot("assignment"))
        # By period, however late an earlier one was corrected (product.md, "Four axes").
        .order_by(*NEWEST_PERIOD_FIRST)
        .select_related("period")
        .only("period_id", "state", *NEWEST_FIGURES.values())
    )
)

_LOCK = Prepared(
    lambda: (
        Assignment.objects.filter(pk=Slot("pk"))
        .select_for_update(no_key=True)
        .order_by()
        .only("pk")
    )
)
_COPY = PreparedUpdate(lambda: Assignment.objects.filter(pk=Slot("pk")))


# Without a point to go back to: what fails here fails with the step that it belongs to.
@transaction.atomic(savepoint=False)
def refresh(assignment_key: int) -> None:
    """Copy the two newest submitted reports of one assignment and the states of all of them.

    What is no more is cleared.
    """
    # Two steps at once, each of another period: without the lock, whoever writes last might not
    # have seen the other's report. The statement after the lock sees it.
    if connection.features.has_select_for_update:
        _LOCK(pk=assignment_key)
    reports = _REPORTS(assignment=assignment_key)
    submitted = [report for report in reports if report.is_submitted]
    newest = submitted[0] if submitted else None
    previous = submitted[1] if len(submitted) > 1 else None
    figures = _figures_of(newest, NEWEST_FIGURES) | _figures_of(previous, PREVIOUS_FIGURES)
    if newest is None:
        # A text of the model, which has no NULL.
        figures["newest_status"] = ""
    filed = []
    for report in reports:
        filed.append(filed_report(report.period_id, report.state, report.percent))
    figures[FILING_STATES] = written_states(filed)
    _COPY(figures, pk=assignment_key)


def _figures_of(report: ProgressReport | None, sources: Mapping[str, str]) -> dict[str, Any]:
    """{field of the assignment: figure} of one report; all None without one."""
    if report is None:
        return dict.fromkeys(sources)
    figures: dict[str, Any] = {}
    for name, source in sources.items():
        # Such as `period__ends_on`: the end of the report's period.
        figures[name] = reduce(getattr, source.split("__"), report)
    return figures


def stale_assignments() -> list[int]:
    """The keys of the assignments whose copy is not what their reports say, in two queries."""
    figures = {f"true_{name}": figure for name, figure in _from_reports().items()}
    # Any, since django-stubs looks for the annotations among the fields.
    assignments: QuerySet[Any] = Assignment.objects.annotate(**figures).order_by("pk")
    true_states = _states_from_reports()
    # Compared here and not in the database, where NULL is not even equal to itself.
    stale = []
    for row in assignments.values("pk", *COPIED_FIGURES, *figures).iterator():
        row[f"true_{FILING_STATES}"] = true_states.get(row["pk"], "")
        if any(row[name] != row[f"true_{name}"] for name in COPIED_FIGURES):
            stale.append(row["pk"])
    return stale


@transaction.atomic
def rebuild() -> int:
    """Write every copy that differs anew; the number of assignments written."""
    stale = stale_assignments()
    for key in stale:
        refresh(key)
    return len(stale)


def _states_from_reports() -> dict[int, str]:
    """{key of an assignment: the states of its reports, as it should carry them}"""
    rows = (
        ProgressReport.objects.order_by("assignment_id")
        .values_list("assignment_id", "period_id", "state", "percent", named=True)
        .iterator()
    )
    states = {}
    for assignment, of_assignment in groupby(rows, key=lambda row: row.assignment_id):
        filed = [filed_report(row.period_id, row.state, row.percent) for row in of_assignment]
        states[assignment] = written_states(filed)
    return states


def _from_reports() -> dict[str, Subquery | Coalesce]:
    """{field of the assignment: its figure in the report that it is a copy of}."""
    submitted = ProgressReport.objects.submitted().filter(assignment=OuterRef("pk"))
    reports = submitted.order_by(*NEWEST_PERIOD_FIRST)
    figures: dict[str, Subquery | Coalesce] = {}
    # Slices, since a sub-query gives one row or none: the first report, and the one behind it.
    newest = reports[:1]
    previous = reports[1:2]
    for name, source in NEWEST_FIGURES.items():
        figures[name] = Subquery(newest.values(source))
    for name, source in PREVIOUS_FIGURES.items():
        figures[name] = Subquery(previous.values(source))
    # As `refresh` writes it where nothing was sent.
    figures["newest_status"] = Coalesce(figures["newest_status"], Value(""))
    return figures
