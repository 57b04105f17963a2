"""留言 about an item: asked, answered, settled and asked again, each with its history entry."""

from datetime import datetime

from django.db import transaction

from items import access
from items.models import (
    Action,
    Department,
    Door,
    NoticeEvent,
    Programme,
    Question,
    QuestionState,
    QuestionStep,
    QuestionStepKind,
    User,
)
from items.models.questions import QUESTION_LENGTH
from items.workflow import history, notices
from items.workflow.errors import Refusal, WorkflowError


@transaction.atomic
def ask(
    action: Action,
    text: str,
    *,
    to: Department | User,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> Question:
    """A new question about an item, to a department or to a person."""
    # The year is held before the item, in the order of all verbs that hold both: otherwise two could
    # wait for each other for ever.
    _require_year_goes_on(action)
    held = Action.objects.select_for_update().filter(pk=action.pk).first()
    if held is None:
        words = f"{action.code} 剛才已經刪除，留言沒有送出。"
        raise WorkflowError(words, Refusal.ITEM_GONE)
    words = _checked(text, "請寫留言的內容。")
    _require_somebody(to)
    question = Question(
        action=action, text=words, asked_by=by, asked_for=_acts_for(by, action), asked_at=at
    )
    if isinstance(to, Department):
        question.to_department = to
    else:
        question.to_person = to
    _refuse_if_sent_twice(question)
    history.save(question, by=by, at=at, door=door)
    _tell_addressee(question, NoticeEvent.QUESTION_ASKED, by=by, at=at)
    return question


@transaction.atomic
def answer(
    question: Question, text: str, *, by: User, at: datetime, door: Door = Door.PAGE
) -> QuestionStep:
    """答覆, also a second one that adds to the first."""
    held = _hold(question)
    if held.is_settled:
        words = f"{held}已經解決，答覆沒有送出；還有要說的，請另外留言。"
        raise WorkflowError(words, Refusal.QUESTION_IN_ANOTHER_STATE)
    words = _checked(text, "請寫答覆的內容。")
    step = _take_step(
        held, QuestionStepKind.ANSWER, QuestionState.ANSWERED, text=words, by=by, at=at, door=door
    )
    notices.tell(_askers(held), NoticeEvent.QUESTION_ANSWERED, held, by=by, at=at)
    return step


@transaction.atomic
def settle(
    question: Question, *, text: str = "", by: User, at: datetime, door: Door = Door.PAGE
) -> QuestionStep:
    """解決, with or without words; people who still had to answer are told that they need not."""
    held = _hold(question)
    if held.is_settled:
        words = f"{held}已經解決了，沒有變動。"
        raise WorkflowError(words, Refusal.QUESTION_IN_ANOTHER_STATE)
    words = _checked(text, None)
    was_open = held.is_open
    step = _take_step(
        held, QuestionStepKind.SETTLE, QuestionState.SETTLED, text=words, by=by, at=at, door=door
    )
    if was_open:
        _tell_addressee(held, NoticeEvent.QUESTION_SETTLED, by=by, at=at)
    return step


@transaction.atomic
def ask_again(
    question: Question, text: str, *, by: User, at: datetime, door: Door = Door.PAGE
) -> QuestionStep:
    """再問, where the answer was none: it waits for an answer once more."""
    held = _hold(question)
    if held.is_open:
        words = f"{held}還在等答覆，沒有變動。"
        raise WorkflowError(words, Refusal.QUESTION_IN_ANOTHER_STATE)
    words = _checked(text, "請寫還要問什麼，對方才知道要答什麼。")
    step = _take_step(
        held, QuestionStepKind.REOPEN, QuestionState.OPEN, text=words, by=by, at=at, door=door
    )
    _tell_addressee(held, NoticeEvent.QUESTION_REOPENED, by=by, at=at)
    return step


# What the verbs share.


def _hold(question: Question) -> Question:
    """The question as it is now, held until the step is done, in a year that goes on."""
    # The row alone, by a query of its own: PostgreSQL cannot lock rows of an outer join.
    list(Question.objects.select_for_update().filter(pk=question.pk).values_list("pk", flat=True))
    held = Question.objects.with_path().get(pk=question.pk)
    _require_year_goes_on(held.action)
    return held


def _require_year_goes_on(action: Action) -> None:
    # The year is held, so that nobody closes it while something is asked in it.
    programme = Programme.objects.select_for_update().get(pk=action.programme.pk)
    if programme.is_closed:
        words = f"{programme.year}年度已經結案，留言只能查閱；請在現在的年度留言。"
        raise WorkflowError(words, Refusal.YEAR_CLOSED)


def _checked(text: str, empty: str | None) -> str:
    """The words without spaces around; refused where they are too long, or empty and may not be."""
    words = text.strip()
    if not words and empty is not None:
        raise WorkflowError(empty, Refusal.QUESTION_WORDS)
    if len(words) > QUESTION_LENGTH:
        message = f"有 {len(words):,} 個字，最多 {QUESTION_LENGTH:,} 個字，請縮短；文字都還在。"
        raise WorkflowError(message, Refusal.QUESTION_WORDS)
    return words


def _require_somebody(to: Department | User) -> None:
    if isinstance(to, Department):
        if not access.departments_to_ask().filter(pk=to.pk).exists():
            words = f"{to}已經停用，或沒有人員可以答覆；請改選別的單位或研考。"
            raise WorkflowError(words, Refusal.QUESTION_NOBODY_ANSWERS)
        return
    current = User.objects.filter(pk=to.pk).first()
    if current is None or not current.is_active:
        words = f"{to}的帳號已經停用，不會看到留言；請改選單位或接手的人。"
        raise WorkflowError(words, Refusal.QUESTION_NOBODY_ANSWERS)


def _refuse_if_sent_twice(question: Question) -> None:
    """A second press of the same button writes nothing."""
    same = Question.objects.open().filter(
        action=question.action,
        text=question.text,
        asked_by=question.asked_by,
        to_department=question.to_department,
        to_person=question.to_person,
    )
    if same.exists():
        words = "同樣的留言已經送出，還在等答覆；沒有再送一次。"
        raise WorkflowError(words, Refusal.QUESTION_SENT_ALREADY)


def _take_step(
    held: Question,
    kind: QuestionStepKind,
    to_state: QuestionState,
    *,
    text: str,
    by: User,
    at: datetime,
    door: Door,
) -> QuestionStep:
    """Keep the step and what it makes of the question; the step is the entry of both."""
    # A double press, or a page that was sent again after the answer was lost.
    last = held.steps.order_by("-pk").first()
    if last is not None and (last.kind, last.text, last.by_id) == (kind, text, by.pk):
        words = f"同樣的{kind.label}已經送出，沒有再送一次。"
        raise WorkflowError(words, Refusal.QUESTION_SENT_ALREADY)
    held.state = to_state
    held.save(update_fields=["state"])
    step = QuestionStep(
        question=held, kind=kind, text=text, by=by, for_whom=_step_for(held, by), at=at
    )
    return history.save(step, by=by, at=at, door=door)


def _acts_for(by: User, action: Action) -> User | None:
    """Whom somebody stands in for when they ask.

    Nobody where they may ask by themselves: they write for a department, or are the plan office.
    """
    if by.is_coordinator or by.memberships.exists():
        return None
    # Of several the first: one question has one asker.
    principals = access.principals_of(by)
    return next(iter(principals), None)


def _step_for(held: Question, by: User) -> User | None:
    """Whom somebody stands in for with this step: the person asked, or the one who asked."""
    for person in access.principals_of(by):
        if person in (held.to_person, held.asked_by, held.asked_for):
            return person
    return None


def _askers(held: Question) -> list[User]:
    people = [held.asked_by]
    if held.asked_for is not None:
        people.append(held.asked_for)
    return people


def _tell_addressee(held: Question, event: NoticeEvent, *, by: User, at: datetime) -> None:
    people = notices.people_to_answer(held)
    notices.tell(people, event, held, by=by, at=at)
