"""A report is written: read as it is now, saved as a draft or into a returned report."""

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from items import access
from items.models import EDITABLE, Assignment, Period, ProgressReport, User
from items.models.folded import folded_field
from items.models.prepared import Prepared, Slot
from items.models.prepared_writes import PreparedUpdate
from items.models.progress import WRITERS, ProgressReportQuerySet
from items.models.reopening import reopening_of
from items.workflow import newest_figures
from items.workflow.errors import StaleReport
from items.workflow.holding import hold_open
from plan_tracker.clock import day_of

_OF_ASSIGNMENT = Prepared(
    lambda: (
        ProgressReport.objects.select_related(*WRITERS)
        .filter(assignment=Slot("assignment"), period=Slot("period"))
        # One row at most: the order of a list would be joined for nothing.
        .order_by()
    )
)
_WITH_PATH = Prepared(lambda: ProgressReport.objects.with_path().filter(pk=Slot("pk")).order_by())


def _unchanged() -> ProgressReportQuerySet:
    """A report that may still be written, as its writer had it before them."""
    return ProgressReport.objects.filter(
        assignment=Slot("assignment"),
        period=Slot("period"),
        version=Slot("version"),
        state__in=EDITABLE,
    )


_WRITE_UNCHANGED = PreparedUpdate(_unchanged)
_WRITE_REOPENED = PreparedUpdate(lambda: _unchanged().filter(unlocked_until__isnull=False))


def report_of(assignment: Assignment, period: Period) -> ProgressReport | None:
    """The report of an assignment that is at hand with its path; None where there is none."""
    report = _OF_ASSIGNMENT.first(assignment=assignment.pk, period=period.pk)
    if report is not None:
        report.assignment = assignment
        report.period = period
    return report


def current(report: ProgressReport) -> ProgressReport:
    """The report as the database holds it now, with its path."""
    now = _WITH_PATH.first(pk=report.pk)
    if now is None:
        raise ProgressReport.DoesNotExist
    return now


def as_changed(report: ProgressReport, changes: Mapping[str, Any]) -> ProgressReport:
    """The report as it is once these fields of it are written; the one at hand stays as it is."""
    changed = copy.copy(report)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


# Writing.


@transaction.atomic
def write(
    assignment: Assignment,
    period: Period,
    content: Mapping[str, Any],
    *,
    version: int,
    by: User,
    at: datetime,
    before: ProgressReport | None = None,
) -> ProgressReport:
    """Save what the department wrote, as a draft or into a returned report, and return the report.

    `content` has fields of `ProgressReport.CONTENT`, and what it leaves out stays as it is: an older
    填報表 does not know every field. `version` is the one that the writer had
    before them, 0 for a report that did not exist yet. Raises `StaleReport` where somebody else was
    faster: nothing is written then. A caller that has just read the report gives it as `before`;
    then it is not read again.
    """
    return write_in_transaction(
        assignment, period, content, version=version, by=by, at=at, before=before
    )


def write_in_transaction(
    assignment: Assignment,
    period: Period,
    content: Mapping[str, Any],
    *,
    version: int,
    by: User,
    at: datetime,
    before: ProgressReport | None = None,
) -> ProgressReport:
    """As `write`, inside a transaction of its caller."""
    reopening = hold_open(period.pk, assignment.pk, writes_on=day_of(at))
    if version == 0:
        return _write_first_draft(assignment, period, content, by=by, at=at)
    reports = ProgressReport.objects.filter(assignment=assignment, period=period).order_by()
    changes = changes_of(content, assignment, reports, by=by, at=at)
    changes["version"] = version + 1
    # One statement that checks and writes: between two of them somebody else could be faster.
    write_unchanged = _WRITE_UNCHANGED
    if reopening is not None:
        write_unchanged = _WRITE_REOPENED
    rows_written = write_unchanged(
        changes, assignment=assignment.pk, period=period.pk, version=version
    )
    # The version says that nobody has changed what was read before.
    if rows_written and before is not None and before.version == version:
        return as_changed(before, changes)
    report = report_of(assignment, period)
    if report is None:
        # A version, but no report: somebody made the number up.
        raise ProgressReport.DoesNotExist
    if rows_written == 0:
        raise StaleReport(report)
    return report


def changes_of(
    content: Mapping[str, Any],
    assignment: Assignment,
    reports: ProgressReportQuerySet,
    *,
    by: User,
    at: datetime,
) -> dict[str, Any]:
    """{field: value} that is written with a new content into the one report of `reports`."""
    return {
        **content,
        # `update` goes past the model, whose `save` would keep the words for searching by itself.
        "folded": _folded_words(reports, content),
        "written_by": by,
        "written_for": access.writes_for(by, assignment),
        "updated_at": at,
    }


def _folded_words(reports: ProgressReportQuerySet, content: Mapping[str, Any]) -> str:
    """The words for searching once `content` is written to the one report of `reports`."""
    field = folded_field(ProgressReport)
    left_out = [name for name in field.sources if name not in content]
    if not left_out:
        return field.of(content)
    stored = reports.values(*left_out).first()
    if stored is None:
        raise ProgressReport.DoesNotExist
    return field.of({**stored, **content})


@transaction.atomic
def begin(assignment: Assignment, period: Period, *, by: User, at: datetime) -> ProgressReport:
    """The report to which evidence is attached: the one that is there, or an empty draft.

    It is held until the end of the transaction, so that nobody sends it meanwhile.
    """
    hold_open(period.pk, assignment.pk, writes_on=day_of(at))
    # The rows alone: their order would join, and lock, the period for all its other writers.
    reports = ProgressReport.objects.filter(assignment=assignment, period=period).order_by()
    if reports.select_for_update().values_list("pk", flat=True).first() is None:
        try:
            return _create_draft(assignment, period, {}, by=by, at=at)
        except StaleReport:
            # Somebody else has begun it in this moment: then theirs is held.
            reports.select_for_update().values_list("pk", flat=True).first()
    report = report_of(assignment, period)
    if report is None:
        raise ProgressReport.DoesNotExist
    return report


def _write_first_draft(
    assignment: Assignment,
    period: Period,
    content: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
) -> ProgressReport:
    try:
        return _create_draft(assignment, period, content, by=by, at=at)
    except StaleReport as stale:
        begun = stale.current
        if not begun.is_empty_draft:
            raise
    # Evidence was attached before a word was written, mostly by the same person: the draft exists,
    # but it has no text that this one could overwrite.
    return write_in_transaction(assignment, period, content, version=begun.version, by=by, at=at)


def _create_draft(
    assignment: Assignment,
    period: Period,
    content: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
) -> ProgressReport:
    reopening = reopening_of(assignment.pk, Period.objects.get(pk=period.pk))
    unlocked_until = None
    if reopening is not None:
        unlocked_until = reopening.due_on
    try:
        # A transaction inside the transaction: PostgreSQL answers nothing more after an error.
        with transaction.atomic():
            report = ProgressReport.objects.create(
                assignment=assignment,
                period=period,
                **content,
                written_by=by,
                written_for=access.writes_for(by, assignment),
                updated_at=at,
                since=at,
                unlocked_until=unlocked_until,
            )
    except IntegrityError:
        reports = ProgressReport.objects.filter(assignment=assignment, period=period)
        existing = reports.with_path().first()
        if existing is None:
            # Something else was refused than a second report of the same period.
            raise
        raise StaleReport(existing) from None
    newest_figures.refresh(assignment.pk)
    return current(report)
