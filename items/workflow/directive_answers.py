"""裁示辦理: departments say what they did and ask to be released; the plan office decides."""

from datetime import datetime

from django.db import transaction

from items.models import AnswerState, Directive, DirectiveAnswer, Door, NoticeEvent, User
from items.models.directives import ANSWER_LENGTH
from items.models.lengths import REASON_LENGTH
from items.workflow import history, notices
from items.workflow.directive_endings import conclude_where_all_released
from items.workflow.directive_holding import hold_open
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.reasons import checked_reason


@transaction.atomic
def write(
    answer: DirectiveAnswer,
    text: str,
    *,
    seen_at: datetime | None,
    asks: bool,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> DirectiveAnswer:
    """辦理情形 of a department; 要求解列 in the same step where it `asks`.

    `seen_at` is `answered_at` as the writer saw it: nobody writes over a colleague unawares.
    """
    held = _held(answer)
    _require_state(held, AnswerState.TO_DO)
    words = text.strip()
    # The same words twice are no conflict: a double click sends them twice.
    if held.answered_at != seen_at and held.text != words:
        raise _changed(held)
    if asks and not words:
        message = f"請先寫{held.directive}的辦理情形，再要求解列。"
        raise WorkflowError(message, Refusal.ANSWER_MISSING)
    if len(words) > ANSWER_LENGTH:
        message = f"辦理情形太長，最多 {ANSWER_LENGTH:,} 個字。"
        raise WorkflowError(message, Refusal.ANSWER_MISSING)
    # Who only asks to be released leaves the name of the colleague who wrote the text.
    if words != held.text:
        held.text = words
        held.answered_by = by
        held.answered_at = at
    if asks:
        held.state = AnswerState.ASKED
        held.asked_by = by
        held.asked_at = at
        # The refusal before belongs to the request before; history keeps its words.
        held.refused_because = ""
    saved = history.save(held, by=by, at=at, door=door)
    if asks:
        people = notices.plan_office()
        notices.tell(people, NoticeEvent.RELEASE_ASKED, saved, by=by, at=at)
    return saved


@transaction.atomic
def take_back(
    answer: DirectiveAnswer, *, by: User, at: datetime, door: Door = Door.PAGE
) -> DirectiveAnswer:
    """收回 the request, as long as the plan office has not decided."""
    held = _held(answer)
    _require_state(held, AnswerState.ASKED)
    held.state = AnswerState.TO_DO
    return history.save(held, by=by, at=at, door=door)


@transaction.atomic
def agree(
    answer: DirectiveAnswer, *, by: User, at: datetime, door: Door = Door.PAGE
) -> DirectiveAnswer:
    """同意解列; with the last row of an instruction the instruction is released as well."""
    held = _held(answer)
    _require_state(held, AnswerState.ASKED)
    held.state = AnswerState.RELEASED
    held.decided_by = by
    held.decided_at = at
    history.save(held, by=by, at=at, door=door)
    _tell_the_department(held, NoticeEvent.RELEASE_AGREED, by=by, at=at)
    conclude_where_all_released(held.directive, by=by, at=at, door=door)
    return held


@transaction.atomic
def refuse(
    answer: DirectiveAnswer, *, because: str, by: User, at: datetime, door: Door = Door.PAGE
) -> DirectiveAnswer:
    """不同意解列: the department reads why, and goes on."""
    held = _held(answer)
    _require_state(held, AnswerState.ASKED)
    reason = checked_reason(
        because,
        missing=f"請寫不同意{held.department}解列的原因，單位才知道還要做什麼。",
        too_long=f"不同意的原因太長，最多 {REASON_LENGTH} 個字。",
    )
    held.state = AnswerState.TO_DO
    held.refused_because = reason
    held.decided_by = by
    held.decided_at = at
    saved = history.save(held, by=by, at=at, door=door)
    _tell_the_department(saved, NoticeEvent.RELEASE_REFUSED, by=by, at=at)
    return saved


def _tell_the_department(
    answer: DirectiveAnswer, event: NoticeEvent, *, by: User, at: datetime
) -> None:
    people = notices.writers_of([answer.department_id])
    notices.tell(people, event, answer, by=by, at=at)


def _held(answer: DirectiveAnswer) -> DirectiveAnswer:
    """The row as it is now, with its instruction, both held until the end of the transaction."""
    # The instruction is held before its row. When the last two rows are released at the same
    # moment, the second one sees the first, and the instruction is concluded.
    directive: Directive = hold_open(answer.directive)
    held = DirectiveAnswer.objects.select_related("department", "answered_by").get(pk=answer.pk)
    held.directive = directive
    return held


def _require_state(answer: DirectiveAnswer, state: AnswerState) -> None:
    if answer.state == state:
        return
    words = (
        f"{answer}目前是「{answer.get_state_display()}」，只有「{state.label}」時可以這樣做；"
        "請重新整理頁面看目前的狀態。"
    )
    raise WorkflowError(words, Refusal.ANSWER_IN_ANOTHER_STATE)


def _changed(answer: DirectiveAnswer) -> WorkflowError:
    words = (
        f"{answer.department}的辦理情形剛才已由{answer.answered_by}更新，"
        "請先看過目前內容，再併入您寫的文字。"
    )
    return WorkflowError(words, Refusal.ANSWER_CHANGED)
