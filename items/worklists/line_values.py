"""The values of a line's assignments; instances are made of them only where its HTML is not kept."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from items.models import Assignment, Department
from items.models.light_basis import LightBasis


class LineAssignment(NamedTuple):
    """An assignment of a line; the fields are named as the database is asked for them."""

    pk: int
    action_id: int
    department_id: int
    department__name: str
    kind: str
    deadline: date
    deadline_text: str
    handed_out_on: date | None
    newest_until: date | None
    newest_percent: int | None
    newest_planned: int | None
    reportable: bool


def with_right_that_shows(assignment: LineAssignment, basis: LightBasis) -> LineAssignment:
    """Its line is the same for those who report and for all others, unless it advises the former."""
    if assignment.reportable and not _has_advice(assignment, basis):
        return assignment._replace(reportable=False)
    return assignment


def _has_advice(assignment: LineAssignment, basis: LightBasis) -> bool:
    """Whether `Assignment.advice_to_own` may have something to say: of a closed period that is due."""
    due = basis.newest_due(assignment.handed_out_on)
    if due is None or due.closed_at is None:
        return False
    return assignment.newest_until is None or assignment.newest_until < due.ends_on


def values_by_key(
    assignments: Sequence[LineAssignment], values: Sequence[Any]
) -> Mapping[int, Any]:
    """{key of the assignment: its value}, of those that have one."""
    by_key = {}
    for assignment, value in zip(assignments, values, strict=True):
        # `light_up` and `note_earlier` take an assignment that is not there for one without a value.
        if value:
            by_key[assignment.pk] = value
    return by_key


def assignment_of(values: LineAssignment) -> Assignment:
    assignment = Assignment(
        pk=values.pk,
        action_id=values.action_id,
        department=Department(pk=values.department_id, name=values.department__name),
        kind=values.kind,
        deadline=values.deadline,
        deadline_text=values.deadline_text,
        handed_out_on=values.handed_out_on,
        newest_until=values.newest_until,
        newest_percent=values.newest_percent,
        newest_planned=values.newest_planned,
    )
    assignment.reportable = values.reportable
    return assignment
