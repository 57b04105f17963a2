"""Which departments get an item, keep it in another way, or lose it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from items.exchange.columns import DEADLINE
from items.exchange.plan_import.changes import NewAssignment, RemovedAssignment, RowEdit
from items.exchange.plan_import.path_tree import same
from items.exchange.plan_import.plan_now import PlanNow
from items.exchange.plan_import.row_comparison import RowComparison
from items.exchange.plan_import.stored_rows import StoredAction, StoredAssignment
from items.exchange.plan_import.wanted_assignments import HandingOut, WantedAssignment
from items.models import AssignmentKind


@dataclass(slots=True)
class HandedOut:
    """Departments that get an item, keep it in another way, or lose it."""

    new: list[NewAssignment] = field(default_factory=list)
    edits: list[RowEdit] = field(default_factory=list)
    removed: list[RemovedAssignment] = field(default_factory=list)


def hand_out(comparisons: Iterable[RowComparison], plan_now: PlanNow) -> HandedOut:
    handed_out = HandedOut()
    for comparison in comparisons:
        handing_out = comparison.handing_out
        if handing_out is None:
            continue
        if comparison.action is None:
            handed_out.new += _wanted(comparison, handing_out, plan_now)
        elif comparison.changes_departments:
            again = _hand_out_again(comparison, handing_out, comparison.action, plan_now=plan_now)
            handed_out.new += again.new
            handed_out.edits += again.edits
            handed_out.removed += again.removed
    return handed_out


def _wanted(
    comparison: RowComparison, handing_out: HandingOut, plan_now: PlanNow
) -> list[NewAssignment]:
    """The departments of the row as if they all were new, leads first, in the order of the file."""
    wanted = []
    for place, lead in enumerate(handing_out.leads, start=1):
        position = place
        if handing_out.every_department:
            # 各單位 stand in the order of the office, and not in that of the file.
            position = plan_now.departments[lead.department_id].position
        wanted.append(NewAssignment(comparison, lead, AssignmentKind.LEAD, position=position))
    for place, support in enumerate(handing_out.supports or (), start=1):
        wanted.append(NewAssignment(comparison, support, AssignmentKind.SUPPORT, position=place))
    return wanted


def _hand_out_again(
    comparison: RowComparison, handing_out: HandingOut, action: StoredAction, plan_now: PlanNow
) -> HandedOut:
    """What changes for the departments of an item that exists."""
    handed_out = HandedOut()
    by_department = {stored.department_id: stored for stored in action.assignments}
    reordered = _reordered_kinds(handing_out, action)
    for new in _wanted(comparison, handing_out, plan_now):
        stored = by_department.get(new.wanted.department_id)
        # A department that goes from 主辦 to 協辦 keeps its row, and its reports with it.
        if stored is None:
            handed_out.new.append(new)
            continue
        values = _values_of_assignment(comparison, stored, new.wanted, kind=new.kind)
        # Positions written by a form may have gaps. They stay where the order is the same: otherwise
        # an import of the plan's own file would change rows without a reason.
        if new.kind in reordered and stored.position != new.position:
            values["position"] = new.position
        if values:
            handed_out.edits.append(RowEdit(stored, values, origin=comparison))
    handed_out.removed = _removed(comparison, handing_out, action)
    return handed_out


def _reordered_kinds(handing_out: HandingOut, action: StoredAction) -> set[AssignmentKind]:
    """The kinds of assignment whose departments, or their order, are not those of before."""
    reordered = set()
    if _departments(handing_out.leads) != _departments(action.leads):
        reordered.add(AssignmentKind.LEAD)
    supports = handing_out.supports or ()
    if _departments(supports) != _departments(action.supports):
        reordered.add(AssignmentKind.SUPPORT)
    return reordered


def _departments(assignments: Iterable[WantedAssignment | StoredAssignment]) -> list[int]:
    return [assignment.department_id for assignment in assignments]


def _values_of_assignment(
    comparison: RowComparison,
    stored: StoredAssignment,
    wanted: WantedAssignment,
    kind: AssignmentKind,
) -> dict[str, Any]:
    """The fields of an assignment that the file changes."""
    values: dict[str, Any] = {}
    if stored.kind != kind:
        values["kind"] = kind
    takes_deadline = kind == AssignmentKind.LEAD or _follows_the_leads(comparison, stored)
    if takes_deadline and not same(stored.deadline_text, wanted.deadline_text):
        values["deadline"] = wanted.deadline
        values["deadline_text"] = wanted.deadline_text
    return values


def _follows_the_leads(comparison: RowComparison, support: StoredAssignment) -> bool:
    """協辦 gets a new deadline of the leads only where it had theirs before."""
    if comparison.action is None or DEADLINE not in comparison.changed_headings:
        return False
    lead_texts = {lead.deadline_text for lead in comparison.action.leads}
    return support.deadline_text in lead_texts


def _removed(
    comparison: RowComparison, handing_out: HandingOut, action: StoredAction
) -> list[RemovedAssignment]:
    """What the file no longer names; `checks.in_use` made sure that nothing was reported on it."""
    named = handing_out.department_ids
    removed = []
    for stored in action.assignments:
        # A file without the column of 協辦單位 says nothing about them: they stay.
        has_column = stored.kind == AssignmentKind.LEAD or handing_out.supports is not None
        if has_column and stored.department_id not in named:
            removed.append(RemovedAssignment(comparison, stored))
    return removed
