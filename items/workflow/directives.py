"""會議與主席裁示: the plan office writes down what was said, and how each instruction ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from items.models import (
    Action,
    AnswerState,
    Department,
    Directive,
    DirectiveAnswer,
    DirectiveOutcome,
    Door,
    Meeting,
    NoticeEvent,
    Programme,
    User,
)
from items.models.lengths import REASON_LENGTH
from items.workflow import history, notices
from items.workflow.errors import Refusal, WorkflowError


@dataclass(frozen=True)
class DirectiveContent:
    """What is written down of one instruction."""

    text: str
    departments: Sequence[Department]
    action: Action | None = None
    due_on: date | None = None


# Meetings.


@transaction.atomic
def save_meeting(meeting: Meeting, *, by: User, at: datetime, door: Door = Door.PAGE) -> Meeting:
    """A new meeting, or other words of one."""
    _require_year_not_closed(meeting.programme_id)
    return history.save(meeting, by=by, at=at, door=door)


@transaction.atomic
def delete_meeting(meeting: Meeting, *, by: User, at: datetime, door: Door = Door.PAGE) -> None:
    """Delete a meeting that was made by mistake."""
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    number = held.directives.count()
    if number:
        words = f"「{held}」已經有 {number} 案裁示，不能刪除，以免紀錄失去依據。"
        raise WorkflowError(words, Refusal.MEETING_HAS_DIRECTIVES)
    history.delete(held, by=by, at=at, door=door)


# What was said in them.


@transaction.atomic
def give(
    meeting: Meeting,
    content: DirectiveContent,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
    continues: Directive | None = None,
) -> Directive:
    """The next instruction of a meeting, with a row for each department."""
    _require_year_not_closed(meeting.programme_id)
    # Held, so that two people who write at once get two numbers.
    held = Meeting.objects.select_for_update().select_related("programme").get(pk=meeting.pk)
    _require_possible(held, content)
    last = held.directives.aggregate(last=Max("number"))["last"] or 0
    directive = Directive(
        meeting=held,
        number=last + 1,
        text=content.text.strip(),
        action=content.action,
        due_on=content.due_on,
        continues=continues,
    )
    history.save(directive, by=by, at=at, door=door)
    for department in content.departments:
        answer = DirectiveAnswer(directive=directive, department=department)
        history.save(answer, by=by, at=at, door=door)
    tell_departments(directive, content.departments, NoticeEvent.DIRECTIVE_GIVEN, by=by, at=at)
    return directive


def tell_departments(
    directive: Directive,
    departments: Iterable[Department],
    event: NoticeEvent,
    *,
    by: User,
    at: datetime,
) -> None:
    """A notice to everybody who writes for these departments."""
    people = notices.writers_of(departments)
    # Only as long as it is followed up is there a day to keep.
    until = directive.due_on
    if not directive.is_open:
        until = None
    notices.tell(people, event, directive, until=until, by=by, at=at)


@transaction.atomic
def revise(
    directive: Directive,
    content: DirectiveContent,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> Directive:
    """Other words, day, item or departments of an instruction that is still followed up."""
    held = hold_open(directive)
    _require_year_not_closed(held.meeting.programme_id)
    had = {answer.department_id: answer for answer in held.answers.select_related("department")}
    _require_possible(held.meeting, content, had=set(had))
    said_before = (held.text, held.due_on)
    held.text = content.text.strip()
    held.action = content.action
    held.due_on = content.due_on
    history.save(held, by=by, at=at, door=door)
    wanted = {department.pk for department in content.departments}
    for key, answer in had.items():
        if key not in wanted:
            _take_away(answer, by=by, at=at, door=door)
    added = []
    kept = []
    for department in content.departments:
        if department.pk not in had:
            answer = DirectiveAnswer(directive=held, department=department)
            history.save(answer, by=by, at=at, door=door)
            added.append(department)
        elif not had[department.pk].is_released:
            kept.append(department)
    tell_departments(held, added, NoticeEvent.DIRECTIVE_GIVEN, by=by, at=at)
    if said_before != (held.text, held.due_on):
        tell_departments(held, kept, NoticeEvent.DIRECTIVE_REVISED, by=by, at=at)
    # The last row that was open may be among those taken away.
    conclude_where_all_released(held, by=by, at=at, door=door)
    return held


def _take_away(answer: DirectiveAnswer, *, by: User, at: datetime, door: Door) -> None:
    if answer.answered_at is not None:
        words = (
            f"{answer.department}已經填了{answer.directive}的辦理情形，不能取消，以免紀錄失去依據；"
            "不必再辦時，請同意解列。"
        )
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)
    history.delete(answer, by=by, at=at, door=door)


def _require_possible(
    meeting: Meeting, content: DirectiveContent, *, had: set[int] | None = None
) -> None:
    if not content.text.strip():
        raise WorkflowError("請寫裁示內容。", Refusal.DIRECTIVE_NOT_POSSIBLE)
    if not content.departments:
        words = "請至少選一個主辦單位，裁示才有人辦理。"
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)
    for department in content.departments:
        if department.is_active or department.pk in (had or set()):
            continue
        words = f"單位「{department}」已經停用，請改選接手的單位。"
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)
    if content.action is not None and content.action.programme != meeting.programme:
        words = (
            f"{content.action.code} 不是{meeting.programme.year}年度的項目，請改選這個年度的項目。"
        )
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)


# How it ends.


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
    reason = because.strip()
    _require_possible_outcome(held, outcome, reason)
    concluded = _write_outcome(held, outcome, because=reason, by=by, at=at, door=door)
    # Those that were released have been told.
    waiting = [row.department for row in _open_rows(concluded)]
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
    if len(because) > REASON_LENGTH:
        words = f"原因太長，最多 {REASON_LENGTH} 個字；{directive}沒有變動。"
        raise WorkflowError(words, Refusal.REASON_TOO_LONG)


def _open_rows(directive: Directive) -> QuerySet[DirectiveAnswer]:
    return directive.answers.exclude(state=AnswerState.RELEASED).select_related("department")


def _names_of_open_rows(directive: Directive) -> str:
    return "、".join(row.department.name for row in _open_rows(directive))


def conclude_where_all_released(
    directive: Directive, *, by: User, at: datetime, door: Door = Door.PAGE
) -> bool:
    """解除列管 as soon as no row is open; whether it was. The directive is held by the caller."""
    if _names_of_open_rows(directive):
        return False
    _write_outcome(directive, DirectiveOutcome.RELEASED, because="", by=by, at=at, door=door)
    return True


@transaction.atomic
def carry_over(
    directive: Directive,
    meeting: Meeting,
    *,
    due_on: date | None = None,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> Directive:
    """持續列管: it goes on as an instruction of a later meeting, perhaps of another year.

    It gets a new day where `due_on` is given, and keeps its own without.

    Only the departments that are not released yet get a row there, without what they wrote. An
    item of another year is left behind: the link says which one it was.
    """
    held = hold_open(directive)
    if meeting.pk == held.meeting_id or meeting.held_on < held.meeting.held_on:
        words = f"請選{held.meeting}之後的會議，{held}才能接續下去。"
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)
    departments = [row.department for row in _open_rows(held) if row.department.is_active]
    if not departments:
        words = f"{held}未解列的單位都已經停用；請先加上接手的單位，再接到「{meeting}」。"
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)
    action = held.action
    if meeting.programme_id != held.meeting.programme_id:
        action = None
    content = DirectiveContent(
        text=held.text, departments=departments, action=action, due_on=due_on or held.due_on
    )
    successor = give(meeting, content, by=by, at=at, door=door, continues=held)
    _write_outcome(
        held, DirectiveOutcome.CONTINUED, because=f"接到{successor}", by=by, at=at, door=door
    )
    return successor


@transaction.atomic
def carry_several(
    directives: Iterable[Directive],
    meeting: Meeting,
    *,
    due_on: date | None = None,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> list[Directive]:
    """持續列管 of several in one go: all of them in the order in which they were said, or none."""
    in_order = sorted(directives, key=lambda one: (one.meeting.held_on, one.meeting_id, one.number))
    if not in_order:
        words = "請至少勾選一案，才知道要把哪些裁示接過來。"
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)
    successors = []
    for directive in in_order:
        successor = carry_over(directive, meeting, due_on=due_on, by=by, at=at, door=door)
        successors.append(successor)
    return successors


@transaction.atomic
def follow_up_again(
    directive: Directive, *, because: str, by: User, at: datetime, door: Door = Door.PAGE
) -> Directive:
    """恢復列管 of one that was concluded too early: its rows wait for their departments again."""
    held = _held(directive)
    if held.is_open:
        words = f"{held}還在列管中，沒有變動。"
        raise WorkflowError(words, Refusal.DIRECTIVE_STILL_OPEN)
    if held.outcome == DirectiveOutcome.CONTINUED:
        words = f"{held}已經{held.outcome_because}，請在那裡繼續列管。"
        raise WorkflowError(words, Refusal.DIRECTIVE_CONCLUDED)
    _require_year_not_closed(held.meeting.programme_id)
    reason = because.strip()
    if not reason:
        words = f"請寫{held}恢復列管的原因，各單位會看到。"
        raise WorkflowError(words, Refusal.REASON_MISSING)
    if len(reason) > REASON_LENGTH:
        words = f"原因太長，最多 {REASON_LENGTH} 個字；{held}沒有變動。"
        raise WorkflowError(words, Refusal.REASON_TOO_LONG)
    held.outcome = ""
    held.outcome_because = reason
    held.concluded_by = None
    held.concluded_at = None
    history.save(held, by=by, at=at, door=door, is_step=True)
    for answer in held.answers.filter(state=AnswerState.RELEASED):
        answer.state = AnswerState.TO_DO
        history.save(answer, by=by, at=at, door=door)
    departments = [row.department for row in _open_rows(held)]
    tell_departments(held, departments, NoticeEvent.DIRECTIVE_RESUMED, by=by, at=at)
    return held


def _write_outcome(
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


# Holding.


def _held(directive: Directive) -> Directive:
    """The instruction as it is now, held until the end of the transaction."""
    locked = Directive.objects.select_for_update().get(pk=directive.pk)
    locked.meeting = Meeting.objects.select_related("programme").get(pk=locked.meeting_id)
    return locked


def hold_open(directive: Directive) -> Directive:
    """The same of one that is still followed up; `WorkflowError` where it was concluded."""
    held = _held(directive)
    if not held.is_open:
        words = f"{held}已經{held.get_outcome_display()}，沒有變動；要再辦理，請研考恢復列管。"
        raise WorkflowError(words, Refusal.DIRECTIVE_CONCLUDED)
    return held


def _require_year_not_closed(programme_key: int) -> None:
    programme = Programme.objects.select_for_update().get(pk=programme_key)
    if programme.is_closed:
        words = f"{programme.year}年度已經結案，會議與裁示不能再變動；請改在現在的年度記。"
        raise WorkflowError(words, Refusal.YEAR_CLOSED)
