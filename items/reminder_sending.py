"""One run of 催辦郵件: what a day asks for is claimed, sent and marked, message by message."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from items.models.sent_reminders import MailState, RemindedKind, ReminderMail
from items.workflow import reminder_mail as workflow
from items.workflow.reminder_mail import MailContent, Reminded
from items.worklists.reminder_run import PlannedMail, ReminderRun
from items.worklists.reminder_text import MailFrame, body_of, departments_by_key, subject_of

PERMANENT = 500
"""From this reply code on the server will not take it later either."""


class Fate(Enum):
    """What became of one message, for the lines of the command."""

    SENT = auto()
    REFUSED = auto()
    FAILED = auto()
    UNCLEAR = auto()
    TAKEN = auto()
    """Another run has it, or the person has left meanwhile."""


@dataclass
class RunReport:
    """How many of each, and why the run stopped early."""

    numbers: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    stopped_because: str = ""


@dataclass(frozen=True)
class Clock:
    """The moment of the run, and the way to ask for a later one: a run takes minutes."""

    at: datetime
    now: Callable[[], datetime]


def frame_of(at: datetime) -> MailFrame:
    return MailFrame(
        organisation=settings.ORGANISATION,
        site=settings.SITE_ADDRESS,
        at=at,
        departments=departments_by_key(),
    )


def send_all(
    run: ReminderRun, clock: Clock, tell: Callable[[PlannedMail, Fate, str], None]
) -> RunReport:
    """Send what a run asks for over one connection; a server that is away stops it at once."""
    report = RunReport()
    frame = frame_of(clock.at)
    connection = get_connection()
    try:
        for mail in run.mails:
            try:
                # Before anything is claimed: a server that is away leaves nothing unclear.
                connection.open()
            except OSError as error:
                report.stopped_because = _words(error)
                return report
            outcome = _send_one(mail, frame, clock, connection)
            report.numbers[outcome.fate] += 1
            tell(mail, outcome.fate, outcome.words)
    finally:
        connection.close()
    return report


@dataclass(frozen=True)
class SendOutcome:
    """What became of one message; `words` are the server's or ours where it did not go."""

    fate: Fate
    words: str = ""


def _send_one(
    planned: PlannedMail, frame: MailFrame, clock: Clock, connection: BaseEmailBackend
) -> SendOutcome:
    mail = workflow.claim(
        planned.person,
        content_of(planned, frame),
        today=planned.today,
        quiet_days=planned.quiet_days,
        at=clock.now(),
    )
    if mail is None:
        return SendOutcome(Fate.TAKEN)
    try:
        _message(mail, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        return _not_sent(mail, code, _reply(code, answer), clock)
    except smtplib.SMTPSenderRefused as error:
        # No fault of the recipient's address: the next run tries again.
        words = _reply(error.smtp_code, error.smtp_error)
        return _not_sent(mail, 0, words, clock)
    except smtplib.SMTPResponseException as error:
        words = _reply(error.smtp_code, error.smtp_error)
        return _not_sent(mail, error.smtp_code, words, clock)
    except ValueError as error:
        # An address with a line break or of no known form; nothing was sent.
        return _not_sent(mail, PERMANENT, _words(error), clock)
    except OSError as error:
        # The line broke while it was sent: it may have arrived.
        words = _words(error)
        workflow.note_unclear(mail, words)
        connection.close()
        return SendOutcome(Fate.UNCLEAR, words)
    workflow.mark(mail, MailState.SENT, at=clock.now())
    return SendOutcome(Fate.SENT)


def _not_sent(mail: ReminderMail, code: int, words: str, clock: Clock) -> SendOutcome:
    """Mark a mail that the server did not take; `code` is its answer, as SMTP numbers them."""
    # The next run tries again what failed; a refused address only once somebody has changed it.
    state = MailState.FAILED
    fate = Fate.FAILED
    if code >= PERMANENT:
        state = MailState.REFUSED
        fate = Fate.REFUSED
    workflow.mark(mail, state, at=clock.now(), words=words)
    return SendOutcome(fate, words)


def content_of(planned: PlannedMail, frame: MailFrame) -> MailContent:
    """The message in words and numbers, as it is kept."""
    items = []
    for steps, kind in (
        (planned.to_report, RemindedKind.TO_REPORT),
        (planned.to_endorse, RemindedKind.TO_ENDORSE),
        (planned.to_answer, RemindedKind.TO_ANSWER),
    ):
        items += [Reminded(step.key, kind) for step in steps]
    return MailContent(
        subject=subject_of(planned),
        body=body_of(planned, frame),
        to_report=len(planned.to_report),
        to_endorse=len(planned.to_endorse),
        to_answer=len(planned.to_answer),
        overdue=planned.overdue,
        escalated=len(planned.escalated),
        items=items,
    )


def _message(mail: ReminderMail, connection: BaseEmailBackend) -> EmailMessage:
    # Programs that answer for people on holiday leave such a message alone.
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(
        mail.subject, mail.body, to=[mail.address], connection=connection, headers=headers
    )


def _reply(code: int, answer: bytes | str) -> str:
    """「550 No such user」, as the server said it."""
    if isinstance(answer, bytes):
        answer = answer.decode("utf-8", "replace")
    return f"{code} {answer}"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}：{error}"
