"""催辦郵件 that went before: on which days, to whom, and about what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q

from items.models import ProgrammeState
from items.models.sent_reminders import (
    MailState,
    RemindedItem,
    RemindedKey,
    RemindedKind,
    ReminderMail,
    ReminderMailQuerySet,
)


@dataclass(frozen=True)
class MailHistory:
    """What was sent before."""

    last_sent: Mapping[int, date]
    """{key of a person: the day of the last message that certainly went}"""
    last_message: Mapping[int, date]
    """The same, also of one that may have gone."""
    refused_addresses: Mapping[int, str]
    """{key of a person: the address, where the last message to them was refused}"""
    days_of: Mapping[RemindedKey, Sequence[date]]
    """{what: the days on which somebody was reminded of it, in order}"""

    @classmethod
    def load(cls) -> "MailHistory":
        """Four queries."""
        sent = ReminderMail.objects.filter(state=MailState.SENT)
        arrived = ReminderMail.objects.may_have_arrived()
        days_of: dict[RemindedKey, list[date]] = {}
        of_running_year = Q(period__programme__state=ProgrammeState.RUNNING)
        reminded = RemindedItem.objects.filter(
            of_running_year | Q(answer__directive__outcome=""),
            mail__state__in=(MailState.SENT, MailState.CLAIMED),
        )
        rows = (
            # Escalation counts how often a department was told to report. What its head was told
            # about the same report has the same key, and would be counted with it.
            reminded.exclude(kind=RemindedKind.TO_ENDORSE)
            .order_by("mail__on")
            .values_list("assignment_id", "period_id", "answer_id", "mail__on")
        )
        # Several people are reminded of one thing on one day, which counts once.
        for assignment, period, answer, day in rows.distinct():
            key = RemindedKey(assignment=assignment, period=period, answer=answer)
            days_of.setdefault(key, []).append(day)
        newest: dict[int, ReminderMail] = {}
        for mail in ReminderMail.objects.filter(state=MailState.REFUSED).order_by("on", "pk"):
            # The newest comes last, and stays.
            newest[mail.person_id] = mail
        return cls(
            last_sent=_last_days(sent),
            last_message=_last_days(arrived),
            refused_addresses={key: mail.address for key, mail in newest.items()},
            days_of=days_of,
        )


def _last_days(mails: ReminderMailQuerySet) -> dict[int, date]:
    rows = mails.order_by().values("person").annotate(last=Max("on"))
    return {row["person"]: row["last"] for row in rows}
