"""年終: several items are released or carried over by one decision, which can be taken back."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from items.models import Action, ControlStatus, Door, Programme, User
from items.models.control_successors import requests_touching
from items.models.lengths import REASON_LENGTH
from items.models.year_end import PROPOSED_LENGTH, YearEndDecision, YearEndItem
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.reasons import checked_reason

MOST_NAMED = 5


def _hold_running(programme: Programme) -> None:
    """Hold the year, so that nobody closes it meanwhile; raise where it is not running."""
    programme.refresh_from_db(from_queryset=Programme.objects.select_for_update(no_key=True))
    if programme.is_running:
        return
    state = programme.get_state_display()
    message = f"{programme.year}年度目前是「{state}」，執行中的年度才能這樣做；請先恢復執行。"
    raise WorkflowError(message, Refusal.YEAR_IN_ANOTHER_STATE)


@transaction.atomic
def decide_year_end(
    programme: Programme,
    items: Mapping[int, str],
    status: ControlStatus,
    *,
    number: str = "",
    words: str = "",
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> YearEndDecision:
    """Give all these items the 列管狀態, or none. `items` is {key of an action: what speaks for it}."""
    _hold_running(programme)
    if not items:
        raise WorkflowError("請先勾選項目；還沒有決定任何一項。", Refusal.ITEM_CHANGED)
    held = _held(programme, list(items))
    _require_undisturbed(held, items)
    decision = YearEndDecision(
        programme=programme,
        status=status,
        number=number.strip(),
        words=words.strip(),
        decided_at=at,
        decided_by=by,
    )
    history.save(decision, by=by, at=at, door=door)
    decided = []
    for action in held:
        action.control_status = status
        history.save(action, by=by, at=at, door=door)
        because = items[action.pk][:PROPOSED_LENGTH]
        decided.append(YearEndItem(decision=decision, action=action, because=because))
    # Together: one block of the chain for all of them.
    YearEndItem.objects.bulk_create(decided)
    return decision


def _held(programme: Programme, keys: list[int]) -> list[Action]:
    """The items, held in the order of their keys until the decision stands."""
    chosen = Action.objects.for_programme(programme).filter(pk__in=keys)
    # The rows alone, by a second question: what is joined would be held as well.
    keys_of_year = list(chosen.order_by().values_list("pk", flat=True))
    locked = (
        Action.objects.select_for_update(no_key=True).filter(pk__in=keys_of_year).order_by("pk")
    )
    return list(locked)


def _require_undisturbed(held: list[Action], items: Mapping[int, str]) -> None:
    """Raise with every item that cannot be decided now."""
    problems = []
    # Deleted since the page was opened: a decision on fewer items than were seen is another one.
    if len(held) < len(items):
        problems.append("有的項目已經不在這個年度了")
    for action in held:
        if not action.is_controlled:
            problems.append(f"{action.code} 已經是「{action.get_control_status_display()}」")
    # Drafts as well: their department would find that there is nothing to apply for any more.
    keys = [action.pk for action in held]
    undecided = requests_touching(keys).undecided()
    for request in undecided.with_path().order_by("assignment__action__code"):
        state = request.get_state_display()
        problems.append(f"{request}還沒有決定（{state}）")
    if problems:
        sentence = "；".join(problems)
        message = f"全部都還沒有決定：{sentence}。請先處理或取消勾選，再送一次。"
        raise WorkflowError(message, Refusal.ITEM_CHANGED)


@transaction.atomic
def undo_year_end(
    decision: YearEndDecision, *, because: str, by: User, at: datetime, door: Door = Door.PAGE
) -> YearEndDecision:
    """復原: all its items are under control again, or none where somebody has gone on since."""
    _hold_running(decision.programme)
    current = YearEndDecision.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=decision.pk
    )
    if current.is_undone:
        message = f"這個決定剛才已由{current.undone_by}復原了。"
        raise WorkflowError(message, Refusal.ITEM_CHANGED)
    reason = checked_reason(
        because,
        missing="請寫復原的原因。",
        too_long=f"復原的原因太長，最多 {REASON_LENGTH} 個字；這個決定沒有變動。",
    )
    keys = list(current.items.values_list("action", flat=True))
    held = _held(decision.programme, keys)
    # An application that was approved since is a decision of its own: it is not taken back beside.
    moved_on = [action.code for action in held if action.control_status != current.status]
    if moved_on:
        codes = "、".join(moved_on[:MOST_NAMED])
        message = f"沒有復原：{codes} 的列管狀態後來又改過，請逐項處理。"
        raise WorkflowError(message, Refusal.ITEM_CHANGED)
    for action in held:
        action.control_status = ControlStatus.UNDER_CONTROL
        history.save(action, by=by, at=at, door=door)
    current.undone_at = at
    current.undone_by = by
    current.undone_because = reason
    return history.save(current, by=by, at=at, door=door)
