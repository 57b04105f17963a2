"""How a 主席裁示 ends: 解除列管, 自行列管 or 作廢; and 恢復列管 of one that ended too early."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from items.models import (
    AnswerState,
    Directive,
    DirectiveAnswer,
    DirectiveOutcome,
    Door,
    NoticeEvent,
    User,
)
from items.models.lengths import REASON_LENGTH
from items.workflow import history
from items.workflow.directive_holding import (
    held_now,
    hold_open,
    require_year_not_closed,
    tell_departments,
)
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.reasons import checked_reason, require_short


@transaction.atomic
def conclude(
    directive: Directive,
    outcome: DirectiveOutcome,
    *,
    because: str = "",
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> Directive:
    """解除列管 where every row is released; 自行列管 or 作廢 whenever, with the reason."""
    held = hold_open(directive)
    # PostgreSQL would answer this character with an error.
    reason = because.replace("\0", "").strip()
    _require_possible_outcome(held, outcome, reason)
    concluded = write_outcome(held, outcome, because=reason, by=by, at=at, door=door)
    # Those that were released have been told.
    waiting = [row.department for row in open_rows(concluded)]
    tell_departments(concluded, waiting, NoticeEvent.DIRECTIVE_CONCLUDED, by=by, at=at)
    return concluded


def _require_possible_outcome(
    directive: Directive, outcome: DirectiveOutcome, because: str
) -> None:
    if outcome == DirectiveOutcome.CONTINUED:
        words = "持續列管的裁示接到另一次會議，請選那一次會議。"
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)
    if outcome == DirectiveOutcome.RELEASED:
        names = _names_of_open_rows(directive)
        if names:
            words = f"{directive}還沒有同意{names}解列，不能解除列管；請先決定每個單位的解列。"
            raise WorkflowError(words, Refusal.DIRECTIVE_STILL_OPEN)
    elif not because:
        words = f"請寫{directive}{outcome.label}的原因，各單位會看到。"
        raise WorkflowError(words, Refusal.REASON_MISSING)
    require_short(because, _too_long(directive))


def _too_long(directive: Directive) -> str:
    return f"原因太長，最多 {REASON_LENGTH} 個字；{directive}沒有變動。"


def open_rows(directive: Directive) -> QuerySet[DirectiveAnswer]:
    return directive.answers.exclude(state=AnswerState.RELEASED).select_related("department")


def _names_of_open_rows(directive: Directive) -> str:
    return "、".join(row.department.name for row in open_rows(directive))


def conclude_where_all_released(
    directive: Directive, *, by: User, at: datetime, door: Door = Door.PAGE
) -> bool:
    """解除列管 as soon as no row is open; whether it was. The directive is held by the caller."""
    if _names_of_open_rows(directive):
        return False
    write_outcome(directive, DirectiveOutcome.RELEASED, because="", by=by, at=at, door=door)
    return True


@transaction.atomic
def follow_up_again(
    directive: Directive, *, because: str, by: User, at: datetime, door: Door = Door.PAGE
) -> Directive:
    """恢復列管 of one that was concluded too early: its rows wait for their departments again."""
    held = held_now(directive)
    if held.is_open:
        words = f"{held}還在列管中，沒有變動。"
        raise WorkflowError(words, Refusal.DIRECTIVE_STILL_OPEN)
    if held.outcome == DirectiveOutcome.CONTINUED:
        words = f"{held}已經{held.outcome_because}，請在那裡繼續列管。"
        raise WorkflowError(words, Refusal.DIRECTIVE_CONCLUDED)
    require_year_not_closed(held.meeting.programme_id)
    reason = checked_reason(
        because,
        missing=f"請寫{held}恢復列管的原因，各單位會看到。",
        too_long=_too_long(held),
    )
    held.outcome = ""
    # In the place of the reason for its end, which the history keeps.
    held.outcome_because = reason
    held.concluded_by = None
    held.concluded_at = None
    history.save(held, by=by, at=at, door=door, is_step=True)
    for answer in held.answers.filter(state=AnswerState.RELEASED):
        answer.state = AnswerState.TO_DO
        history.save(answer, by=by, at=at, door=door)
    departments = [row.department for row in open_rows(held)]
    tell_departments(held, departments, NoticeEvent.DIRECTIVE_RESUMED, by=by, at=at)
    return held


def write_outcome(
    held: Directive,
    outcome: DirectiveOutcome,
    *,
    because: str,
    by: User,
    at: datetime,
    door: Door,
) -> Directive:
    held.outcome = outcome
    held.outcome_because = because
    held.concluded_by = by
    held.concluded_at = at
    return history.save(held, by=by, at=at, door=door, is_step=True)
