"""預定進度 of an item, entered by the plan office for all its departments and periods at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from items.models import Action, Change, Door, PlannedProgress, User
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError


@dataclass(frozen=True)
class PlannedCell:
    """One department in one period."""

    assignment_id: int
    period_id: int


Percents = Mapping[PlannedCell, int | None]
"""{cell: percent}; None, or no cell, where the plan is linear."""


class OvertakenPlanned(WorkflowError):
    """Somebody saved 預定進度 in the meantime. `stored` is what the database holds."""

    def __init__(self, stored: Percents, newest: Change | None) -> None:
        self.stored = stored
        self.newest = newest
        super().__init__("預定進度剛才已由別人更新，請先看過目前內容再決定。", Refusal.ITEM_CHANGED)


def planned_of(action: Action) -> dict[PlannedCell, int | None]:
    """What is entered for the departments of an item now."""
    entries = PlannedProgress.objects.filter(assignment__action=action)
    return {PlannedCell(entry.assignment_id, entry.period_id): entry.percent for entry in entries}


@transaction.atomic
def set_planned(
    action: Action,
    wanted: Percents,
    *,
    seen: Percents,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> None:
    """Write what differs; `seen` is what the person began with."""
    Action.objects.select_for_update().get(pk=action.pk)
    stored = planned_of(action)
    if _entered(seen) != _entered(stored):
        entries = Change.objects.filter(action=action, model="plannedprogress")
        raise OvertakenPlanned(stored, entries.select_related("by").first())
    rows = PlannedProgress.objects.filter(assignment__action=action).select_related("period")
    entries_by_cell = {}
    lowered = []
    raised = []
    for entry in rows.order_by("period__ends_on"):
        cell = PlannedCell(entry.assignment_id, entry.period_id)
        entries_by_cell[cell] = entry
        # What the page did not have, such as a period made since, stays as it is.
        percent = wanted.get(cell, entry.percent)
        if percent is None:
            history.delete(entry, by=by, at=at, door=door)
        elif percent < entry.percent:
            lowered.append(entry)
        elif percent > entry.percent:
            raised.append(entry)
    # Each row is checked against its neighbours as it is saved, and 預定進度 may not fall. So rows
    # that go down are saved from the first period on, and rows that go up from the last one back:
    # then no half-written state has a row above a later one.
    for entry in [*lowered, *reversed(raised)]:
        percent = wanted[PlannedCell(entry.assignment_id, entry.period_id)]
        # Only cells with a percent have come into the two lists.
        assert percent is not None
        entry.percent = percent
        history.save(entry, by=by, at=at, door=door)
    for cell, percent in wanted.items():
        if percent is None or cell in entries_by_cell:
            continue
        entry = PlannedProgress(
            assignment_id=cell.assignment_id, period_id=cell.period_id, percent=percent
        )
        history.save(entry, by=by, at=at, door=door)


def _entered(percents: Percents) -> dict[PlannedCell, int]:
    """Only the cells in which something stands."""
    return {cell: percent for cell, percent in percents.items() if percent is not None}
