"""The copy of its newest report that each 分辦 carries, so that lists ask no report.

The steps of a report write it in their own transaction; nothing else does. `manage.py
check_figures` holds it against the reports, and writes it anew.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from items.models import Assignment, ProgressReport
from items.models.assignments import NEWEST_FIGURES


@transaction.atomic
def refresh(assignment_key: int) -> None:
    """Copy the newest submitted report of one assignment, or clear the copy where none is left."""
    assignments = Assignment.objects.filter(pk=assignment_key)
    # Two steps at once, each of another period: without the lock, whoever writes last might not
    # have seen the other's report. The statement after the lock sees it.
    if connection.features.has_select_for_update:
        list(assignments.select_for_update().values_list("pk"))
    assignments.update(**_from_reports())


def stale_assignments() -> list[int]:
    """The keys of the assignments whose copy is not what their reports say, in one query."""
    figures = {f"true_{name}": figure for name, figure in _from_reports().items()}
    # Any, since django-stubs looks for the annotations among the fields.
    assignments: QuerySet[Any] = Assignment.objects.annotate(**figures).order_by("pk")
    # Compared here and not in the database, where NULL is not even equal to itself.
    stale = []
    for row in assignments.values("pk", *NEWEST_FIGURES, *figures).iterator():
        if any(row[name] != row[f"true_{name}"] for name in NEWEST_FIGURES):
            stale.append(row["pk"])
    return stale


@transaction.atomic
def rebuild() -> int:
    """Write every copy that differs anew; the number of assignments written."""
    stale = stale_assignments()
    for key in stale:
        refresh(key)
    return len(stale)


def _from_reports() -> dict[str, Subquery | Coalesce]:
    """{field of the assignment: its figure in the newest submitted report}."""
    submitted = ProgressReport.objects.submitted().filter(assignment=OuterRef("pk"))
    # By period, however late an earlier one was corrected (product.md, "Four axes").
    newest = submitted.order_by("-period__ends_on")
    figures: dict[str, Subquery | Coalesce] = {}
    for name, source in NEWEST_FIGURES.items():
        figures[name] = Subquery(newest.values(source)[:1])
    figures["newest_status"] = Coalesce(figures["newest_status"], Value(""))
    return figures
