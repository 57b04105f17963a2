"""Who is to get a reminder by mail on a day, and what it says; nothing is written or sent here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto

from django.db.models import Max, Q

from items.models import (
    READ_ONLY,
    Deputy,
    Membership,
    MembershipRole,
    Programme,
    ProgrammeState,
    Role,
    User,
    WorkingCalendar,
)
from items.models.reminder_mail import (
    MailLevel,
    MailState,
    MailWish,
    RemindedItem,
    RemindedKey,
    RemindedKind,
    ReminderMail,
    ReminderMailQuerySet,
    ReminderSettings,
    reminder_settings_of,
)
from items.roc import format_roc
from items.worklists.owed_answers import OwedAnswer, owed_answers
from items.worklists.owed_steps import OwedStep, owed_steps

SOON_DAYS = 7
"""What `MailLevel.SOON` counts as soon."""

Owed = OwedStep | OwedAnswer
"""What somebody is reminded of."""


@dataclass
class PersonLoad:
    """All that one person is reminded of, each once, and for whom besides themselves."""

    to_report: dict[RemindedKey, OwedStep] = field(default_factory=dict)
    to_endorse: dict[RemindedKey, OwedStep] = field(default_factory=dict)
    to_answer: dict[RemindedKey, OwedAnswer] = field(default_factory=dict)
    escalated: dict[RemindedKey, Owed] = field(default_factory=dict)
    stands_in_for: dict[str, None] = field(default_factory=dict)
    """Names in their order, as a set."""
    quiet_days: int = 0
    is_due: bool = False
    """Whether any of it has come to a day on which it is reminded of."""

    def add(self, owed: Owed) -> None:
        """Put what the person has to do themselves where it belongs."""
        if isinstance(owed, OwedAnswer):
            self.to_answer[owed.key] = owed
        elif owed.is_endorsement:
            self.to_endorse[owed.key] = owed
        else:
            self.to_report[owed.key] = owed


Loads = dict[int, PersonLoad]
"""{key of a person: what they are reminded of}"""


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
        own: list[Owed] = [*self.to_report, *self.to_endorse, *self.to_answer]
        return sum(step.is_overdue(self.today) for step in own)

    @property
    def counts_words(self) -> str:
        """「待填 3 件，待核可 1 件，逾期 1 件」, for the subject and every list."""
        parts = []
        if self.to_report:
            parts.append(f"待填 {len(self.to_report)} 件")
        if self.to_endorse:
            parts.append(f"待核可 {len(self.to_endorse)} 件")
        if self.to_answer:
            parts.append(f"待辦裁示 {len(self.to_answer)} 件")
        if self.overdue:
            parts.append(f"逾期 {self.overdue} 件")
        if self.escalated:
            parts.append(f"單位多次催辦未完成 {len(self.escalated)} 件")
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
        # Of every year, by the rules of the newest one that sends today.
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


def _obstacle(
    person: User, load: PersonLoad, history: "MailHistory", today: date
) -> Obstacle | None:
    if not load.is_due:
        return Obstacle.NOT_DUE
    if not person.email:
        return Obstacle.NO_ADDRESS
    if history.refused_addresses.get(person.pk) == person.email:
        return Obstacle.REFUSED_ADDRESS
    last = history.last_message.get(person.pk)
    if last is not None and (today - last).days < load.quiet_days:
        return Obstacle.TOO_SOON
    return None


def _run_of(
    loads: Loads,
    people: Mapping[int, User],
    history: "MailHistory",
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
            reminded.exclude(kind=RemindedKind.TO_ENDORSE)
            .order_by("mail__on")
            .values_list("assignment_id", "period_id", "answer_id", "mail__on")
        )
        for assignment, period, answer, day in rows.distinct():
            key = RemindedKey(assignment=assignment, period=period, answer=answer)
            days_of.setdefault(key, []).append(day)
        newest: dict[int, ReminderMail] = {}
        for mail in ReminderMail.objects.filter(state=MailState.REFUSED).order_by("on", "pk"):
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


class YearOfReminders:
    """Adds what is owed in one year to the loads of the people who have to do it."""

    def __init__(
        self,
        programme: Programme,
        rules: ReminderSettings,
        today: date,
        *,
        people: Mapping[int, User],
        history: MailHistory,
    ) -> None:
        self.rules = rules
        self.today = today
        self.people = people
        self.history = history
        self.steps = [step for step in owed_steps(programme) if step.is_open]
        self.answers: list[OwedAnswer] = []
        self.members = _members()
        self.deputies = _deputies(today)
        self.wishes = dict(MailWish.objects.values_list("person", "level"))

    @property
    def owed(self) -> list[Owed]:
        return [*self.steps, *self.answers]

    def collect(self, loads: Loads) -> None:
        """What people have to do themselves, or in the place of somebody who is away."""
        for step in self.owed:
            for key in self._who(step):
                for receiver, for_whom in self._with_deputies(key, step):
                    load = self._load(loads, receiver)
                    load.add(step)
                    if for_whom is not None:
                        load.stands_in_for[str(for_whom)] = None
                    if self._is_due(step, receiver):
                        load.is_due = True

    def escalate(self, loads: Loads, mailed: set[int]) -> None:
        """Tell heads and 首長 what was reminded of often enough; `mailed` get a message today."""
        managers = [key for key, user in self.people.items() if user.role == Role.MANAGER]
        for step in self.owed:
            if step.is_endorsement:
                continue
            days = self._days_of(step, mailed)
            heads = self._other_heads(step)
            self._tell(loads, step, days, heads, count=self.rules.head_from)
            self._tell(loads, step, days, managers, count=self.rules.manager_from)

    def _days_of(self, step: Owed, mailed: set[int]) -> list[date]:
        """The days on which somebody was reminded of it, today's message included."""
        days = list(self.history.days_of.get(step.key, []))
        is_told_today = not mailed.isdisjoint(self._receivers(step))
        if is_told_today and self.today not in days:
            days.append(self.today)
        return days

    def _other_heads(self, step: Owed) -> list[int]:
        """Keys of the department's heads whose own step it is not."""
        members = self.members.get(step.department, {})
        who = self._who(step)
        heads = []
        for key, role in members.items():
            if role == MembershipRole.HEAD and key not in who:
                heads.append(key)
        return heads

    def _tell(
        self,
        loads: Loads,
        step: Owed,
        days: Sequence[date],
        receivers: Iterable[int],
        *,
        count: int,
    ) -> None:
        if not count or len(days) < count:
            return
        for key in receivers:
            load = self._load(loads, key)
            load.escalated[step.key] = step
            # Once for each time that it was reminded of.
            if days[-1] > self.history.last_sent.get(key, date.min):
                load.is_due = True

    def _receivers(self, step: Owed) -> list[int]:
        keys = []
        for key in self._who(step):
            keys += [receiver for receiver, _ in self._with_deputies(key, step)]
        return keys

    def _load(self, loads: Loads, key: int) -> PersonLoad:
        load = loads.setdefault(key, PersonLoad())
        load.quiet_days = max(load.quiet_days, self.rules.quiet_days)
        return load

    def _who(self, step: Owed) -> list[int]:
        """Who has to take the step: the 承辦人, else all reporters; the heads who may endorse it."""
        members = self.members.get(step.department, {})
        heads = [key for key, role in members.items() if role == MembershipRole.HEAD]
        if step.is_endorsement:
            return [key for key in heads if key != step.person]
        if step.person in members:
            return [step.person]
        reporters = [key for key in members if key not in heads]
        return reporters or heads

    def _with_deputies(self, key: int, step: Owed) -> list[tuple[int, User | None]]:
        """The person, and whoever stands in for them; never to endorse what they wrote."""
        receivers: list[tuple[int, User | None]] = [(key, None)]
        for deputy in self.deputies.get(key, []):
            if step.is_endorsement and deputy == step.person:
                continue
            receivers.append((deputy, self.people[key]))
        return receivers

    def _is_due(self, step: Owed, key: int) -> bool:
        """Whether a day of the settings has come since the person was last reminded."""
        due_on = step.due_on
        if due_on is None:
            return False
        if due_on >= self.today and not self._wants(due_on, key):
            return False
        first_day = step.since
        last = self.history.last_sent.get(key)
        if last is not None:
            first_day = max(first_day, last + timedelta(days=1))
        return any(first_day <= day <= self.today for day in self._occasions(due_on))

    def _wants(self, due_on: date, key: int) -> bool:
        """Whether the person wants to hear of what is due on a day to come."""
        level = self.wishes.get(key, MailLevel.ALL)
        if level == MailLevel.OVERDUE:
            return False
        if level == MailLevel.SOON:
            return (due_on - self.today).days <= SOON_DAYS
        return True

    def _occasions(self, due_on: date) -> list[date]:
        """The days on which it is reminded of; one that is missed is made up for later."""
        days = [due_on - timedelta(days=days) for days in self.rules.before]
        days += [due_on + timedelta(days=days) for days in self.rules.after]
        return days


def _members() -> dict[int, dict[int, str]]:
    """{key of a department: {key of somebody who can write for it: their role}}"""
    members: dict[int, dict[int, str]] = {}
    rows = Membership.objects.who_can_write().order_by("user__username")
    for department, person, role in rows.values_list("department", "user", "role"):
        members.setdefault(department, {})[person] = role
    return members


def _deputies(today: date) -> dict[int, list[int]]:
    """{key of somebody who is away: the keys of those who stand in today}"""
    rows = Deputy.objects.in_force(today).filter(person__is_active=True, deputy__is_active=True)
    rows = rows.exclude(deputy__role__in=READ_ONLY).order_by("pk")
    deputies: dict[int, list[int]] = {}
    for person, deputy in rows.values_list("person", "deputy"):
        deputies.setdefault(person, []).append(deputy)
    return deputies
