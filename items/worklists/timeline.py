"""項目歷程: everything that ever happened to one item, the newest first, by kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.urls import reverse

from items import access
from items.models import (
    Action,
    Change,
    ControlFile,
    ControlRequest,
    ControlStep,
    ControlSuccessor,
    Directive,
    DirectiveAnswer,
    Door,
    Evidence,
    FieldChange,
    Method,
    OfficialText,
    Plan,
    ProgressReport,
    Question,
    QuestionStep,
    RemindedItem,
    ReminderLetter,
    Reopening,
    ReportStep,
    Strategy,
    User,
)
from items.models.taken_steps import ACTORS
from items.worklists.record_subjects import name_of
from items.worklists.written_order import PLACE_COLUMNS, WrittenPlace, newest_first


class TimelineKind(TextChoices):
    """歷程種類: what an entry of an item is about."""

    REPORTS = "reports", "填報"
    REQUESTS = "requests", "管制異動"
    DIRECTIVES = "directives", "主席裁示"
    REMINDERS = "reminders", "催辦"
    QUESTIONS = "questions", "留言"
    IMPORTS = "imports", "匯入"
    PLAN = "plan", "計畫異動"


KIND_OF_MODEL = {
    name_of(OfficialText): TimelineKind.REPORTS,
    name_of(Evidence): TimelineKind.REPORTS,
    name_of(Reopening): TimelineKind.REPORTS,
    name_of(ProgressReport): TimelineKind.REPORTS,
    name_of(ControlRequest): TimelineKind.REQUESTS,
    name_of(ControlFile): TimelineKind.REQUESTS,
    name_of(Directive): TimelineKind.DIRECTIVES,
    name_of(DirectiveAnswer): TimelineKind.DIRECTIVES,
    name_of(ReminderLetter): TimelineKind.REMINDERS,
    name_of(Question): TimelineKind.QUESTIONS,
    name_of(QuestionStep): TimelineKind.QUESTIONS,
}
"""{`Change.model`: its kind}; everything else is a change of the plan."""


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


@dataclass(frozen=True)
class EntryKey:
    """Where an entry is kept: enough to put all of them in order before any is fetched."""

    place: WrittenPlace
    source: str
    kind: TimelineKind

    @property
    def pk(self) -> int:
        return self.place.pk


REPORT_STEP, REQUEST_STEP, CHANGE, MAIL = "report", "request", "change", "mail"
"""`EntryKey.source`: the four tables that the timeline is made from."""


@dataclass(frozen=True)
class TimelineTab:
    """One kind and how many entries it has; `kind` is empty of all of them."""

    kind: str
    label: str
    number: int


def timeline_keys(user: User, action: Action) -> list[EntryKey]:
    """All entries of an item that this person may read, the newest first; in four queries."""
    reports = _keys_of_steps(_report_steps(user, action), REPORT_STEP, TimelineKind.REPORTS)
    requests = _keys_of_steps(_request_steps(user, action), REQUEST_STEP, TimelineKind.REQUESTS)
    changes = _keys_of_changes(_changes(user, action))
    mails = _keys_of_mails(_mails(user, action))
    return newest_first([reports, requests, changes], by_time=mails)


def _keys_of_steps(steps: QuerySet[Any], source: str, kind: TimelineKind) -> list[EntryKey]:
    keys = []
    for values in steps.order_by().values_list(*PLACE_COLUMNS):
        place = WrittenPlace(*values)
        keys.append(EntryKey(place, source, kind))
    return keys


def _keys_of_changes(changes: QuerySet[Change]) -> list[EntryKey]:
    keys = []
    rows = changes.order_by().values_list("model", "batch_id", *PLACE_COLUMNS)
    for model, batch, *place_values in rows:
        kind = KIND_OF_MODEL.get(model, TimelineKind.PLAN)
        # People look under 匯入 for everything that an import has changed.
        if batch is not None:
            kind = TimelineKind.IMPORTS
        place = WrittenPlace(*place_values)
        keys.append(EntryKey(place, CHANGE, kind))
    return keys


def _keys_of_mails(mails: QuerySet[RemindedItem]) -> list[EntryKey]:
    keys = []
    rows = mails.order_by().values_list("mail__claimed_at", "pk")
    for at, pk in rows:
        place = WrittenPlace(at, pk)
        keys.append(EntryKey(place, MAIL, TimelineKind.REMINDERS))
    return keys


def timeline_tabs(keys: Iterable[EntryKey]) -> list[TimelineTab]:
    """All, then each kind of which there is something."""
    numbers = dict.fromkeys(TimelineKind, 0)
    for key in keys:
        numbers[key.kind] += 1
    tabs = [TimelineTab("", "全部", sum(numbers.values()))]
    for kind, number in numbers.items():
        if number:
            tabs.append(TimelineTab(kind.value, str(kind.label), number))
    return tabs


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
    steps = _report_steps(user, action).filter(pk__in=_keys_of(keys, REPORT_STEP))
    with_report = steps.select_related(
        *ACTORS, "report__period__programme", "report__assignment__department"
    )
    entries = {}
    for step in with_report.order_by():
        entries[step.pk] = _of_report_step(step, action.programme.year)
    return entries


def _entries_of_requests(user: User, action: Action, keys: Iterable[EntryKey]) -> Entries:
    steps = _request_steps(user, action).filter(pk__in=_keys_of(keys, REQUEST_STEP))
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
    reminded = _mails(user, action).filter(pk__in=_keys_of(keys, MAIL))
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


# The four tables.


def _report_steps(user: User, action: Action) -> QuerySet[ReportStep]:
    """Steps of the reports that this person may read, with the words for them."""
    reports = access.readable_reports(user).filter(assignment__action=action)
    return access.steps_with_words(user).filter(report__in=reports.order_by().values("pk"))


def _request_steps(user: User, action: Action) -> QuerySet[ControlStep]:
    """Steps of the item's own applications, and of those by which it takes over another item."""
    requests = access.visible_requests(user).filter(
        Q(assignment__action=action) | Q(pk__in=_taking_over(action))
    )
    of_item = access.request_steps_with_words(user)
    return of_item.filter(request__in=requests.order_by().values("pk"))


def _taking_over(action: Action) -> QuerySet[Any]:
    """The keys of applications that would merge another item into this one, or made it by a split.

    A draft says nothing to others: the caller leaves out what the person may not read.
    """
    return ControlSuccessor.objects.filter(action=action).order_by().values("request")


def _changes(user: User, action: Action) -> QuerySet[Change]:
    """Entries about the item and about what stands above it in the plan.

    An entry of an application is left out where its step, written in the same moment, says more.
    """
    plan = action.plan
    above = (
        Q(model=name_of(Plan), object_id=plan.pk)
        | Q(model=name_of(Method), object_id=plan.method_id)
        | Q(model=name_of(Strategy), object_id=plan.method.strategy_id)
    )
    # Without this, every step of an application would stand there twice.
    step = ControlStep.objects.filter(request=OuterRef("object_id"), at=OuterRef("at"))
    is_told_by_step = Q(model=name_of(ControlRequest)) & Exists(step)
    about_item = access.visible_changes(user).filter(Q(action=action) | above)
    return about_item.exclude(is_told_by_step)


def _mails(user: User, action: Action) -> QuerySet[RemindedItem]:
    """What messages of 催辦郵件 said about the item; those that came back as well."""
    about_item = Q(assignment__action=action) | Q(answer__directive__action=action)
    return access.readable_reminders(user).filter(about_item)


# In words.


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
        who="系統",
        door=Door.COMMAND.label,
        heading=f"催辦郵件：{what}{step}，寄給{mail.person}（{mail.get_state_display()}）",
    )
