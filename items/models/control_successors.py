"""承接項目: which items take over what an item was under control for, by 併案 or 分案."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from django.db import models
from django.db.models import Q

from items.models.actions import Action
from items.models.assignments import AssignmentKind
from items.models.control import (
    ON_ITS_WAY,
    SUCCESSION_KINDS,
    ControlKind,
    ControlRequest,
    ControlRequestQuerySet,
    RequestState,
)
from items.models.history_home import HistoryHome
from items.models.labels import field_label
from items.models.lengths import TITLE_LENGTH, at_most
from items.models.light_rules import PROGRAMME
from items.models.people import Department
from items.models.prepared import Prepared
from items.models.programme import Programme


class ControlSuccessorQuerySet(models.QuerySet["ControlSuccessor"]):
    """Which successors."""

    def in_force(self) -> Self:
        """Those of approved applications: the links between items."""
        return self.filter(request__state=RequestState.APPROVED, action__isnull=False)


class ControlSuccessor(models.Model):
    """承接項目 of one application: the item that another is merged into, or one of a split.

    A split has its text, and the item itself (`action`) only once it is carried out.
    """

    # A draft that is thrown away takes them along; nothing else is ever deleted.
    request = models.ForeignKey(
        ControlRequest,
        verbose_name="管制異動",
        on_delete=models.CASCADE,
        related_name="successors",
        # The unique pair with the number begins with it.
        db_index=False,
    )
    number = models.PositiveSmallIntegerField("順序")
    # PROTECT: an item that others have gone into keeps their past readable.
    action = models.ForeignKey(
        Action,
        verbose_name="承接的項目",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="takes_over",
    )
    title = models.CharField("具體推動作法", max_length=TITLE_LENGTH, blank=True)
    expected_benefit = models.CharField("預期效益", max_length=TITLE_LENGTH, blank=True)

    objects = ControlSuccessorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "承接項目"
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "number"], name="control_successor_number_once"
            ),
            models.UniqueConstraint(
                fields=["request", "action"],
                condition=Q(action__isnull=False),
                name="control_successor_item_once",
            ),
            at_most("title", TITLE_LENGTH, "control_successor"),
            at_most("expected_benefit", TITLE_LENGTH, "control_successor"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """「115-07 設置民眾休憩區」, or the text of what is not there yet."""
        if self.action is not None:
            return str(self.action)
        return self.title or "（未寫）"

    def history_home(self) -> HistoryHome:
        return self.request.history_home()

    def lines(self) -> list[str]:
        """All that is asked for of it, a line each; its shares are prefetched for a list."""
        lines = [self.name]
        if self.expected_benefit:
            label = field_label(ControlSuccessor, "expected_benefit")
            lines.append(f"{label}：{self.expected_benefit}")
        lines += [share.words for share in self.shares.all()]
        return lines


class SuccessorShare(models.Model):
    """承接分辦: one department that shall have the successor, with its deadline there."""

    successor = models.ForeignKey(
        ControlSuccessor,
        verbose_name="承接項目",
        on_delete=models.CASCADE,
        related_name="shares",
        # The unique pair with the department begins with it.
        db_index=False,
    )
    department = models.ForeignKey(
        Department, verbose_name="單位", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("主協辦", max_length=10, choices=AssignmentKind)
    deadline = models.DateField("完成期限")
    deadline_text = models.CharField("期限寫法", max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = "承接分辦"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["successor", "department"],
                name="successor_share_once",
                violation_error_message="同一個承接項目裡，一個單位只能寫一次。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AssignmentKind.values), name="successor_share_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(deadline_text=""), name="successor_share_deadline_text_given"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """「主辦 行政處（115年12月）」"""
        return share_words(self.kind, self.department, self.deadline_text)

    def history_home(self) -> HistoryHome:
        return self.successor.history_home()


def share_words(kind: str, department: Department, deadline_text: str) -> str:
    """「主辦 行政處（115年12月）」"""
    return f"{AssignmentKind(kind).label} {department}（{deadline_text}）"


def requests_touching(actions: Iterable[Action | int]) -> ControlRequestQuerySet:
    """Applications of these items, and those on their way that would merge another into one."""
    keys = list(actions)
    naming = ControlSuccessor.objects.filter(action__in=keys).order_by().values("request")
    would_merge = Q(pk__in=naming, state__in=ON_ITS_WAY)
    return ControlRequest.objects.filter(Q(assignment__action__in=keys) | would_merge)


# The links between items, as lists and pages show them.


@dataclass(frozen=True)
class LinkedItem:
    """An item at the other end, and the application that says why."""

    key: int
    code: str
    title: str
    kind: str
    request_key: int


@dataclass
class ItemLinks:
    """承接關係 of one item: what it has gone into, and what has gone into it."""

    successors: list[LinkedItem] = field(default_factory=list)
    predecessors: list[LinkedItem] = field(default_factory=list)

    @property
    def sentences(self) -> list[LinkSentence]:
        """「併入」 115-07; 「由」 115-03 「分出」: one for each application."""
        sentences = []
        for items in _by_request(self.successors):
            before = "併入" if items[0].kind == ControlKind.MERGE else "分為"
            sentences.append(LinkSentence(before, items, "", is_over=True))
        for items in _by_request(self.predecessors):
            behind = "併入這一項" if items[0].kind == ControlKind.MERGE else "分出"
            sentences.append(LinkSentence("由", items, behind, is_over=False))
        return sentences

    @property
    def gone_words(self) -> str:
        """「併入 115-07」: what the item has gone into; empty of one that goes on."""
        return "；".join(sentence.words for sentence in self.sentences if sentence.is_over)

    @property
    def words(self) -> str:
        """「併入 115-07」, 「由 115-03 分出」: for files and for what else has no links."""
        return "；".join(sentence.words for sentence in self.sentences)


@dataclass(frozen=True)
class LinkSentence:
    """Words before and behind the items that they are about; `is_over` of an item that has ended."""

    before: str
    items: list[LinkedItem]
    behind: str
    is_over: bool

    @property
    def request_key(self) -> int:
        """The application that says why."""
        return self.items[0].request_key

    @property
    def words(self) -> str:
        codes = "、".join(item.code for item in self.items)
        return " ".join(part for part in (self.before, codes, self.behind) if part)


def _by_request(items: Iterable[LinkedItem]) -> list[list[LinkedItem]]:
    groups: dict[int, list[LinkedItem]] = {}
    for item in items:
        groups.setdefault(item.request_key, []).append(item)
    return list(groups.values())


_ANY = Prepared(lambda: ControlSuccessor.objects.in_force().order_by().only("pk")[:1])


def links_of_year(programme: Programme) -> dict[int, ItemLinks]:
    """{key of an item of the year: its links}, of those that have any; in one query.

    In most offices nothing was ever merged or split, which a small question says before.
    """
    if not _ANY():
        return {}
    of_year = ControlSuccessor.objects.filter(
        **{f"request__assignment__{PROGRAMME}": programme}, request__kind__in=SUCCESSION_KINDS
    )
    return _links(of_year)


def show_links(actions: Iterable[Action], programme: Programme) -> None:
    """Set `links` of items that are at hand, all of one year."""
    links = links_of_year(programme)
    if not links:
        return
    for action in actions:
        action.links = links.get(action.pk)


def links_of_item(action: Action) -> ItemLinks:
    """The links of one item, in one query; in a small one where there are none at all."""
    if not _ANY():
        return ItemLinks()
    is_either = Q(action=action) | Q(request__assignment__action=action)
    links = _links(ControlSuccessor.objects.filter(is_either))
    return links.get(action.pk, ItemLinks())


def successors_of_request(request: ControlRequest) -> list[LinkedItem]:
    """The items that take over by an approved application; none of any other."""
    if not request.has_successors or request.state != RequestState.APPROVED:
        return []
    links = _links(ControlSuccessor.objects.filter(request=request))
    own = links.get(request.assignment.action_id, ItemLinks())
    return own.successors


def _links(successors: ControlSuccessorQuerySet) -> dict[int, ItemLinks]:
    links: dict[int, ItemLinks] = {}
    with_items = successors.in_force().order_by("request__decided_at", "request_id", "number")
    columns = (
        "request_id",
        "request__kind",
        "request__assignment__action_id",
        "request__assignment__action__code",
        "request__assignment__action__title",
        "action_id",
        "action__code",
        "action__title",
    )
    for row in with_items.values(*columns):
        key = row["request_id"]
        kind = row["request__kind"]
        old_key = row["request__assignment__action_id"]
        old = LinkedItem(
            key=old_key,
            code=row["request__assignment__action__code"],
            title=row["request__assignment__action__title"],
            kind=kind,
            request_key=key,
        )
        new = LinkedItem(
            key=row["action_id"],
            code=row["action__code"],
            title=row["action__title"],
            kind=kind,
            request_key=key,
        )
        links.setdefault(old_key, ItemLinks()).successors.append(new)
        links.setdefault(row["action_id"], ItemLinks()).predecessors.append(old)
    return links
