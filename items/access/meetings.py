"""Who writes down meetings and instructions, who answers them, and who releases."""

from django.db.models import Q, QuerySet

from items.access.belonging import departments_of
from items.access.fetching import get_or_404
from items.models import AnswerState, Directive, DirectiveAnswer, Meeting, Programme, User
from items.models.directives import DirectiveAnswerQuerySet


def visible_meetings(user: User) -> QuerySet[Meeting]:
    """Everyone signed in reads what was said in meetings, and what became of it."""
    if not user.is_active:
        return Meeting.objects.none()
    return Meeting.objects.all()


def can_run_meetings(user: User) -> bool:
    """The plan office writes meetings and instructions, and says how instructions end."""
    return user.is_coordinator


def can_answer_directive(user: User) -> Q:
    """Reporters and heads of the department, until the instruction or their row is released."""
    is_open = Q(directive__outcome="") & ~Q(state=AnswerState.RELEASED)
    return is_open & is_of_own_department(user)


def is_of_own_department(user: User) -> Q:
    return Q(department__in=departments_of(user))


# Fetching: a fetch carries its right.


def get_meeting(user: User, programme: Programme, pk: int) -> Meeting:
    # The programme is at hand: the meeting knows it without a join.
    meeting = get_or_404(visible_meetings(user), programme=programme, pk=pk)
    meeting.programme = programme
    return meeting


def get_directive(user: User, programme: Programme, pk: int) -> Directive:
    directives = Directive.objects.filter(meeting__in=visible_meetings(user))
    with_meeting = directives.select_related("meeting__programme", "action")
    return get_or_404(with_meeting, meeting__programme=programme, pk=pk)


def visible_answers(user: User) -> DirectiveAnswerQuerySet:
    """What departments say about instructions: readable with the meeting."""
    return DirectiveAnswer.objects.filter(directive__meeting__in=visible_meetings(user))


def get_own_answer(user: User, programme: Programme, pk: int) -> DirectiveAnswer:
    """A row of the own departments in any state: the verbs say why one cannot be written."""
    answers = visible_answers(user).of_programme(programme)
    of_departments = answers.filter(is_of_own_department(user))
    with_directive = of_departments.select_related(
        "directive__meeting__programme", "department", "answered_by"
    )
    return get_or_404(with_directive, pk=pk)


def get_answer(user: User, programme: Programme, pk: int) -> DirectiveAnswer:
    answers = visible_answers(user).of_programme(programme)
    with_directive = answers.select_related("directive__meeting__programme", "department")
    return get_or_404(with_directive, pk=pk)


def answers_to_write(user: User) -> DirectiveAnswerQuerySet:
    """Rows of the own departments that are still open."""
    return DirectiveAnswer.objects.filter(can_answer_directive(user))
