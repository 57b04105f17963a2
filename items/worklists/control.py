"""管制異動 as plain data: one application with its way, the list of a year, those of an item."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef

from items import access
from items.access.prepared import PreparedForPerson, PreparedForPersonAndKeys
from items.day_words import moment_words
from items.evidence.kinds import ACCEPT, ALLOWED_WORDS
from items.evidence.sizes import MEGABYTE
from items.models import (
    Action,
    Assignment,
    ControlFile,
    ControlKind,
    ControlRequest,
    ControlStep,
    Programme,
    ProgressReport,
    RequestState,
    User,
)
from items.models.control import UNDECIDED, ControlRequestQuerySet
from items.models.earlier_deadlines import EarlierDeadline, note_earlier
from items.models.history_words import EMPTY, label_of
from items.models.item_links import LinkedItem, successors_of_request
from items.models.labels import field_label
from items.models.light_rules import PROGRAMME
from items.models.prepared import Prepared, Slot
from items.roc import format_roc
from items.workflow.control_files import purpose_of
from items.worklists.succession import taken_over, what_it_means

SUCCESSORS_LABEL = label_of(ControlRequest, ControlRequest.SUCCESSORS)
LIST_WINDOW = 200
"""As many applications as the list shows; a year has some dozens."""


@dataclass(frozen=True)
class WantedChange:
    """One thing that is asked for, beside what the plan says."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class RequestPage:
    """One application as its page shows it."""

    request: ControlRequest
    changes: list[WantedChange]
    steps: list[ControlStep]
    files: list[ControlFile]
    number: int
    """第幾次: one more than were approved of this department for the item before."""
    meaning: list[str]
    """What follows from 併案 or 分案 beside what is asked for."""
    successors: list[LinkedItem]
    """The items that take over since it was approved."""

    @property
    def heading(self) -> str:
        """「展延申請（第 1 次）」"""
        return f"{self.request.get_kind_display()}申請（第 {self.number} 次）"

    @property
    def purpose(self) -> str:
        """What a file that somebody attaches now is for."""
        return purpose_of(self.request).value

    @property
    def accept(self) -> str:
        return ACCEPT

    @property
    def allowed(self) -> str:
        return ALLOWED_WORDS

    @property
    def most_megabytes(self) -> int:
        return settings.EVIDENCE_FILE_BYTES // MEGABYTE


def request_page(user: User, request: ControlRequest) -> RequestPage:
    steps = access.request_steps_with_words(user).filter(request=request)
    # What was refused or withdrawn has changed nothing, and is no 「第 1 次」.
    approved = ControlRequest.objects.approved_before(request.assignment, request)
    return RequestPage(
        request=request,
        changes=wanted_changes(request),
        steps=list(steps.select_related("by", "for_whom")),
        files=list(access.files_to_read(user, request)),
        number=approved + 1,
        meaning=what_it_means(request),
        successors=successors_of_request(request),
    )


def wanted_changes(request: ControlRequest) -> list[WantedChange]:
    """What is asked for; of a draft beside what the plan says now."""
    # As the plan was when it was sent: it may have changed since, by this very approval too.
    was_sent = request.submitted_at is not None and not request.is_editable
    kind = ControlKind(request.kind)
    if kind == ControlKind.EXTEND:
        return [_deadline_change(request, was_sent=was_sent)]
    if kind == ControlKind.ADJUST:
        return _wording_changes(request, request.assignment.action, was_sent=was_sent)
    label = field_label(Action, "control_status")
    if request.has_successors:
        return _successor_changes(request, label)
    return [WantedChange(label, "列管中", str(kind.label))]


def _deadline_change(request: ControlRequest, *, was_sent: bool) -> WantedChange:
    assignment = request.assignment
    old = deadline_words(assignment.deadline_text, format_roc(assignment.deadline))
    if was_sent and request.old_deadline is not None:
        old = deadline_words(request.old_deadline_text, format_roc(request.old_deadline))
    new = EMPTY
    # A draft may be saved before a day was chosen.
    if request.deadline is not None:
        new = deadline_words(request.deadline_text, format_roc(request.deadline))
    return WantedChange(field_label(Assignment, "deadline"), old, new)


def _successor_changes(request: ControlRequest, label: str) -> list[WantedChange]:
    """The status, then the items that take over, each with its departments."""
    wanted = taken_over(request)
    changes = [WantedChange(label, "列管中", wanted.status)]
    present = wanted.present_shares or EMPTY
    if not wanted.successors:
        changes.append(WantedChange(SUCCESSORS_LABEL, present, EMPTY))
    for successor in wanted.successors:
        heading = "併入的項目"
        if request.kind == ControlKind.SPLIT:
            heading = f"分出的第 {successor.number} 項"
        changes.append(WantedChange(heading, present, "\n".join(successor.lines())))
        # Said once, beside the first.
        present = EMPTY
    return changes


def _wording_changes(
    request: ControlRequest, action: Action, *, was_sent: bool
) -> list[WantedChange]:
    changes = []
    for name in ("title", "expected_benefit"):
        new = getattr(request, name)
        # Empty means that this text is to stay as it is.
        if not new:
            continue
        old = getattr(action, name)
        if was_sent:
            old = getattr(request, f"old_{name}")
        changes.append(WantedChange(field_label(Action, name), old or EMPTY, new))
    if request.added_department is not None:
        label = field_label(ControlRequest, "added_department")
        changes.append(WantedChange(label, EMPTY, request.added_department.name))
    return changes


def deadline_words(written: str, day: str) -> str:
    """「116年3月（116年3月31日）」; the words alone where they are the day."""
    if written == day:
        return day
    return f"{written}（{day}）"


# The list of a year.


@dataclass(frozen=True)
class RequestLists:
    """The applications of a year: those that this person decides first, then all others."""

    to_decide: list[ControlRequest]
    undecided: list[ControlRequest]
    decided: list[ControlRequest]

    @property
    def has_to_endorse(self) -> bool:
        return any(row.endorsable for row in self.to_decide)

    @property
    def has_to_approve(self) -> bool:
        return any(row.decidable for row in self.to_decide)


def request_lists(user: User, programme: Programme) -> RequestLists:
    rows = access.visible_requests(user).with_path()
    of_year = rows.filter(**{f"assignment__{PROGRAMME}": programme})
    # Two questions, so that many that are decided leave out none that waits.
    waiting = of_year.filter(state__in=UNDECIDED).order_by("since", "pk")
    decided = of_year.exclude(state__in=UNDECIDED).order_by("-since", "-pk")
    to_decide = []
    undecided = []
    for row in waiting[:LIST_WINDOW]:
        if row.endorsable or row.decidable:
            to_decide.append(row)
        else:
            undecided.append(row)
    return RequestLists(to_decide, undecided, list(decided[:LIST_WINDOW]))


_ANY_UNDECIDED = Prepared(lambda: ControlRequest.objects.undecided().order_by().only("pk")[:1])


def year_requests(user: User, programme: Programme) -> list[ControlRequest]:
    """All applications of a year that the person may read, as they were sent."""
    rows = access.readable_requests(user).with_path()
    of_year = rows.filter(**{f"assignment__{PROGRAMME}": programme})
    # 併案 and 分案 name other items: fetched at once, not once for each application of the list.
    with_successors = of_year.prefetch_related(
        "successors__action", "successors__shares__department"
    )
    return list(with_successors.order_by("submitted_at", "pk"))


def number_to_decide(user: User, programme: Programme) -> int:
    """How many applications of a year wait for this person; one small query where none does at all."""
    if not _ANY_UNDECIDED():
        return 0
    rights = access.can_endorse_request(user) | access.can_decide_request(user)
    # `Exists` and no join: with one, SQLite goes through all assignments of the year for a few rows.
    of_year = Assignment.objects.for_programme(programme).filter(pk=OuterRef("assignment"))
    return ControlRequest.objects.filter(rights, Exists(of_year)).count()


def open_requests_of(user: User, programme: Programme) -> list[ControlRequest]:
    """我的申請: what the person's departments have asked for and nobody has decided yet."""
    return _OPEN_OF_YEAR(user, programme=programme.pk)


def own_undecided(user: User) -> ControlRequestQuerySet:
    """All of theirs that nobody has decided, of every year: few are undecided at a time."""
    return ControlRequest.objects.undecided().filter(
        assignment__department__in=access.departments_of(user)
    )


def _open_of_year(user: User) -> ControlRequestQuerySet:
    departments = access.departments_of(user)
    undecided = access.visible_requests(user).undecided().with_path()
    of_departments = undecided.filter(assignment__department__in=departments)
    of_year = of_departments.filter(assignment__of_year=Slot("programme"))
    return of_year.order_by("since", "pk")


_OPEN_OF_YEAR = PreparedForPerson(_open_of_year)


# Of one item.


@dataclass(frozen=True)
class ShareRequests:
    """What a department has asked for about an item, and whether this person may ask for more."""

    undecided: ControlRequest | None
    extensions: list[ControlRequest]
    """Those approved, the newest first: each has the deadline that it replaced."""
    others: list[ControlRequest]
    """What else was decided or withdrawn, the newest first."""
    may_apply: bool


_OF_SHARES = PreparedForPersonAndKeys(
    lambda user, keys: (
        access.readable_requests(user).filter(assignment__in=keys).order_by("-since", "-pk")
    )
)


def requests_of_shares(
    user: User, action: Action, assignments: Sequence[Assignment]
) -> dict[int, ShareRequests]:
    """{key of an assignment: its applications}, in one query; sets `earlier` on the way.

    The assignments are some of the action's, and know `reportable`.
    """
    # `readable` and not `visible`: the item shows no button of them, and rights cost sub-queries.
    keys = [assignment.pk for assignment in assignments]
    of_assignment: dict[int, list[ControlRequest]] = {}
    for row in _OF_SHARES(user, keys):
        of_assignment.setdefault(row.assignment_id, []).append(row)
    shares = {}
    for assignment in assignments:
        undecided = None
        extensions = []
        others = []
        for row in of_assignment.get(assignment.pk, []):
            if row.state in UNDECIDED:
                undecided = row
            elif row.state == RequestState.APPROVED and row.kind == ControlKind.EXTEND:
                extensions.append(row)
            else:
                others.append(row)
        if extensions:
            note_earlier([assignment], {assignment.pk: _before(extensions[0], action.programme)})
        # One at a time (decision 0014): two approvals could each overwrite what the other one asked.
        may_apply = assignment.reportable and action.programme.is_running and undecided is None
        shares[assignment.pk] = ShareRequests(undecided, extensions, others, may_apply)
    return shares


def _before(extension: ControlRequest, programme: Programme) -> EarlierDeadline:
    """What the newest approved extension of an assignment has replaced."""
    return EarlierDeadline(
        words=extension.old_deadline_text,
        request_key=extension.pk,
        year=programme.year,
    )


def stopped_words(stopped: Sequence[ProgressReport]) -> str:
    """The sentence of reports that waited, of items that an approval has ended."""
    return f"等核可或審核的辦理情形 {len(stopped):,} 件不必再審，已退回單位並說明原因。"


def decided_words(request: ControlRequest) -> str:
    """「115年11月22日 10:00 顏佳慧通過」; empty of one that nobody has decided."""
    if request.decided_at is None:
        return ""
    moment = moment_words(request.decided_at)
    return f"{moment} {request.decided_by}{request.get_state_display()}"
