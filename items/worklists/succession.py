"""承接: what 併案 and 分案 ask for and mean, and where the past of an item stands that others took over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, prefetch_related_objects

from items import access
from items.models import (
    SUBMITTED,
    ControlKind,
    ControlRequest,
    ControlSuccessor,
    Directive,
    Evidence,
    Question,
    User,
)
from items.models.control import STATUS_AFTER, UNDECIDED
from items.models.item_links import ItemLinks
from items.workflow.successor_rows import shares_in_words

WHAT_WAITS = "還在等核可或審核的辦理情形不必再審，會退回單位並說明原因。"


@dataclass(frozen=True)
class TakenOver:
    """What an application asks for of the items that shall stand for the old one."""

    status: str
    """The 列管狀態 that the old one gets."""
    present_shares: str
    """The departments of the old item with their deadlines, a line each."""
    successors: Sequence[ControlSuccessor]


def taken_over(request: ControlRequest) -> TakenOver:
    """The wishes of an application that is still written, beside what the plan says now."""
    was_sent = request.submitted_at is not None and not request.is_editable
    present = request.old_shares
    if not was_sent:
        present = shares_in_words(request.assignment.action)
    # Nothing is fetched again of a list that has fetched them all.
    prefetch_related_objects([request], "successors__action", "successors__shares__department")
    status = STATUS_AFTER[ControlKind(request.kind)]
    return TakenOver(str(status.label), present, list(request.successors.all()))


def what_it_means(request: ControlRequest) -> list[str]:
    """Sentences for those who write, endorse or decide it; nothing once it is decided."""
    if request.state not in UNDECIDED:
        return []
    action = request.assignment.action
    code = action.code
    if request.kind == ControlKind.WITHDRAW:
        return [f"核准當天起 {code} 不再列管，所有單位都不必再填報。{WHAT_WAITS}"]
    if not request.has_successors:
        return []
    first = request.successors.select_related("action").order_by("number").first()
    taking = "承接的項目"
    if first is not None and first.action is not None:
        taking = first.action.code
    elif request.kind == ControlKind.SPLIT:
        taking = "分出的第 1 項"
    # What follows (decision 0026) is said before somebody agrees to it.
    sentences = [
        f"核准當天起 {code} 不再列管、也不再計入燈號與進度，所有單位都不必再填報；"
        f"已填的辦理情形與佐證留在 {code}，從承接的項目看得到。{WHAT_WAITS}"
    ]
    if request.kind == ControlKind.MERGE:
        sentences.append(
            f"{taking} 在開放的填報期已經送出的辦理情形會退回，請各單位補上併入的內容。"
        )
    else:
        sentences.append(
            "新項目的編號由系統接著編；主辦與期限不變的單位，承辦人與填好的預定進度一併帶過去。"
        )
    directives = Directive.objects.open().filter(action=action).count()
    if directives:
        sentences.append(f"還沒結案的主席裁示 {directives} 案改掛到{_spaced(taking)}，繼續追蹤。")
    questions = Question.objects.open().filter(action=action).count()
    if questions:
        sentences.append(f"待答覆的留言 {questions:,} 則留在 {code}，照常答覆。")
    return sentences


def _spaced(words: str) -> str:
    """A code with the spaces that stand between it and Chinese words."""
    if words.isascii():
        return f" {words} "
    return words


# The past of an item that others took over.


@dataclass(frozen=True)
class PredecessorPast:
    """An item that went into this one, and how much was said and proved there."""

    code: str
    title: str
    number_of_reports: int
    number_of_files: int


def pasts_of(user: User, links: ItemLinks) -> list[PredecessorPast]:
    """In two queries; in none where nothing was taken over."""
    keys = [item.key for item in links.predecessors]
    if not keys:
        return []
    readable = access.readable_reports(user)
    # Drafts are no past: nobody was told of them.
    reports = readable.filter(assignment__action__in=keys, state__in=SUBMITTED).order_by()
    numbers_of_reports = _numbers_by(reports, "assignment__action")
    files = Evidence.objects.attached().filter(report__in=reports.values("pk")).order_by()
    numbers_of_files = _numbers_by(files, "report__assignment__action")
    pasts = []
    for item in links.predecessors:
        past = PredecessorPast(
            code=item.code,
            title=item.title,
            number_of_reports=numbers_of_reports.get(item.key, 0),
            number_of_files=numbers_of_files.get(item.key, 0),
        )
        pasts.append(past)
    return pasts


def _numbers_by(rows: QuerySet[Any], path: str) -> dict[int, int]:
    """{key of an item: how many of the rows are its}; `path` leads to the item."""
    return dict(rows.values_list(path).annotate(number=Count("pk")))
