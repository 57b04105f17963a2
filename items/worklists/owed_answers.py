"""主席裁示 that wait for departments: since when, until when, and of whom; for reminders by mail."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from items.models import Assignment, DirectiveAnswer
from items.models.sent_reminders import RemindedKey
from plan_tracker.clock import day_of

TEXT_SHOWN = 60
"""As much of an instruction stands in a line of a mail, which is not read further."""


@dataclass(frozen=True)
class OwedAnswer:
    """One row of an instruction that its department still has to carry out, as values.

    `person` is the 承辦人 of the item that it is about, None for nobody in particular.
    """

    answer: int
    year: int
    department: int
    directive: str
    text: str
    person: int | None
    since: date
    due_on: date | None
    """None where the meeting has set no day: such a row is named beside others, never alone."""

    # Without an annotation it is no field: the same for all rows, as mails ask it of `OwedStep`.
    is_endorsement = False

    @property
    def key(self) -> RemindedKey:
        return RemindedKey(answer=self.answer)

    @property
    def subject_words(self) -> str:
        """「第4季檢討會議第2案 請於年底前完成…」, on one line."""
        text = " ".join(self.text.split())
        if len(text) > TEXT_SHOWN:
            text = f"{text[:TEXT_SHOWN]}…"
        return f"{self.directive} {text}"

    @property
    def what_words(self) -> str:
        return "主席裁示尚未辦結"

    def is_overdue(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


def owed_answers() -> list[OwedAnswer]:
    """The rows that wait for their departments, the most urgent first; one query.

    All years together: an instruction may outlive the year in which it was given.
    """
    contact = Assignment.objects.filter(
        action=OuterRef("directive__action"), department=OuterRef("department")
    )
    rows = (
        DirectiveAnswer.objects.to_do()
        .select_related("directive__meeting__programme")
        .annotate(contact=Subquery(contact.order_by().values("contact")[:1]))
        .by_urgency()
    )
    owed = []
    for row in rows:
        directive = row.directive
        # Given in the meeting: from that day on the department has it to do.
        since = directive.meeting.held_on
        # A release that was not granted is the department's turn anew.
        if row.decided_at is not None:
            since = max(since, day_of(row.decided_at))
        one = OwedAnswer(
            answer=row.pk,
            year=directive.meeting.programme.year,
            department=row.department_id,
            directive=str(directive),
            text=directive.text,
            person=row.contact,
            since=since,
            due_on=directive.due_on,
        )
        owed.append(one)
    return owed
