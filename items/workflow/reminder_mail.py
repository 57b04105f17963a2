"""催辦郵件: claimed before it is sent, marked afterwards, so that nobody gets one twice.

The rule for what was claimed and never marked, as after a kill: it may have arrived, so it is not
sent again, it is listed as unclear, and after the days between two messages the person is reminded
as if it had not been sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from items.models import Door, User
from items.models.reminder_mail import MailWish
from items.models.sent_reminders import (
    SERVER_WORDS_LENGTH,
    MailState,
    RemindedItem,
    RemindedKey,
    RemindedKind,
    ReminderMail,
)
from items.workflow import history


@dataclass(frozen=True)
class Reminded:
    """One thing that a message is about, and which step of it is missing."""

    key: RemindedKey
    kind: RemindedKind


@dataclass(frozen=True)
class MailContent:
    """One message as it is to be sent, in finished words."""

    subject: str
    body: str
    to_report: int
    to_endorse: int
    to_answer: int
    overdue: int
    escalated: int
    items: Sequence[Reminded]


@transaction.atomic
def claim(
    person: User, content: MailContent, *, today: date, quiet_days: int, at: datetime
) -> ReminderMail | None:
    """Write the message down before it is sent; None where it must not be sent any more.

    The account is held meanwhile: of two runs at once, also on both sides of midnight, one claims.
    """
    current = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not current.is_active or not current.email:
        return None
    too_new = today - timedelta(days=quiet_days)
    arrived = ReminderMail.objects.may_have_arrived().filter(person=current, on__gt=too_new)
    if arrived.exists():
        return None
    # What could not be sent earlier on this day is tried again in the same row.
    mail = ReminderMail.objects.filter(person=current, on=today).first()
    if mail is None:
        mail = ReminderMail(person=current, on=today)
    # The server has refused this very address today: only another one is worth a try.
    elif mail.state == MailState.REFUSED and mail.address == current.email:
        return None
    mail.address = current.email
    mail.subject = content.subject
    mail.body = content.body
    mail.to_report = content.to_report
    mail.to_endorse = content.to_endorse
    mail.to_answer = content.to_answer
    mail.overdue = content.overdue
    mail.escalated = content.escalated
    mail.state = MailState.CLAIMED
    mail.claimed_at = at
    mail.finished_at = None
    mail.server_words = ""
    mail.save()
    # What the try before was about may have been done meanwhile.
    mail.items.all().delete()
    rows = []
    for reminded in content.items:
        row = RemindedItem(
            mail=mail,
            assignment_id=reminded.key.assignment,
            period_id=reminded.key.period,
            answer_id=reminded.key.answer,
            kind=reminded.kind,
        )
        rows.append(row)
    RemindedItem.objects.bulk_create(rows)
    return mail


def mark(mail: ReminderMail, state: MailState, *, at: datetime, words: str = "") -> None:
    """Write down what became of a message that was claimed."""
    claimed = ReminderMail.objects.filter(pk=mail.pk, state=MailState.CLAIMED)
    claimed.update(state=state, finished_at=at, server_words=words[:SERVER_WORDS_LENGTH])


def note_unclear(mail: ReminderMail, words: str) -> None:
    """Keep why nobody knows whether a message arrived; it stays claimed."""
    claimed = ReminderMail.objects.filter(pk=mail.pk, state=MailState.CLAIMED)
    claimed.update(server_words=words[:SERVER_WORDS_LENGTH])


@transaction.atomic
def change_wish(person: User, level: str, *, at: datetime, door: Door = Door.PAGE) -> MailWish:
    """Each person lowers or raises their own reminders."""
    # The person is held, so that of two presses at once the second finds the row of the first.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    wish = MailWish.objects.filter(person=person).first()
    if wish is None:
        wish = MailWish(person=person)
    wish.level = level
    return history.save(wish, by=person, at=at, door=door)
