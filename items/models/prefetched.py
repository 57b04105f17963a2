"""Related rows that were fetched by a query of our own, kept where a prefetch would keep them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from items.models.actions import Action
from items.models.assignments import Assignment


def keep_assignments(
    action_of: Mapping[int, Action], assignments: Sequence[Assignment]
) -> Sequence[Assignment]:
    """Give the actions, by their keys, their assignments, and these their action."""
    assignments_of: dict[int, list[Assignment]] = {key: [] for key in action_of}
    for assignment in assignments:
        assignment.action = action_of[assignment.action_id]
        assignments_of[assignment.action_id].append(assignment)
    for key, of_action in assignments_of.items():
        keep_prefetched(action_of[key], "assignments", of_action)
    return assignments


def keep_prefetched(row: Model, name: str, related: Sequence[Model]) -> None:
    """Let `row.name.all()` give these rows without a query.

    Django has no word for it: `prefetch_related` writes its query anew for each page, which cost
    the page of one item as much as all that it shows.
    """
    rows: Any = getattr(row, name).get_queryset()
    vars(rows)["_result_cache"] = list(related)
    vars(rows)["_prefetch_done"] = True
    vars(row).setdefault("_prefetched_objects_cache", {})[name] = rows
