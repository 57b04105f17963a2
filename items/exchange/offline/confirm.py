"""What came back in a 填報表, into the database."""

from datetime import date, datetime

from django.db import transaction

from items.exchange.offline.offline_sheet import OfflineSheet, RowOutcome
from items.models import Door, Period, User
from items.workflow import WorkflowError, report_writing, reporting
from items.workflow.holding import hold_alone
from plan_tracker.security_log import SecurityEvent, note_once_written


@transaction.atomic
def take(
    sheet: OfflineSheet, period: Period, *, by: User, at: datetime, today: date, submit: bool
) -> int:
    """Write what came back as drafts, or send it on: all of it or nothing.

    Returns the number of reports. One that somebody changes while this runs raises `StaleReport`,
    and nothing is written.
    """
    is_complete = sheet.can_save
    if submit:
        is_complete = sheet.can_submit
    # The page offers no button then, but an old tab may still have one.
    if not is_complete:
        raise WorkflowError("填報表裡有錯誤或缺漏，請先改好。")
    hold_alone(period.pk)
    rows = sheet.with_outcome(RowOutcome.WRITE)
    for row in rows:
        if submit:
            reporting.write_and_submit(
                row.assignment,
                period,
                row.content,
                version=row.version,
                by=by,
                at=at,
                today=today,
                # A submission leaves a step in the report's history, which says how it came.
                door=Door.IMPORT,
            )
        else:
            report_writing.write(
                row.assignment, period, row.content, version=row.version, by=by, at=at
            )
    about = f"{period.name_with_year}：{len(rows):,} 件"
    note_once_written(SecurityEvent.IMPORT, about, user=by.username, words="填報表")
    return len(rows)
