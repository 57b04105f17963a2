"""項目歷程: everything that ever happened to one item, by kind: its order, before any of it is fetched."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices

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
    Evidence,
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
    reports = _keys_of_steps(report_steps_of_item(user, action), REPORT_STEP, TimelineKind.REPORTS)
    requests = _keys_of_steps(
        request_steps_of_item(user, action), REQUEST_STEP, TimelineKind.REQUESTS
    )
    changes = _keys_of_changes(_changes(user, action))
    mails = _keys_of_mails(mails_of_item(user, action))
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


# The four tables.


def report_steps_of_item(user: User, action: Action) -> QuerySet[ReportStep]:
    """Steps of the reports that this person may read, with the words for them."""
    reports = access.readable_reports(user).filter(assignment__action=action)
    return access.steps_with_words(user).filter(report__in=reports.order_by().values("pk"))


def request_steps_of_item(user: User, action: Action) -> QuerySet[ControlStep]:
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


def mails_of_item(user: User, action: Action) -> QuerySet[RemindedItem]:
    """What messages of 催辦郵件 said about the item; those that came back as well."""
    about_item = Q(assignment__action=action) | Q(answer__directive__action=action)
    return access.readable_reminders(user).filter(about_item)
