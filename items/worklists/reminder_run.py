"""Who is to get a reminder by mail on a day, and what it says; nothing is written or sent here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from items.models import Programme, ProgrammeState, User, WorkingCalendar
from items.models.reminder_mail import reminder_settings_of
from items.roc import format_roc
from items.worklists.mail_history import MailHistory
from items.worklists.owed_answers import OwedAnswer, owed_answers
from items.worklists.owed_steps import OwedStep
from items.worklists.person_load import Loads, Owed, PersonLoad
from items.worklists.year_of_reminders import YearOfReminders


@dataclass(frozen=True)
class PlannedMail:
    """One message, before anything was written."""

    person: User
    to_report: Sequence[OwedStep]
    to_endorse: Sequence[OwedStep]
    to_answer: Sequence[OwedAnswer]
    escalated: Sequence[Owed]
    stands_in_for: Sequence[str]
    quiet_days: int
    today: date

    @property
    def overdue(self) -> int:
        # Not what a head is told about others: that is counted as 單位多次催辦未完成.
        to_do: list[Owed] = [*self.to_report, *self.to_endorse, *self.to_answer]
        return sum(owed.is_overdue(self.today) for owed in to_do)

    @property
    def counts_words(self) -> str:
        """「待填 3 件，待核可 1 件，逾期 1 件」, for the subject and every list."""
        parts = []
        if self.to_report:
            parts.append(f"待填 {len(self.to_report):,} 件")
        if self.to_endorse:
            parts.append(f"待核可 {len(self.to_endorse):,} 件")
        if self.to_answer:
            parts.append(f"待辦裁示 {len(self.to_answer):,} 件")
        if self.overdue:
            parts.append(f"逾期 {self.overdue:,} 件")
        if self.escalated:
            parts.append(f"單位多次催辦未完成 {len(self.escalated):,} 件")
        return "，".join(parts)


@dataclass(frozen=True)
class ReminderRun:
    """What a run of today would do, and why it does not do more."""

    mails: Sequence[PlannedMail]
    without_address: Sequence[User]
    """Who owes something that is due, and has no address."""
    refused_address: Sequence[User]
    """Whose address the mail server has refused, and who still has the same one."""
    notes: Sequence[str]
    """Why a whole year is left out."""


def reminder_run(today: date) -> ReminderRun:
    """The messages of a day, by account; a fixed number of queries for each running year."""
    notes = []
    years: list[YearOfReminders] = []
    people = {user.pk: user for user in User.objects.filter(is_active=True)}
    history = MailHistory.load()
    calendar = WorkingCalendar.load()
    for programme in Programme.objects.filter(state=ProgrammeState.RUNNING).order_by("year"):
        rules = reminder_settings_of(programme)
        if not rules.is_on:
            notes.append(f"{programme.year} 年度設定為不寄催辦郵件。")
            continue
        if rules.working_days_only and not calendar.is_working(today):
            why = calendar.why_not(today)
            notes.append(f"{programme.year} 年度只在上班日寄，{format_roc(today)}放假（{why}）。")
            continue
        missing = calendar.missing_words(today.year)
        if missing:
            notes.append(missing)
        years.append(YearOfReminders(programme, rules, today, people=people, history=history))
    if years:
        # Instructions belong to no single year: the newest year that sends today brings them along.
        years[-1].answers = owed_answers()
    loads: Loads = {}
    for year in years:
        year.collect(loads)
    # What somebody is reminded of today counts today: head and 首長 hear of it in the same run.
    mailed = set()
    for key, load in loads.items():
        if _obstacle(people[key], load, history, today) is None:
            mailed.add(key)
    for year in years:
        year.escalate(loads, mailed)
    return _run_of(loads, people, history, today=today, notes=notes)


class Obstacle(Enum):
    """Why somebody gets no message today."""

    NOT_DUE = auto()
    NO_ADDRESS = auto()
    REFUSED_ADDRESS = auto()
    TOO_SOON = auto()


def _obstacle(person: User, load: PersonLoad, history: MailHistory, today: date) -> Obstacle | None:
    if not load.is_due:
        return Obstacle.NOT_DUE
    if not person.email:
        return Obstacle.NO_ADDRESS
    # The page 催辦郵件 names the person until somebody corrects the address; a new one is tried.
    if history.refused_addresses.get(person.pk) == person.email:
        return Obstacle.REFUSED_ADDRESS
    last = history.last_message.get(person.pk)
    if last is None:
        return None
    quiet_days = (today - last).days
    if quiet_days < load.quiet_days:
        return Obstacle.TOO_SOON
    return None


def _run_of(
    loads: Loads,
    people: Mapping[int, User],
    history: MailHistory,
    *,
    today: date,
    notes: Sequence[str],
) -> ReminderRun:
    mails = []
    without_address = []
    refused_address = []
    for key in sorted(loads, key=lambda key: people[key].username):
        load = loads[key]
        person = people[key]
        # Asked anew: escalation may have made somebody due who was not.
        obstacle = _obstacle(person, load, history, today)
        if obstacle is Obstacle.NO_ADDRESS:
            without_address.append(person)
        if obstacle is Obstacle.REFUSED_ADDRESS:
            refused_address.append(person)
        if obstacle is not None:
            continue
        mail = PlannedMail(
            person=person,
            to_report=list(load.to_report.values()),
            to_endorse=list(load.to_endorse.values()),
            to_answer=list(load.to_answer.values()),
            escalated=list(load.escalated.values()),
            stands_in_for=list(load.stands_in_for),
            quiet_days=load.quiet_days,
            today=today,
        )
        mails.append(mail)
    return ReminderRun(mails, without_address, refused_address, notes)
