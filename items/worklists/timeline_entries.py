"""項目歷程 in words: the entries of one page of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from items.models import (
    Action,
    Change,
    ControlStep,
    Door,
    FieldChange,
    RemindedItem,
    ReportStep,
    User,
)
from items.models.taken_steps import ACTORS
from items.worklists.timeline import (
    CHANGE,
    MAIL,
    REPORT_STEP,
    REQUEST_STEP,
    EntryKey,
    TimelineKind,
    mails_of_item,
    report_steps_of_item,
    request_steps_of_item,
)


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened, in words."""

    at: datetime
    kind: TimelineKind
    who: str
    door: str
    heading: str
    address: str = ""
    words: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    """What a report said then; empty of anything else."""
    differences: Sequence[FieldChange] = ()


def timeline_entries(user: User, action: Action, keys: Sequence[EntryKey]) -> list[TimelineEntry]:
    """These entries, in this order; one query for each of the four tables."""
    entries_of = {
        REPORT_STEP: _entries_of_reports(user, action, keys),
        REQUEST_STEP: _entries_of_requests(user, action, keys),
        CHANGE: _entries_of_changes(keys),
        MAIL: _entries_of_mails(user, action, keys),
    }
    entries = []
    for key in keys:
        entry = entries_of[key.source].get(key.pk)
        # A draft that was discarded since its key was read is not there any more.
        if entry is not None:
            entries.append(entry)
    return entries


Entries = dict[int, TimelineEntry]
"""{key in its table: the entry}"""


def _entries_of_reports(user: User, action: Action, keys: Iterable[EntryKey]) -> Entries:
    steps = report_steps_of_item(user, action).filter(pk__in=_keys_of(keys, REPORT_STEP))
    with_report = steps.select_related(
        *ACTORS, "report__period__programme", "report__assignment__department"
    )
    entries = {}
    for step in with_report.order_by():
        entries[step.pk] = _of_report_step(step, action.programme.year)
    return entries


def _entries_of_requests(user: User, action: Action, keys: Iterable[EntryKey]) -> Entries:
    steps = request_steps_of_item(user, action).filter(pk__in=_keys_of(keys, REQUEST_STEP))
    with_request = steps.select_related(
        "by", "for_whom", "request__assignment__department", "request__assignment__action"
    )
    entries = {}
    for step in with_request.order_by():
        entries[step.pk] = _of_request_step(step, action, action.programme.year)
    return entries


def _entries_of_changes(keys: Iterable[EntryKey]) -> Entries:
    # Which of them the person may read was asked with the keys.
    kind_of = {key.pk: key.kind for key in keys if key.source == CHANGE}
    changes = Change.objects.filter(pk__in=list(kind_of)).select_related("by", "action")
    entries = {}
    for change in changes.order_by():
        entries[change.pk] = _of_change(change, kind_of[change.pk])
    return entries


def _entries_of_mails(user: User, action: Action, keys: Iterable[EntryKey]) -> Entries:
    reminded = mails_of_item(user, action).filter(pk__in=_keys_of(keys, MAIL))
    with_mail = reminded.select_related(
        "mail__person",
        "assignment__department",
        "period",
        "answer__department",
        "answer__directive__meeting",
    )
    entries = {}
    for item in with_mail.order_by():
        entries[item.pk] = _of_mail(item)
    return entries


def _keys_of(keys: Iterable[EntryKey], source: str) -> list[int]:
    return [key.pk for key in keys if key.source == source]


def _of_report_step(step: ReportStep, year: int) -> TimelineEntry:
    report = step.report
    states = f"{step.get_from_state_display()} → {step.get_to_state_display()}"
    return TimelineEntry(
        at=step.at,
        kind=TimelineKind.REPORTS,
        who=step.by_words,
        door=step.get_door_display(),
        heading=f"{report.assignment.department} {report.period}：{step.get_kind_display()}（{states}）",
        address=reverse("report", args=[year, report.pk]),
        # Not `words`: those of a return are for few.
        words=step.readable_words,
        content={**step.content, "status": step.get_work_status_display()},
    )


def _of_request_step(step: ControlStep, action: Action, year: int) -> TimelineEntry:
    request = step.request
    what = f"{request.assignment.department} {request.get_kind_display()}申請"
    if request.assignment.action_id != action.pk:
        # The application of another item that this one takes over.
        what = f"{request.assignment.action.code} {what}"
    return TimelineEntry(
        at=step.at,
        kind=TimelineKind.REQUESTS,
        who=step.by_words,
        door=step.get_door_display(),
        heading=f"{what}：{step.get_kind_display()}",
        address=reverse("control_request", args=[year, request.pk]),
        words=step.readable_words,
    )


def _of_change(change: Change, kind: TimelineKind) -> TimelineEntry:
    return TimelineEntry(
        at=change.at,
        kind=kind,
        who=str(change.by),
        door=change.get_door_display(),
        heading=f"{change.get_kind_display()}{change.subject()}　{change.label}",
        differences=change.differences(),
    )


def _of_mail(item: RemindedItem) -> TimelineEntry:
    """「催辦郵件：行政處 第4季填報，寄給王美玲（已寄）」"""
    mail = item.mail
    if item.answer is not None:
        what = f"{item.answer.department} {item.answer.directive}"
    else:
        assert item.assignment is not None
        what = f"{item.assignment.department} {item.period}"
    step = item.get_kind_display()
    return TimelineEntry(
        at=mail.claimed_at,
        kind=TimelineKind.REMINDERS,
        # A timer at the server sends them: nobody was signed in.
        who="系統",
        door=Door.COMMAND.label,
        heading=f"催辦郵件：{what}{step}，寄給{mail.person}（{mail.get_state_display()}）",
    )
