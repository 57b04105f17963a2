"""會議與主席裁示: the plan office writes down what was said, and carries it on in later meetings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from items.models import (
    Action,
    Department,
    Directive,
    DirectiveAnswer,
    DirectiveOutcome,
    Door,
    Meeting,
    NoticeEvent,
    User,
)
from items.workflow import history
from items.workflow.directive_endings import (
    conclude_where_all_released,
    open_rows,
    write_outcome,
)
from items.workflow.directive_holding import (
    hold_open,
    require_year_not_closed,
    tell_departments,
)
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
    require_year_not_closed(meeting.programme_id)
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
    require_year_not_closed(meeting.programme_id)
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
    require_year_not_closed(held.meeting.programme_id)
    answers_before = {
        answer.department_id: answer for answer in held.answers.select_related("department")
    }
    _require_possible(held.meeting, content, departments_before=set(answers_before))
    content_before = (held.text, held.due_on)
    held.text = content.text.strip()
    held.action = content.action
    held.due_on = content.due_on
    history.save(held, by=by, at=at, door=door)
    wanted = {department.pk for department in content.departments}
    for key, answer in answers_before.items():
        if key not in wanted:
            _take_away(answer, by=by, at=at, door=door)
    added = []
    staying = []
    for department in content.departments:
        if department.pk not in answers_before:
            answer = DirectiveAnswer(directive=held, department=department)
            history.save(answer, by=by, at=at, door=door)
            added.append(department)
        # One that is released has done its part: other words do not call it back.
        elif not answers_before[department.pk].is_released:
            staying.append(department)
    tell_departments(held, added, NoticeEvent.DIRECTIVE_GIVEN, by=by, at=at)
    if content_before != (held.text, held.due_on):
        tell_departments(held, staying, NoticeEvent.DIRECTIVE_REVISED, by=by, at=at)
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
    meeting: Meeting, content: DirectiveContent, *, departments_before: set[int] | None = None
) -> None:
    if not content.text.strip():
        raise WorkflowError("請寫裁示內容。", Refusal.DIRECTIVE_NOT_POSSIBLE)
    if not content.departments:
        words = "請至少選一個主辦單位，裁示才有人辦理。"
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)
    # A department that has ended may stay with an instruction that it had: its answer is there.
    departments_there = departments_before or set()
    for department in content.departments:
        if department.is_active or department.pk in departments_there:
            continue
        words = f"單位「{department}」已經停用，請改選接手的單位。"
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)
    if content.action is not None and content.action.programme != meeting.programme:
        words = (
            f"{content.action.code} 不是{meeting.programme.year}年度的項目，請改選這個年度的項目。"
        )
        raise WorkflowError(words, Refusal.DIRECTIVE_NOT_POSSIBLE)


# Carried on.


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
    departments = [row.department for row in open_rows(held) if row.department.is_active]
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
    write_outcome(
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
    # In one transaction: a half-carried meeting would look as if the rest had been dropped.
    successors = []
    for directive in in_order:
        successor = carry_over(directive, meeting, due_on=due_on, by=by, at=at, door=door)
        successors.append(successor)
    return successors
