"""佐證資料 is attached, described and taken away, as long as its report may be written."""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum

from items.day_words import moment_words
from items.evidence.prepare import PreparedFile
from items.evidence.sizes import MEGABYTE
from items.evidence.storage import discard, store
from items.models import (
    EDITABLE,
    Assignment,
    Evidence,
    EvidenceKind,
    Period,
    ProgressReport,
    User,
)
from items.models.evidence import ADDRESS_LENGTH, DESCRIPTION_LENGTH
from items.roc import format_roc
from items.workflow import report_writing
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.holding import hold_open
from plan_tracker.clock import day_of

MOST_OF_A_REPORT = 50
"""How many files and links one report may have; nobody would look at more."""


def add_file(
    assignment: Assignment, period: Period, file: PreparedFile, *, by: User, at: datetime
) -> Evidence:
    """Attach a file to the report of the period, which begins as an empty draft where there is none.

    Raises `WorkflowError`, and `FileRefused` where there is no room on the disk.
    """
    # Before the transaction: on SQLite nobody else could save while 20 MB are written.
    stored = []
    try:
        stored.append(store(file.content))
        thumbnail_name = ""
        if file.thumbnail:
            thumbnail_name = store(file.thumbnail)
            stored.append(thumbnail_name)
        evidence = Evidence(
            kind=EvidenceKind.FILE,
            proves_on=file.taken_on,
            file_name=file.name,
            content_kind=file.kind,
            size=len(file.content),
            sha256=file.sha256,
            received_sha256=file.received_sha256,
            stored_name=stored[0],
            thumbnail_name=thumbnail_name,
        )
        return _attach(evidence, assignment, period, by=by, at=at)
    except BaseException:
        # Also when the process is told to stop: no row will ever name these files.
        discard(*stored)
        raise


def add_link(
    assignment: Assignment, period: Period, address: str, *, by: User, at: datetime
) -> Evidence:
    """Attach a page of the web."""
    evidence = Evidence(kind=EvidenceKind.LINK, address=checked_address(address))
    return _attach(evidence, assignment, period, by=by, at=at)


def checked_address(address: str) -> str:
    """The address with its scheme; `WorkflowError` where it leads to no page."""
    written = address.strip()
    if "://" not in written and not written.lower().startswith(("javascript:", "data:")):
        # As people write it: 「www.example.gov.tw/news」.
        written = f"https://{written}"
    if len(written) > ADDRESS_LENGTH:
        message = f"網址太長（最多 {ADDRESS_LENGTH:,} 個字），請改附短一點的網址。"
        raise WorkflowError(message, Refusal.EVIDENCE_WORDS)
    try:
        Evidence._meta.get_field("address").run_validators(written)
    except ValidationError:
        message = "這不是網址，請貼上以 http:// 或 https:// 開頭的完整網址。"
        raise WorkflowError(message, Refusal.EVIDENCE_WORDS) from None
    return written


@transaction.atomic
def _attach(
    evidence: Evidence, assignment: Assignment, period: Period, *, by: User, at: datetime
) -> Evidence:
    report = report_writing.begin(assignment, period, by=by, at=at)
    require_writable(report, writes_on=day_of(at))
    _refuse_twice(evidence, report)
    _refuse_too_much(evidence, report)
    evidence.report = report
    evidence.added_by = by
    evidence.added_at = at
    # The verbs are the last door: not every caller has a form that has checked the row.
    evidence.full_clean()
    evidence.save()
    return evidence


def require_writable(report: ProgressReport, *, writes_on: date) -> None:
    """Raise where the report may not be written on a day, and so its evidence stays as it is."""
    hold_open(report.period_id, report.assignment_id, writes_on=writes_on)
    if report.state not in EDITABLE:
        message = (
            f"這份辦理情形目前是「{report.state_words}」，佐證資料不能再變動；"
            "需要更正時，請由單位撤回，或請主管、研考退回。"
        )
        raise WorkflowError(message, Refusal.EVIDENCE_NOT_WRITABLE)


def _refuse_twice(evidence: Evidence, report: ProgressReport) -> None:
    others = report.evidence.attached().select_related("added_by")
    if evidence.is_file:
        same = others.filter(received_sha256=evidence.received_sha256).first()
        what = "這個檔案"
    else:
        same = others.filter(address=evidence.address).first()
        what = "這個網址"
    if same is None:
        return
    called = ""
    if same.name != evidence.name:
        called = f"（檔名「{same.name}」）"
    message = (
        f"{what}已在 {moment_words(same.added_at)} 由{same.added_by}附過{called}，沒有再附一次。"
    )
    raise WorkflowError(message, Refusal.EVIDENCE_ATTACHED_ALREADY)


def _refuse_too_much(evidence: Evidence, report: ProgressReport) -> None:
    attached = report.evidence.attached()
    if attached.count() >= MOST_OF_A_REPORT:
        message = (
            f"一份辦理情形最多附 {MOST_OF_A_REPORT} 個佐證資料；"
            "請移除不需要的，或壓縮成一個 zip 再附上。"
        )
        raise WorkflowError(message, Refusal.EVIDENCE_TOO_MUCH)
    bytes_so_far = attached.aggregate(total=Sum("size"))["total"] or 0
    if bytes_so_far + evidence.size > settings.EVIDENCE_REPORT_BYTES:
        most = settings.EVIDENCE_REPORT_BYTES // MEGABYTE
        so_far = bytes_so_far // MEGABYTE
        message = (
            f"一份辦理情形的檔案合計最多 {most} MB，已有 {so_far} MB；"
            "請移除不需要的檔案，或改附網址。"
        )
        raise WorkflowError(message, Refusal.EVIDENCE_TOO_MUCH)


# Afterwards.


@transaction.atomic
def describe(
    evidence: Evidence,
    *,
    description: str,
    proves_on: date | None,
    today: date,
) -> Evidence:
    """Say what it shows and which day it proves."""
    held = _held(evidence, on=today)
    words = " ".join(description.split())
    if len(words) > DESCRIPTION_LENGTH:
        message = f"「{held.name}」的說明太長，最多 {DESCRIPTION_LENGTH} 個字。"
        raise WorkflowError(message, Refusal.EVIDENCE_WORDS)
    if proves_on is not None and proves_on > today:
        message = (
            f"「{held.name}」的證明日期 {format_roc(proves_on)} 還沒有到，"
            f"今天是{format_roc(today)}；請填事情發生的那一天。"
        )
        raise WorkflowError(message, Refusal.EVIDENCE_WORDS)
    held.description = words
    held.proves_on = proves_on
    held.save(update_fields=["description", "proves_on"])
    return held


@transaction.atomic
def remove(evidence: Evidence, *, by: User, at: datetime) -> Evidence:
    """Take it away; until the report is sent it can be put back."""
    held = _held(evidence, on=day_of(at))
    held.removed_by = by
    held.removed_at = at
    held.save(update_fields=["removed_by", "removed_at"])
    return held


@transaction.atomic
def put_back(evidence: Evidence, *, at: datetime) -> Evidence:
    """Undo `remove`."""
    held = _held(evidence, on=day_of(at), is_removed=True)
    if held.is_file and not held.stored_name:
        raise _gone(held)
    _refuse_twice(held, held.report)
    _refuse_too_much(held, held.report)
    held.removed_by = None
    held.removed_at = None
    held.save(update_fields=["removed_by", "removed_at"])
    return held


def _held(evidence: Evidence, *, on: date, is_removed: bool = False) -> Evidence:
    """The row as it is now, with its report, both held until the end of the transaction.

    Raises where the report may not be written on this day.
    """
    # The period first and then the report, in the order of every verb that writes a report.
    period_key = evidence.report.period_id
    period = Period.objects.select_for_update(no_key=True).get(pk=period_key)
    reports = ProgressReport.objects.filter(pk=evidence.report_id).order_by()
    reports.select_for_update().values_list("pk", flat=True).first()
    held = Evidence.objects.select_related("report__assignment__action").get(pk=evidence.pk)
    held.report.period = period
    require_writable(held.report, writes_on=on)
    if held.is_removed != is_removed:
        raise _gone(held)
    return held


def _gone(evidence: Evidence) -> WorkflowError:
    if evidence.is_removed:
        message = f"「{evidence.name}」已經由{evidence.removed_by}移除了。"
    else:
        message = f"「{evidence.name}」還在，沒有移除。"
    return WorkflowError(message, Refusal.EVIDENCE_GONE)
