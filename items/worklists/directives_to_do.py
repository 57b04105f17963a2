"""主席裁示 that wait for a department: on its first screen, and beside the item it writes on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from items import access
from items.access.prepared import PreparedForPerson
from items.models import Assignment, DirectiveAnswer, User
from items.models.directives import DirectiveAnswerQuerySet
from items.models.prepared import Prepared, Slot
from items.worklists.meetings import AnswerRow, due_words


@dataclass(frozen=True)
class DirectiveToDo:
    """An instruction that waits for one of the reader's departments."""

    answer: DirectiveAnswer
    today: date

    @property
    def due_words(self) -> str:
        return due_words(self.answer.directive, self.today)

    @property
    def is_overdue(self) -> bool:
        due_on = self.answer.directive.due_on
        return due_on is not None and due_on < self.today

    @property
    def refused_words(self) -> str:
        return AnswerRow(self.answer, may_write=True, may_decide=False).refused_words


def answers_to_do(user: User) -> DirectiveAnswerQuerySet:
    """What the person's departments have to do about instructions, of every year."""
    return access.answers_to_write(user).to_do()


_TO_WRITE = PreparedForPerson(
    lambda user: (
        answers_to_do(user)
        .by_urgency()
        .select_related(
            "directive__meeting__programme", "directive__action", "department", "decided_by"
        )
    )
)


def answers_about(action: Any, department: Any) -> DirectiveAnswerQuerySet:
    """What a department has to do about instructions on an item; both may be slots."""
    return DirectiveAnswer.objects.to_do().filter(directive__action=action, department=department)


_ABOUT = Prepared(
    lambda: (
        answers_about(Slot("action"), Slot("department"))
        .by_urgency()
        .select_related("directive__meeting__programme", "decided_by")
    )
)


def directives_to_do(user: User, today: date) -> list[DirectiveToDo]:
    """The rows of `answers_to_do`, the most urgent first; one query."""
    return [DirectiveToDo(answer, today) for answer in _TO_WRITE(user)]


def directives_about(assignment: Assignment, today: date) -> list[DirectiveToDo]:
    """What a department has to do about an item it writes on, besides the report; one query."""
    answers = _ABOUT(action=assignment.action_id, department=assignment.department_id)
    return [DirectiveToDo(answer, today) for answer in answers]
