"""原期限: what an approved 展延 has replaced, shown behind the deadline that stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from items.models.assignments import Assignment
from items.models.control import ControlKind, ControlRequest, RequestState
from items.models.prepared import Prepared, Slot
from items.models.programme import Programme


@dataclass(frozen=True)
class EarlierDeadline:
    """The deadline before the newest approved extension, and which application says why."""

    words: str
    request_key: int
    year: int

    @property
    def behind_words(self) -> str:
        """「（原 115年12月）」, for files and for what else has no links."""
        return f"（原 {self.words}）"


def _approved(programme: Slot) -> QuerySet[Any]:
    """The newest of an assignment comes last, and is kept.

    By key, and by no clock: it has one undecided application at a time.
    """
    approved = ControlRequest.objects.filter(
        state=RequestState.APPROVED,
        kind=ControlKind.EXTEND,
        # By the assignment's own copy: by the path SQLite goes through all items of the year.
        assignment__of_year=programme,
    )
    in_order = approved.order_by("pk")
    return in_order.values_list("assignment_id", "old_deadline_text", "pk")


_APPROVED = Prepared[Any](lambda: _approved(Slot("programme")))


def earlier_deadlines(programme: Programme) -> dict[int, EarlierDeadline]:
    """{key of an assignment of the year: the deadline before}, in one query."""
    earlier = {}
    for key, words, request in _APPROVED(programme=programme.pk):
        earlier[key] = EarlierDeadline(words, request, programme.year)
    return earlier


def show_earlier(assignments: Iterable[Assignment], programme: Programme) -> None:
    """Set `earlier` of rows that are at hand, all of one year, in one query."""
    note_earlier(assignments, earlier_deadlines(programme))


def note_earlier(assignments: Iterable[Assignment], earlier: Mapping[int, EarlierDeadline]) -> None:
    """Set `earlier` where a deadline was extended, and is not what it was before all the same."""
    for assignment in assignments:
        before = earlier.get(assignment.pk)
        if before is None:
            continue
        is_extended_still = before.words != assignment.deadline_text
        if is_extended_still:
            assignment.earlier = before
