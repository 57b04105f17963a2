"""歷程: every step of every report, and every change of plan, years and accounts, newest first."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices

from items import access
from items.models import (
    Change,
    ControlRequest,
    ControlStep,
    ImportBatch,
    Period,
    Programme,
    ProgressReport,
    ReportStep,
    User,
)
from items.models.history import OF_THE_OFFICE
from items.models.light_rules import PROGRAMME
from items.models.taken_steps import ACTORS
from items.worklists.record_limits import RecordLimits
from items.worklists.record_subjects import (
    about_department,
    about_person,
    name_of,
    of_department,
)

OF_YEARS = (name_of(Programme), name_of(Period))
"""The `Change.model` of a year and its periods: their dates, states, openings and closings."""


class RecordKind(TextChoices):
    """紀錄種類: what entries are about; each has a list of its own."""

    REPORTS = "reports", "填報歷程"
    PLAN = "plan", "計畫異動"
    CONTROL = "control", "管制異動"
    IMPORTS = "imports", "匯入"
    YEARS = "years", "年度與填報期"
    OFFICE = "office", "帳號、權限與單位"


KIND_NOTES = {
    RecordKind.REPORTS: "每一次送出、同意、備查、退回與撤回，連同當時的內容，原樣保留。",
    RecordKind.PLAN: "計畫、分辦、期限與預定進度的每一次異動：誰、什麼時候、改了什麼、經由哪裡。",
    RecordKind.CONTROL: "每一件申請的送出、同意、退回補正、通過、不通過與撤回，連同當時申請的內容，原樣保留。",
    RecordKind.IMPORTS: "每一次匯入：誰、什麼時候、哪個檔案、改了幾項，復原的也在內。",
    RecordKind.YEARS: "年度與填報期的每一次異動：建立、開放、關閉、重新開放與改期限；不分單位與項次。",
    RecordKind.OFFICE: "誰加入或離開哪個單位、角色與密碼由誰設定、單位的異動；不分年度與項次。",
}
"""What a reader finds in each list, in a sentence."""


@dataclass(frozen=True)
class RecordTab:
    """One kind of entries, and how many of them there are within the limits."""

    kind: RecordKind
    number: int


def record_tabs(user: User, programme: Programme, limits: RecordLimits) -> list[RecordTab]:
    """Every kind with its number, so that nobody has to open a list to learn that it is empty."""
    tabs = []
    for kind in RecordKind:
        # Only the whole record is counted otherwise: within limits the database reads few steps.
        if kind is RecordKind.REPORTS and limits == RecordLimits():
            number = _number_of_steps(user, programme)
        else:
            number = entries_of(kind, user, programme, limits).count()
        tabs.append(RecordTab(kind, number))
    return tabs


def _number_of_steps(user: User, programme: Programme) -> int:
    """How many steps `report_steps` has without limits.

    By a join, which counts a million of them in less than half the time of the condition by which
    the newest fifty are found at once.
    """
    of_year = Period.objects.filter(programme=programme).order_by().values("pk")
    return access.steps_with_words(user).filter(report__period__in=of_year).count()


def entries_of(
    kind: RecordKind, user: User, programme: Programme, limits: RecordLimits
) -> QuerySet[Any]:
    """The entries of one kind within the limits, newest first, as this person may read them."""
    match kind:
        case RecordKind.REPORTS:
            return report_steps(user, programme, limits)
        case RecordKind.PLAN:
            return plan_changes(user, programme, limits)
        case RecordKind.CONTROL:
            return control_steps(user, programme, limits)
        case RecordKind.IMPORTS:
            return imports(user, programme, limits)
        case RecordKind.YEARS:
            return year_changes(user, programme, limits)
        case RecordKind.OFFICE:
            return office_changes(user, limits)


def report_steps(user: User, programme: Programme, limits: RecordLimits) -> QuerySet[ReportStep]:
    """Steps of reports, each with the content as it was then and the words for this reader."""
    # `Exists` and no join: with one, SQLite fetches all steps of the year and sorts them.
    of_year = ProgressReport.objects.filter(pk=OuterRef("report"), period__programme=programme)
    steps = access.steps_with_words(user).filter(limits.moments(), Exists(of_year))
    within = _within(steps, limits, assignment="report__assignment")
    return within.select_related(
        *ACTORS,
        "report__period__programme",
        "report__assignment__department",
        "report__assignment__action",
    ).order_by("-id")


Steps = TypeVar("Steps", QuerySet[ReportStep], QuerySet[ControlStep])


def _within(steps: Steps, limits: RecordLimits, *, assignment: str) -> Steps:
    """The steps of the person, department and item asked for; `assignment` is the path to theirs."""
    if limits.person is not None:
        # Also what somebody else did in their name.
        steps = steps.filter(Q(by=limits.person) | Q(for_whom=limits.person))
    if limits.department is not None:
        steps = steps.filter(**{f"{assignment}__department": limits.department})
    if limits.code:
        steps = steps.filter(**{f"{assignment}__action__code": limits.code})
    return steps


def _changes(user: User, limits: RecordLimits) -> QuerySet[Change]:
    """Entries of 異動紀錄 within the days, newest first."""
    changes = access.visible_changes(user).filter(limits.moments())
    return changes.select_related("by", "action").order_by("-id")


def plan_changes(user: User, programme: Programme, limits: RecordLimits) -> QuerySet[Change]:
    """Changes of the plan, through an import as well."""
    elsewhere = (*OF_YEARS, *OF_THE_OFFICE)
    of_year = _changes(user, limits).filter(programme=programme)
    changes = of_year.exclude(model__in=elsewhere)
    if limits.person is not None:
        changes = changes.filter(by=limits.person)
    if limits.department is not None:
        changes = changes.filter(of_department(limits.department))
    if limits.code:
        changes = changes.filter(_about_item(limits.code))
    return changes


def _about_item(code: str) -> Q:
    # The entry of a deleted item points to nothing, but its label begins with the code, which is
    # never given to another item.
    is_of_deleted_item = Q(action=None, label__startswith=f"{code} ")
    return Q(action__code=code) | is_of_deleted_item


def control_steps(user: User, programme: Programme, limits: RecordLimits) -> QuerySet[ControlStep]:
    """Steps of applications, each with the content as it was then and the words for this reader."""
    # `Exists` and no join, as in `report_steps`.
    of_year = ControlRequest.objects.filter(
        pk=OuterRef("request"), **{f"assignment__{PROGRAMME}": programme}
    )
    steps = access.request_steps_with_words(user).filter(limits.moments(), Exists(of_year))
    within = _within(steps, limits, assignment="request__assignment")
    return within.select_related(
        *ACTORS,
        "request__assignment__department",
        "request__assignment__action__plan__method__strategy__programme",
    ).order_by("-id")


def imports(user: User, programme: Programme, limits: RecordLimits) -> QuerySet[ImportBatch]:
    """匯入批次 that were imported or taken back within the days, by this person or in this item."""
    # Two moments and two people: who imported need not be the one who took it back.
    imported = limits.moments()
    undone = limits.moments("undone_at")
    if limits.person is not None:
        imported &= Q(by=limits.person)
        undone &= Q(undone_by=limits.person)
    of_year = access.visible_batches(user).filter(programme=programme)
    batches = of_year.filter(imported | undone)
    # By sub-queries: a join would list a batch as often as it has entries.
    imported_changes = Change.objects.filter(batch__programme=programme).order_by()
    if limits.department is not None:
        touching = imported_changes.filter(of_department(limits.department))
        batches = batches.filter(pk__in=touching.values("batch"))
    if limits.code:
        touching = imported_changes.filter(_about_item(limits.code))
        batches = batches.filter(pk__in=touching.values("batch"))
    return batches.select_related("by", "undone_by").order_by("-id")


def year_changes(user: User, programme: Programme, limits: RecordLimits) -> QuerySet[Change]:
    """Changes of this year and its periods, and what is left of years that were deleted.

    None where a department or an item is asked for: years and periods are those of all.
    """
    changes = _changes(user, limits)
    if limits.department is not None or limits.code:
        return changes.none()
    of_year = Q(programme=programme, model__in=OF_YEARS)
    # A deleted year leaves its entries, which point to no year any more.
    of_deleted_years = Q(programme=None) & ~Q(model__in=OF_THE_OFFICE)
    changes = changes.filter(of_year | of_deleted_years)
    if limits.person is not None:
        changes = changes.filter(by=limits.person)
    return changes


def office_changes(user: User, limits: RecordLimits) -> QuerySet[Change]:
    """Changes of accounts, memberships and departments, as far as this person may read them.

    With a person, what they did and what was done to their account.
    """
    changes = _changes(user, limits).filter(model__in=OF_THE_OFFICE)
    # Accounts and departments are of no item.
    if limits.code:
        return changes.none()
    if limits.person is not None:
        changes = changes.filter(Q(by=limits.person) | about_person(limits.person))
    if limits.department is not None:
        members = limits.department.memberships.order_by().values("user")
        of_their_accounts = Q(model=name_of(User), object_id__in=members)
        changes = changes.filter(about_department(limits.department) | of_their_accounts)
    return changes
