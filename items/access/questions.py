"""留言: who reads, asks, answers and settles questions about an item."""

from django.db.models import Q, QuerySet

from items.access.belonging import department_keys_of, departments_of
from items.access.fetching import get_or_404, with_rights
from items.access.reporting import NOBODY
from items.access.standing_in import principals_of
from items.models import (
    READ_ONLY,
    Department,
    Membership,
    ProgrammeState,
    Question,
    QuestionState,
    Role,
    User,
)
from items.models.questions import QuestionQuerySet

GOES_ON = ~Q(action__plan__method__strategy__programme__state=ProgrammeState.CLOSED)
"""Questions of years that are not closed; in a closed year they can only be read."""


def can_ask(user: User) -> bool:
    """The plan office, and everybody who writes for some department; not those who only read."""
    if user.is_coordinator:
        return True
    return bool(department_keys_of(user))


def _acts_as(user: User) -> list[User]:
    return [user, *principals_of(user)]


def is_to_answer(user: User) -> Q:
    """The department or the person that was asked; the plan office where that person has left."""
    if not user.is_active or user.role in READ_ONLY:
        return NOBODY
    asked = Q(to_department__in=departments_of(user)) | Q(to_person__in=_acts_as(user))
    if user.is_coordinator:
        asked |= Q(to_person__is_active=False)
    return asked


def can_answer_question(user: User) -> Q:
    """Also once more, until it is settled."""
    return is_to_answer(user) & ~Q(state=QuestionState.SETTLED) & GOES_ON


def _is_asker(user: User) -> Q:
    """The one who asked, also through a deputy; the plan office for people who have left."""
    if not user.is_active or user.role in READ_ONLY:
        return NOBODY
    people = _acts_as(user)
    is_asker = Q(asked_by__in=people) | Q(asked_for__in=people)
    if user.is_coordinator:
        is_asker |= Q(asked_by__is_active=False)
    return is_asker


def can_settle_question(user: User) -> Q:
    return _is_asker(user) & ~Q(state=QuestionState.SETTLED) & GOES_ON


def can_reopen_question(user: User) -> Q:
    """再問: the asker, where the answer was none."""
    return _is_asker(user) & ~Q(state=QuestionState.OPEN) & GOES_ON


# Fetching: a fetch carries its right.


def visible_questions(user: User) -> QuestionQuerySet:
    """Everyone signed in who sees the item reads what was asked about it."""
    questions = Question.objects.all()
    if not user.is_active:
        questions = questions.none()
    return with_rights(
        questions,
        answerable=can_answer_question(user),
        settleable=can_settle_question(user),
        reopenable=can_reopen_question(user),
        # In any state: a step that comes too late is refused by the verb, in words.
        is_addressee=is_to_answer(user),
        is_asker=_is_asker(user),
    )


def get_question(user: User, pk: int) -> Question:
    return get_or_404(visible_questions(user).with_path(), pk=pk)


def questions_to_answer(user: User) -> QuestionQuerySet:
    """Questions that wait for this person, of every year that is not closed."""
    return Question.objects.open().filter(is_to_answer(user))


def departments_to_ask() -> QuerySet[Department]:
    """Departments with somebody to answer."""
    writers = Membership.objects.who_can_write().order_by().values("department")
    return Department.objects.filter(is_active=True, pk__in=writers)


def people_to_ask(user: User) -> QuerySet[User]:
    """The plan office, and everybody who writes for a department; never oneself."""
    writers = Membership.objects.who_can_write().order_by().values("user")
    # Without 首長 and 稽核, who write nothing: nobody waits for an answer that cannot come.
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    may_answer = others.exclude(role__in=READ_ONLY)
    is_of_office = Q(role=Role.COORDINATOR)
    writes_for_department = Q(pk__in=writers)
    people = may_answer.filter(is_of_office | writes_for_department)
    return people.order_by("username")
