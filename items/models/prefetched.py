"""Related rows that were fetched by a query of our own, kept where a prefetch would keep them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from items.models.actions import Action
from items.models.assignments import Assignment
from items.models.people import User
from items.models.prepared import PreparedForKeys


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


@dataclass(frozen=True)
class RowsWithPeople:
    """Rows of one model, and the names of its fields that name a person."""

    rows: Sequence[Model]
    names: tuple[str, ...]


_PEOPLE = PreparedForKeys(lambda keys: User.objects.filter(pk__in=keys).order_by())


def put_in_people(*kinds: RowsWithPeople) -> None:
    """Give all these rows the people whom they name, one object for each person, in one query."""
    keys = set()
    for kind in kinds:
        for name in kind.names:
            keys.update([getattr(row, f"{name}_id") for row in kind.rows])
    # A report is nobody else's where nobody stood in.
    keys.discard(None)
    person_of = {person.pk: person for person in _PEOPLE(keys)}
    for kind in kinds:
        for name in kind.names:
            for row in kind.rows:
                key = getattr(row, f"{name}_id")
                if key is not None:
                    setattr(row, name, person_of[key])
