"""What somebody has to do beside the reports, on the page where the reports are.

Nearly always there is nothing of most kinds. To ask for each by itself cost 我的填報 five queries, as
much as its reports: one says of which kinds there is any.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, QuerySet

from items import access
from items.access.prepared import PreparedForPerson
from items.models import ControlRequest, Handover, Programme, Question, Reopening, User
from items.worklists.control_lists import open_requests_of, own_undecided
from items.worklists.directives_to_do import DirectiveToDo, answers_to_do, directives_to_do
from items.worklists.handover import first_day_told, received_lately, received_since_slot
from items.worklists.questions import questions_waiting
from items.worklists.reopened import ReopenedWork, reopened_work


@dataclass(frozen=True)
class WorkBesides:
    """What waits: instructions and questions of every year, the other kinds of the one at hand."""

    directives: list[DirectiveToDo]
    questions: list[Question]
    requests: list[ControlRequest]
    received: list[Handover]
    reopened: ReopenedWork


def work_besides(user: User, programme: Programme, today: date) -> WorkBesides:
    """One query, and those of each kind of which there is any."""
    is_any = _is_any_of(user, today)
    directives: list[DirectiveToDo] = []
    if is_any["directive"]:
        directives = directives_to_do(user, today)
    questions: list[Question] = []
    if is_any["question"]:
        questions = questions_waiting(user)
    requests: list[ControlRequest] = []
    # `own_undecided` asks of every year: what is shown is that of the year at hand.
    if is_any["request"]:
        requests = open_requests_of(user, programme)
    received: list[Handover] = []
    if is_any["handover"]:
        received = received_lately(user, today)
    reopened = ReopenedWork([], [])
    if is_any["reopening"]:
        reopened = reopened_work(user, programme, today)
    return WorkBesides(
        directives=directives,
        questions=questions,
        requests=requests,
        received=received,
        reopened=reopened,
    )


def _any_of_each(user: User) -> QuerySet[Any]:
    """A row with the name of each kind, and whether there is any for the person."""
    is_any = {
        "directive": Exists(answers_to_do(user).order_by()),
        "question": Exists(access.questions_to_answer(user).order_by()),
        "request": Exists(own_undecided(user).order_by()),
        "handover": Exists(received_since_slot().order_by()),
        # Of anybody's: nearly always none is open by itself anywhere.
        "reopening": Exists(Reopening.objects.active().order_by()),
    }
    # One row to say it of: the person.
    return User.objects.filter(pk=user.pk).order_by().values(**is_any)


_ANY_OF_EACH = PreparedForPerson[Any](_any_of_each)


def _is_any_of(user: User, today: date) -> dict[str, bool]:
    row: dict[str, bool] | None = _ANY_OF_EACH.first(
        user, receiver=user.pk, since=first_day_told(today)
    )
    # Whoever asks is there.
    assert row is not None
    return row
