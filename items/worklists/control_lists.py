"""管制異動 in lists: those of a year, those that wait, and those of one item."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from items import access
from items.access.prepared import PreparedForPerson, PreparedForPersonAndKeys
from items.models import (
    Assignment,
    ControlKind,
    ControlRequest,
    Programme,
    RequestState,
    User,
)
from items.models.control import UNDECIDED, ControlRequestQuerySet
from items.models.earlier_deadlines import EarlierDeadline, note_earlier
from items.models.light_rules import PROGRAMME
from items.models.prepared import Prepared, Slot

LIST_WINDOW = 200
"""As many applications as the list shows; a year has some dozens."""


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


def requests_of_shares(user: User, assignments: Sequence[Assignment]) -> dict[int, ShareRequests]:
    """{key of an assignment: its applications}, in one query; sets `earlier` on the way.

    The assignments know their action and `reportable`.
    """
    # `readable` and not `visible`: the item shows no button of them, and rights cost sub-queries.
    keys = [assignment.pk for assignment in assignments]
    of_assignment: dict[int, list[ControlRequest]] = {}
    for row in _OF_SHARES(user, keys):
        of_assignment.setdefault(row.assignment_id, []).append(row)
    shares = {}
    for assignment in assignments:
        shares[assignment.pk] = _share(assignment, of_assignment.get(assignment.pk, []))
    return shares


def requests_of_share(user: User, assignment: Assignment, *, has_any: bool) -> ShareRequests:
    """The same of one assignment; `has_any=False` says that there are none, and spares the query."""
    rows = []
    if has_any:
        rows = _OF_SHARES(user, [assignment.pk])
    return _share(assignment, rows)


def _share(assignment: Assignment, rows: Sequence[ControlRequest]) -> ShareRequests:
    programme = assignment.action.programme
    undecided = None
    extensions = []
    others = []
    for row in rows:
        if row.state in UNDECIDED:
            undecided = row
        elif row.state == RequestState.APPROVED and row.kind == ControlKind.EXTEND:
            extensions.append(row)
        else:
            others.append(row)
    if extensions:
        note_earlier([assignment], {assignment.pk: _before(extensions[0], programme)})
    # One at a time (decision 0014): two approvals could each overwrite what the other one asked.
    may_apply = assignment.reportable and programme.is_running and undecided is None
    return ShareRequests(undecided, extensions, others, may_apply)


def _before(extension: ControlRequest, programme: Programme) -> EarlierDeadline:
    """What the newest approved extension of an assignment has replaced."""
    return EarlierDeadline(
        words=extension.old_deadline_text,
        request_key=extension.pk,
        year=programme.year,
    )
