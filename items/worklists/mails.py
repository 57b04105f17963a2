"""催辦郵件: what was sent to whom, what was refused, and who cannot be reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from items.day_words import moment_words
from items.models import Membership, ReminderMail, User
from items.models.sent_reminders import MailState

UNCLEAR_AFTER = timedelta(minutes=15)
"""A run marks each message within seconds; what is still claimed after so long was not marked."""


@dataclass(frozen=True)
class MailRow:
    """One message, in words."""

    mail: ReminderMail
    now: datetime

    @property
    def counts_words(self) -> str:
        """「待填 3 件，逾期 1 件」"""
        mail = self.mail
        parts = []
        for word, number in (
            ("待填", mail.to_report),
            ("待核可", mail.to_endorse),
            ("待辦裁示", mail.to_answer),
            ("逾期", mail.overdue),
            ("副知", mail.escalated),
        ):
            if number:
                parts.append(f"{word} {number:,} 件")
        return "，".join(parts)

    @property
    def is_unclear(self) -> bool:
        # The process may have died between the server's yes and the mark: it may have gone or not.
        mail = self.mail
        return mail.state == MailState.CLAIMED and self.now - mail.claimed_at > UNCLEAR_AFTER

    @property
    def is_wrong(self) -> bool:
        """Whether somebody may have to do something about it."""
        return self.is_unclear or self.mail.state in (MailState.REFUSED, MailState.FAILED)

    @property
    def state_words(self) -> str:
        if self.is_unclear:
            return "不確定是否寄出"
        return self.mail.get_state_display()

    @property
    def moment_words(self) -> str:
        # One that was claimed and not marked has no end.
        return moment_words(self.mail.finished_at or self.mail.claimed_at)


def mail_rows(mails: Iterable[ReminderMail], now: datetime) -> list[MailRow]:
    return [MailRow(mail, now) for mail in mails]


@dataclass(frozen=True)
class Unreachable:
    """Whom reminders do not reach."""

    without_address: Sequence[User]
    refused: Sequence[ReminderMail]
    """The last message of each whose address the server has refused and who still has it."""


def unreachable() -> Unreachable:
    """Active people who can write somewhere; two queries."""
    writers = Membership.objects.who_can_write().order_by().values("user")
    people = User.objects.filter(pk__in=writers).order_by("username")
    without_address = [person for person in people if not person.email]
    newest_refused: dict[int, ReminderMail] = {}
    refused = ReminderMail.objects.filter(state=MailState.REFUSED, person__is_active=True)
    # The newest last: it stays in the place of older ones.
    for mail in refused.select_related("person").order_by("on", "pk"):
        newest_refused[mail.person_id] = mail
    still_wrong = []
    for mail in newest_refused.values():
        # An address that was changed since then has not been tried.
        if mail.person.email == mail.address:
            still_wrong.append(mail)
    return Unreachable(without_address, still_wrong)


def mail_words() -> str:
    """What the card of 管理 says of the mails; empty where none was refused."""
    refused = len(unreachable().refused)
    if refused:
        return f"{refused:,} 人的電子郵件被退回。"
    return ""
