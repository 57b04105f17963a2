"""年終: which items may be released, which go on in the next year, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from items.first_names import first_names
from items.models import (
    Action,
    Assignment,
    ControlRequest,
    ControlStatus,
    ControlSuccessor,
    Directive,
    Evidence,
    Period,
    Programme,
    ProgressReport,
    Question,
    ReportState,
    WorkStatus,
)
from items.models.control import ON_ITS_WAY
from items.models.year_end import YearEndDecision

PROGRAMME_OF_ACTION = "action__plan__method__strategy__programme"
NAMES_SHOWN = 3


@dataclass(frozen=True)
class YearEndRow:
    """One item under control: what is proposed for it, and why."""

    action: Action
    proposal: ControlStatus
    finished_words: str
    """「已完成，佐證資料 3 個」"""
    open_points: list[str]
    """What speaks against a release, each a few words."""
    request: ControlRequest | None = None
    """An application that has to be decided first: then nothing can be decided here."""

    @property
    def because(self) -> str:
        if not self.open_points:
            return self.finished_words
        return "；".join(self.open_points)


@dataclass(frozen=True)
class YearEndProposals:
    """What the page proposes one thing for; the other thing can be decided of it as well."""

    name: str
    proposed: ControlStatus
    other: ControlStatus
    rows: list[YearEndRow]
    empty_words: str

    @property
    def title(self) -> str:
        return f"建議{self.proposed.label}"


@dataclass(frozen=True)
class YearEndLists:
    """The items of a year under control, by what is proposed."""

    to_release: list[YearEndRow]
    to_carry_over: list[YearEndRow]
    to_decide_first: list[YearEndRow]
    decisions: list[YearEndDecision]
    unclosed_periods: list[Period]
    """Open ones, and those that are still to come."""

    @property
    def proposals(self) -> list[YearEndProposals]:
        to_release = YearEndProposals(
            name="release",
            proposed=ControlStatus.RELEASED,
            other=ControlStatus.CARRIED_OVER,
            rows=self.to_release,
            empty_words="沒有各項條件都齊備的項目。",
        )
        to_carry_over = YearEndProposals(
            name="carry",
            proposed=ControlStatus.CARRIED_OVER,
            other=ControlStatus.RELEASED,
            rows=self.to_carry_over,
            empty_words="沒有還沒完成的項目。",
        )
        return [to_release, to_carry_over]

    @property
    def ticked_at_first(self) -> set[int]:
        """Keys of the actions. Until the last period is closed, an item that is not finished is
        merely under way: nothing but the office's own tick carries it over.
        """
        proposed = list(self.to_release)
        if not self.unclosed_periods:
            proposed += self.to_carry_over
        return {row.action.pk for row in proposed}

    @property
    def open_words(self) -> str:
        """「115年第4季」: what departments can still report; empty where nothing is open."""
        return "、".join(str(period) for period in self.unclosed_periods if period.is_open)

    @property
    def number_controlled(self) -> int:
        return len(self.to_release) + len(self.to_carry_over) + len(self.to_decide_first)


def year_end_lists(programme: Programme) -> YearEndLists:
    """In a fixed number of queries."""
    unclosed = programme.periods.filter(closed_at=None)
    lists = YearEndLists([], [], [], _decisions(programme), list(unclosed))
    for row in year_end_rows(programme):
        if row.request is not None:
            lists.to_decide_first.append(row)
        elif row.proposal == ControlStatus.RELEASED:
            lists.to_release.append(row)
        else:
            lists.to_carry_over.append(row)
    return lists


def _decisions(programme: Programme) -> list[YearEndDecision]:
    decisions = YearEndDecision.objects.filter(programme=programme)
    with_people = decisions.select_related("decided_by", "undone_by")
    return list(with_people.prefetch_related("items__action"))


def year_end_rows(programme: Programme) -> list[YearEndRow]:
    """Every item under control in the order of the plan."""
    controlled = Action.objects.for_programme(programme).filter(
        control_status=ControlStatus.UNDER_CONTROL
    )
    actions = list(controlled.in_order().prefetch_related("assignments__department"))
    counts = _counts_of_year(programme)
    requests = _undecided_requests(programme)
    rows = []
    for action in actions:
        open_points = _open_points(action, counts)
        proposal = ControlStatus.CARRIED_OVER
        if not open_points:
            proposal = ControlStatus.RELEASED
        number_of_evidence = counts.evidence.get(action.pk, 0)
        row = YearEndRow(
            action=action,
            proposal=proposal,
            finished_words=f"各單位都已完成，佐證資料 {number_of_evidence} 個",
            open_points=open_points,
            request=requests.get(action.pk),
        )
        rows.append(row)
    return rows


@dataclass(frozen=True)
class _YearEndCounts:
    """{key of an action: how many there are of it}, of everything that a release asks about."""

    evidence: dict[int, int]
    unaccepted_reports: dict[int, int]
    open_directives: dict[int, int]
    open_questions: dict[int, int]


def _counts_of_year(programme: Programme) -> _YearEndCounts:
    """In four queries, for any number of items."""
    evidence = _counts(
        Evidence.objects.attached(), "report__assignment__action", programme, "report__assignment__"
    )
    # Drafts are counted as well. The page says that something is open and not what: their words
    # belong to the department.
    unaccepted = ProgressReport.objects.exclude(state=ReportState.ACCEPTED)
    return _YearEndCounts(
        evidence=evidence,
        unaccepted_reports=_counts(unaccepted, "assignment__action", programme, "assignment__"),
        open_directives=_counts(Directive.objects.open(), "action", programme, ""),
        open_questions=_counts(Question.objects.open(), "action", programme, ""),
    )


def _open_points(action: Action, counts: _YearEndCounts) -> list[str]:
    """What speaks against a release of the item, each a few words; nothing of one that is done."""
    points = _unfinished(list(action.assignments.all()))
    if not counts.evidence.get(action.pk):
        points.append("沒有佐證資料")
    number_of_reports = counts.unaccepted_reports.get(action.pk)
    if number_of_reports:
        points.append(f"{number_of_reports:,} 份辦理情形還沒有備查")
    number_of_directives = counts.open_directives.get(action.pk)
    if number_of_directives:
        points.append(f"{number_of_directives} 案主席裁示還沒有結案")
    number_of_questions = counts.open_questions.get(action.pk)
    if number_of_questions:
        points.append(f"{number_of_questions:,} 則留言還沒有解決")
    return points


def _undecided_requests(programme: Programme) -> dict[int, ControlRequest]:
    """{key of an item: the application that has to be decided before the item}, in two queries."""
    applied_for = {}
    undecided = ControlRequest.objects.undecided().with_path()
    for request in undecided.filter(**{f"assignment__{PROGRAMME_OF_ACTION}": programme}):
        applied_for[request.assignment.action_id] = request
    # An item with both is named with its own application, which its department knows of.
    return _merges_on_their_way(programme) | applied_for


def _merges_on_their_way(programme: Programme) -> dict[int, ControlRequest]:
    """{key of an item: the application that would merge another one into it}, in one query."""
    path = f"request__assignment__{PROGRAMME_OF_ACTION}"
    naming = ControlSuccessor.objects.filter(
        request__state__in=ON_ITS_WAY, action__isnull=False, **{path: programme}
    )
    with_path = naming.select_related(
        "request__written_by", "request__written_for", "request__assignment__department", path
    )
    requests = {}
    for successor in with_path:
        assert successor.action_id is not None
        requests[successor.action_id] = successor.request
    return requests


def _counts(rows: QuerySet[Any], path: str, programme: Programme, before: str) -> dict[int, int]:
    """{key of an action: how many of the rows belong to it}"""
    of_year = rows.filter(**{f"{before}{PROGRAMME_OF_ACTION}": programme})
    counted = of_year.order_by().values_list(path).annotate(number=Count("pk"))
    return dict(counted)


def _unfinished(assignments: Sequence[Assignment]) -> list[str]:
    """Which departments are not done, as their newest submitted report says."""
    if not assignments:
        return ["還沒有分辦"]
    names = []
    for assignment in assignments:
        is_at_100 = assignment.newest_percent == 100
        is_finished = assignment.newest_status == WorkStatus.FINISHED
        if is_at_100 or is_finished:
            continue
        words = "還沒有填報"
        if assignment.newest_percent is not None:
            words = f"{assignment.newest_percent}%"
        names.append(f"{assignment.department} {words}")
    if not names:
        return []
    words = first_names(names, NAMES_SHOWN, "個單位還沒有完成")
    return [words]


def number_under_control() -> dict[int, int]:
    """{key of a year: how many of its items are under control}, in one query."""
    controlled = Action.objects.filter(Q(control_status=ControlStatus.UNDER_CONTROL))
    by_year = controlled.order_by().values_list("plan__method__strategy__programme")
    return dict(by_year.annotate(number=Count("pk")))
