"""The copies of its two newest reports that each 分辦 carries, so that lists ask no report.

The steps of a report write it in their own transaction; nothing else does. `manage.py
check_figures` holds it against the reports, and writes it anew.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from items.models import Assignment, ProgressReport
from items.models.copied_figures import COPIED_FIGURES, NEWEST_FIGURES, PREVIOUS_FIGURES
from items.models.progress import ProgressReportQuerySet


@transaction.atomic
def refresh(assignment_key: int) -> None:
    """Copy the two newest submitted reports of one assignment, or clear what is no more."""
    assignments = Assignment.objects.filter(pk=assignment_key)
    # Two steps at once, each of another period: without the lock, whoever writes last might not
    # have seen the other's report. The statement after the lock sees it.
    if connection.features.has_select_for_update:
        list(assignments.select_for_update().values_list("pk"))
    reports = _newest_first().filter(assignment=assignment_key)
    two_newest = list(reports.values(*NEWEST_FIGURES.values())[:2])
    newest = two_newest[0] if two_newest else {}
    previous = two_newest[1] if len(two_newest) > 1 else {}
    figures = {name: newest.get(source) for name, source in NEWEST_FIGURES.items()}
    figures |= {name: previous.get(source) for name, source in PREVIOUS_FIGURES.items()}
    figures["newest_status"] = newest.get(NEWEST_FIGURES["newest_status"], "")
    assignments.update(**figures)


def stale_assignments() -> list[int]:
    """The keys of the assignments whose copy is not what their reports say, in one query."""
    figures = {f"true_{name}": figure for name, figure in _from_reports().items()}
    # Any, since django-stubs looks for the annotations among the fields.
    assignments: QuerySet[Any] = Assignment.objects.annotate(**figures).order_by("pk")
    # Compared here and not in the database, where NULL is not even equal to itself.
    stale = []
    for row in assignments.values("pk", *COPIED_FIGURES, *figures).iterator():
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


def _newest_first() -> ProgressReportQuerySet:
    # By period, however late an earlier one was corrected (product.md, "Four axes").
    return ProgressReport.objects.submitted().order_by("-period__ends_on")


def _from_reports() -> dict[str, Subquery | Coalesce]:
    """{field of the assignment: its figure in the report that it is a copy of}."""
    reports = _newest_first().filter(assignment=OuterRef("pk"))
    figures: dict[str, Subquery | Coalesce] = {}
    for name, source in NEWEST_FIGURES.items():
        figures[name] = Subquery(reports.values(source)[:1])
    for name, source in PREVIOUS_FIGURES.items():
        figures[name] = Subquery(reports.values(source)[1:2])
    figures["newest_status"] = Coalesce(figures["newest_status"], Value(""))
    return figures
