"""承接項目 of an application: written with it, and what they lack before it can be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    ControlKind,
    ControlRequest,
    ControlSuccessor,
    SuccessorShare,
)
from items.models.control import ON_ITS_WAY, SUCCESSION_KINDS
from items.models.control_successors import requests_touching, share_words
from items.plan_content import ShareContent
from items.workflow.errors import Refusal, WorkflowError

FEWEST_PARTS = 2
MOST_PARTS = 10
"""More than any office splits an item into: a request cannot ask for a million items."""


@dataclass(frozen=True)
class SuccessorContent:
    """One 承接項目 as somebody wrote it: an item that is there, or the text of one to be made."""

    action_id: int | None = None
    title: str = ""
    expected_benefit: str = ""
    shares: tuple[ShareContent, ...] = ()


def write_successors(request: ControlRequest, content: Mapping[str, Any]) -> None:
    """Replace 承接項目 by those of `content`, where it says any; another kind has none."""
    if not request.has_successors:
        request.successors.all().delete()
        return
    if ControlRequest.SUCCESSORS not in content:
        return
    request.successors.all().delete()
    for number, wanted in enumerate(content[ControlRequest.SUCCESSORS], start=1):
        successor = ControlSuccessor.objects.create(
            request=request,
            number=number,
            action_id=wanted.action_id,
            title=wanted.title,
            expected_benefit=wanted.expected_benefit,
        )
        for share in wanted.shares:
            SuccessorShare.objects.create(
                successor=successor,
                department_id=share.department_id,
                kind=share.kind,
                deadline=share.deadline,
                deadline_text=share.deadline_text,
            )


def shares_in_words(action: Action) -> str:
    """「主辦 行政處（115年12月）」, a line each: what an item has when an application is sent."""
    lines = []
    assignments = action.assignments.select_related("department")
    for assignment in assignments.order_by("kind", "position", "id"):
        words = share_words(assignment.kind, assignment.department, assignment.deadline_text)
        lines.append(words)
    return "\n".join(lines)


def take_deadlines_of_now(request: ControlRequest) -> None:
    """Departments that go along into another item keep the deadline of the day of sending."""
    if request.kind != ControlKind.MERGE:
        return
    assignments = {}
    for assignment in request.assignment.action.assignments.all():
        assignments[assignment.department_id] = assignment
    for share in SuccessorShare.objects.filter(successor__request=request):
        now = assignments.get(share.department_id)
        if now is None:
            # The department has lost the item since the draft was written.
            share.delete()
            continue
        share.kind = now.kind
        share.deadline = now.deadline
        share.deadline_text = now.deadline_text
        share.save()


# What is still lacking.


def missing_in_successors(request: ControlRequest) -> dict[str, str]:
    """{field: sentence}; of 併案 and 分案 alone."""
    successors = list(
        request.successors.select_related("action__plan__method__strategy__programme")
        .prefetch_related("shares__department")
        .order_by("number")
    )
    if request.kind == ControlKind.MERGE:
        return _missing_in_merge(request, successors)
    return _missing_in_split(successors)


def _missing_in_merge(
    request: ControlRequest, successors: Sequence[ControlSuccessor]
) -> dict[str, str]:
    if not successors or successors[0].action is None:
        return {"merged_into": "請選要併入哪一項。"}
    [successor] = successors
    target = successor.action
    assert target is not None
    problem = problem_of_target(request.assignment.action, target)
    if problem:
        return {"merged_into": problem}
    shares = list(successor.shares.all())
    if not shares and not target.assignments.exists():
        return {"joining": f"{target.code} 還沒有分辦給任何單位，請至少勾選一個一起併入的單位。"}
    return _missing_in_shares(shares, "joining")


def problem_of_target(action: Action, target: Action) -> str:
    """Why an item cannot go into another one, as a sentence; empty where it can."""
    if target.pk == action.pk:
        return f"{action.code} 不能併入自己，請改選另一項。"
    if target.programme.pk != action.programme.pk:
        return f"{target.code} 不是{action.programme.year}年度的項目，請改選同一年度的項目。"
    if not target.is_controlled:
        status = target.get_control_status_display()
        return f"{target.code} 已經是「{status}」，請改選還在列管中的項目。"
    return ""


def _missing_in_split(successors: Sequence[ControlSuccessor]) -> dict[str, str]:
    if len(successors) < FEWEST_PARTS:
        return {"successors": f"分案要分成 {FEWEST_PARTS} 項以上；只改一項的文字，請申請調整。"}
    sentences = []
    number_of_title: dict[str, int] = {}
    for successor in successors:
        place = f"分出的第 {successor.number} 項"
        title = successor.title.strip()
        # All that is wrong at once: ten parts with one sentence each time would be ten rounds.
        if not title:
            sentences.append(f"{place}：請寫具體推動作法。")
        elif title in number_of_title:
            # At an import nobody could tell the two apart.
            twin = number_of_title[title]
            sentences.append(f"{place}與第 {twin} 項的文字相同，請寫出各自負責什麼。")
        else:
            number_of_title[title] = successor.number
        shares = list(successor.shares.all())
        if not any(share.kind == AssignmentKind.LEAD for share in shares):
            sentences.append(f"{place}：至少要有一個主辦單位與完成期限。")
        for sentence in _missing_in_shares(shares, "successors").values():
            sentences.append(f"{place}：{sentence}")
    if sentences:
        return {"successors": "".join(sentences)}
    return {}


def _missing_in_shares(shares: Sequence[SuccessorShare], field: str) -> dict[str, str]:
    for share in shares:
        if not share.department.is_active:
            return {field: share.department.nothing_new_words()}
    return {}


# One at a time, for an item and for what it goes into.


def touched_items(request: ControlRequest) -> list[int]:
    """The keys of the item and of the one that it goes into, in the order in which they are held."""
    keys = {request.assignment.action_id}
    targets = request.successors.filter(action__isnull=False).values_list("action_id", flat=True)
    return sorted({*keys, *targets})


def hold_items(keys: Sequence[int]) -> dict[int, Action]:
    """The items until the step is done, in the order of their keys: nobody waits in a circle."""
    rows = Action.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    # Evaluated for the lock alone: what is joined would be held as well.
    list(rows.values_list("pk", flat=True))
    return Action.objects.with_path().in_bulk(keys)


def require_alone(request: ControlRequest) -> None:
    """Raise where another application about one of these items is on its way.

    併案 and 分案 take an item away from all its departments, so that nothing else may be on its way
    for it; and beside them nothing else may be sent. Drafts belong to their department alone and do not count.
    """
    touching = requests_touching(touched_items(request)).filter(state__in=ON_ITS_WAY)
    others = touching.exclude(pk=request.pk)
    if not request.has_successors:
        others = others.filter(kind__in=SUCCESSION_KINDS)
    other = others.with_path().order_by("since", "pk").first()
    if other is None:
        return
    message = (
        f"{other}正在處理（{other.get_state_display()}），牽涉同一項，一次只能有一件；"
        "請等它決定，或請那個單位先撤回。"
    )
    raise WorkflowError(message, Refusal.REQUEST_NOT_POSSIBLE)


def added_by_merge(successor: ControlSuccessor, target: Action) -> list[SuccessorShare]:
    """Those departments of a merged item that the other one has not got yet."""
    having = set(Assignment.objects.filter(action=target).values_list("department_id", flat=True))
    shares = successor.shares.select_related("department")
    return [share for share in shares if share.department_id not in having]
