"""留言: those of an item, and those that wait for a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Prefetch, Value, When

from items import access
from items.access.prepared import PreparedForPerson
from items.day_words import moment_words
from items.models import (
    Action,
    Question,
    QuestionState,
    QuestionStep,
    QuestionStepKind,
    User,
)
from items.models.prepared import Prepared, Slot
from items.models.questions import QuestionQuerySet

OF_ACTION = 20
"""As many questions the page of an item shows; the rest is counted."""
TO_DO = 50
"""As many questions a list of work shows."""


@dataclass(frozen=True)
class QuestionThread:
    """One question with what followed it."""

    question: Question
    steps: Sequence[QuestionStep]

    @property
    def asked_words(self) -> str:
        """「王美玲 問 研考顏佳慧　115年11月22日 10:00」"""
        question = self.question
        return f"{question.asker_words} → {question.to}　{moment_words(question.asked_at)}"

    @property
    def has_writable_step(self) -> bool:
        question = self.question
        return question.answerable or question.settleable or question.reopenable

    @property
    def first_step(self) -> QuestionStepKind:
        """The first of the steps that the reader may take, as the page shows their buttons."""
        if self.question.answerable:
            return QuestionStepKind.ANSWER
        if self.question.reopenable:
            return QuestionStepKind.REOPEN
        return QuestionStepKind.SETTLE


@dataclass(frozen=True)
class ActionQuestions:
    """The questions of an item: those that are open first, then the newest."""

    threads: list[QuestionThread]
    number: int
    may_ask: bool

    @property
    def number_left_out(self) -> int:
        return self.number - len(self.threads)


_ANY_OF_ACTION = Prepared(
    lambda: Question.objects.filter(action=Slot("action")).order_by().only("pk")[:1]
)


def questions_of_action(user: User, action: Action, *, shows_all: bool = False) -> ActionQuestions:
    """In three queries for any number, one small query for none; `action` has its path."""
    may_ask = access.can_ask(user) and not action.programme.is_closed
    if not _ANY_OF_ACTION(action=action.pk):
        return ActionQuestions([], 0, may_ask)
    is_open = Case(
        When(state=QuestionState.OPEN, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = access.visible_questions(user).filter(action=action)
    ordered = _with_steps(rows).order_by(is_open, "-pk")
    threads = []
    for question in ordered:
        # The page has it, with its path.
        question.action = action
        threads.append(QuestionThread(question, list(question.steps.all())))
    number = len(threads)
    if not shows_all:
        threads = threads[:OF_ACTION]
    return ActionQuestions(threads, number, may_ask)


def thread_of(user: User, pk: int) -> QuestionThread:
    """One question, read anew with the rights to it."""
    question = access.get_question(user, pk)
    steps = question.steps.select_related("by", "for_whom").order_by("pk")
    return QuestionThread(question, list(steps))


def _with_steps(rows: QuestionQuerySet) -> QuestionQuerySet:
    # Each step names two people: they are joined, where a prefetch would be one more query.
    steps = QuestionStep.objects.select_related("by", "for_whom").order_by("pk")
    people = ("asked_by", "asked_for", "to_department", "to_person")
    return rows.select_related(*people).prefetch_related(Prefetch("steps", steps))


_TO_ANSWER = PreparedForPerson(
    lambda user: access.questions_to_answer(user).with_path().order_by("pk")[:TO_DO]
)


_ANY_TO_ANSWER = PreparedForPerson(
    lambda user: access.questions_to_answer(user).order_by().only("pk")[:1]
)


def questions_to_do(user: User) -> list[Question]:
    """What waits for an answer of this person, of every year, the oldest first.

    One small query where nothing waits, which is nearly always: on PostgreSQL to plan the joins of
    the whole row takes longer than all else that the page asks of questions.
    """
    if not _ANY_TO_ANSWER(user):
        return []
    return questions_waiting(user)


def questions_waiting(user: User) -> list[Question]:
    """The same for a caller that knows that there are some."""
    return _TO_ANSWER(user)
