"""承接關係: which items an item has gone into by 併案 or 分案, and which have gone into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from items.models.actions import Action
from items.models.control import SUCCESSION_KINDS, ControlKind, ControlRequest, RequestState
from items.models.control_successors import ControlSuccessor, ControlSuccessorQuerySet
from items.models.light_rules import PROGRAMME
from items.models.prepared import Prepared
from items.models.programme import Programme


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
            before = "分為"
            if items[0].kind == ControlKind.MERGE:
                before = "併入"
            sentences.append(LinkSentence(before, items, "", is_over=True))
        for items in _by_request(self.predecessors):
            behind = "分出"
            if items[0].kind == ControlKind.MERGE:
                behind = "併入這一項"
            sentences.append(LinkSentence("由", items, behind, is_over=False))
        return sentences

    @property
    def gone_words(self) -> str:
        """「併入 115-07」: what the item has gone into; empty where it goes on itself."""
        return "；".join(sentence.words for sentence in self.sentences if sentence.is_over)

    @property
    def words(self) -> str:
        """「併入 115-07」, 「由 115-03 分出」: for files and other places without links."""
        return "；".join(sentence.words for sentence in self.sentences)


@dataclass(frozen=True)
class LinkSentence:
    """Words before and behind the items that they are about.

    `is_over` says that the item itself has ended.
    """

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
        parts = [self.before, codes]
        if self.behind:
            parts.append(self.behind)
        return " ".join(parts)


def _by_request(items: Iterable[LinkedItem]) -> list[list[LinkedItem]]:
    groups: dict[int, list[LinkedItem]] = {}
    for item in items:
        groups.setdefault(item.request_key, []).append(item)
    return list(groups.values())


_ANY = Prepared(lambda: ControlSuccessor.objects.in_force().order_by().only("pk")[:1])


def links_of_year(programme: Programme) -> dict[int, ItemLinks]:
    """{key of an item of the year: its links}, for items that have any; in one query.

    Most offices have never merged or split anything: a small query finds that out first.
    """
    if not _ANY():
        return {}
    of_year = ControlSuccessor.objects.filter(
        **{f"request__assignment__{PROGRAMME}": programme}, request__kind__in=SUCCESSION_KINDS
    )
    return _links(of_year)


def links_of_item(action: Action) -> ItemLinks:
    """The links of one item, in one query; in a small one where there are none at all."""
    if not _ANY():
        return ItemLinks()
    links = _links(ControlSuccessor.objects.of_item(action))
    return links.get(action.pk, ItemLinks())


def successors_of_request(request: ControlRequest) -> list[LinkedItem]:
    """The items that take over by an approved application; none of any other."""
    if not request.has_successors or request.state != RequestState.APPROVED:
        return []
    links = _links(ControlSuccessor.objects.filter(request=request))
    links_of_action = links.get(request.assignment.action_id, ItemLinks())
    return links_of_action.successors


def _links(successors: ControlSuccessorQuerySet) -> dict[int, ItemLinks]:
    links: dict[int, ItemLinks] = {}
    with_items = successors.in_force().order_by("request_id", "number")
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
    # Values and no instances: two items with their whole path would be made for each row.
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
