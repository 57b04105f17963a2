"""How a report goes from one state to another: one statement moves it, one step keeps what it said."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from items import access
from items.models import Door, NoticeEvent, ProgressReport, ReportState, ReportStep, StepKind, User
from items.models.prepared import Slot
from items.models.prepared_writes import PreparedUpdate
from items.workflow import attached, newest_figures, notices
from items.workflow.errors import StaleReport
from items.workflow.holding import hold_open
from items.workflow.report_writing import as_changed, current
from plan_tracker.clock import day_of

TOLD_TO_WRITERS = {
    StepKind.RETURN: NoticeEvent.REPORT_RETURNED,
    StepKind.ACCEPT: NoticeEvent.REPORT_ACCEPTED,
}
"""The steps that a department learns of by a notice; the others wait on somebody's list."""


def _for_whom(report: ProgressReport, kind: StepKind, by: User) -> User | None:
    """Whom `by` stands in for with this step (代理); the plan office's steps are its own."""
    if kind in (StepKind.SUBMIT, StepKind.RECALL):
        return access.writes_for(by, report.assignment)
    if report.state == ReportState.WITH_HEAD:
        return access.endorses_for(by, report)
    return None


_MOVE_UNCHANGED = PreparedUpdate(
    lambda: ProgressReport.objects.filter(
        pk=Slot("pk"), version=Slot("version"), state=Slot("state")
    )
)
_MOVE_REOPENED = PreparedUpdate(
    lambda: ProgressReport.objects.filter(
        pk=Slot("pk"), version=Slot("version"), state=Slot("state"), unlocked_until__isnull=False
    )
)


@transaction.atomic
def take_step(
    report: ProgressReport,
    kind: StepKind,
    to_state: ReportState,
    *,
    by: User,
    at: datetime,
    version: int | None = None,
    words: str = "",
    door: Door = Door.PAGE,
    planned: int | None = None,
    flags: str | None = None,
    changes: Mapping[str, Any] | None = None,
    event: NoticeEvent | None = None,
) -> ProgressReport:
    """Move the report to another state, and keep the step with the content as it is now.

    `planned` is the percent that the report is held against from now on, and `flags` are its
    quality flags; without them, those that it kept before stay. `changes` are fields that are
    written with the same step. Its writers are told of `event`, or of what is usual for the step.
    """
    # A department sends until its day; heads and the plan office may decide afterwards.
    writes_on = None
    if kind == StepKind.SUBMIT:
        writes_on = day_of(at)
    reopening = hold_open(report.period_id, report.assignment_id, writes_on=writes_on)
    if version is None:
        version = report.version
    if planned is None:
        planned = report.planned_percent
    if flags is None:
        flags = report.flags
    written = dict(changes or {})
    written |= {"state": to_state, "planned_percent": planned, "flags": flags, "since": at}
    number_of_changes = 1
    if changes is not None:
        # To write and to send are two, also where one statement does both.
        number_of_changes = 2
    # One statement checks and moves: when two people press at once, one of them moves it and the
    # other is told.
    written["version"] = version + number_of_changes
    move_unchanged = _MOVE_UNCHANGED
    if reopening is not None:
        move_unchanged = _MOVE_REOPENED
    rows_moved = move_unchanged(written, pk=report.pk, version=version, state=report.state)
    if rows_moved == 0:
        raise StaleReport(current(report))
    moved = as_changed(report, written)
    ReportStep.objects.create(
        report=moved,
        number=moved.version,
        kind=kind,
        from_state=report.state,
        to_state=to_state,
        by=by,
        for_whom=_for_whom(report, kind, by),
        at=at,
        door=door,
        words=words,
        content=moved.content(),
        planned_percent=planned,
        evidence=attached.kept_with_step(moved, kind, at),
    )
    newest_figures.refresh(report.assignment_id)
    _tell_the_writers(report, event or TOLD_TO_WRITERS.get(kind), by=by, at=at)
    # The row at hand is another version than the one that was moved: its texts may be older.
    if report.version != version:
        return current(report)
    return moved


def _tell_the_writers(
    report: ProgressReport, event: NoticeEvent | None, *, by: User, at: datetime
) -> None:
    if event is None:
        return
    people = notices.people_of(report.assignment, report.written_by, report.written_for)
    notices.tell(people, event, report, by=by, at=at)
