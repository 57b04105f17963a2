"""Who is reminded of what in one running year: whose turn it is, their deputies, and escalation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from items.models import READ_ONLY, Deputy, Membership, MembershipRole, Programme, Role, User
from items.models.reminder_mail import MailLevel, MailWish, ReminderSettings
from items.worklists.mail_history import MailHistory
from items.worklists.owed_answers import OwedAnswer
from items.worklists.owed_steps import owed_steps
from items.worklists.person_load import Loads, Owed, PersonLoad

SOON_DAYS = 7
"""What `MailLevel.SOON` counts as soon."""


@dataclass(frozen=True)
class Receiver:
    """Somebody who is to hear of a step, in the place of `for_whom` where that is not None."""

    key: int
    for_whom: User | None = None


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
        # What is locked nobody can do any more: a mail about it could only annoy.
        self.steps = [step for step in owed_steps(programme) if step.is_open]
        # The run gives them to one of its years alone: instructions belong to no single year.
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
            for receiver in self._receivers(step):
                load = self._load(loads, receiver.key)
                load.add(step)
                # The mail says whose work it is: a deputy would take it for a mistake.
                if receiver.for_whom is not None:
                    load.stands_in_for[str(receiver.for_whom)] = None
                if self._is_due(step, receiver.key):
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
        # A copy: the history has only messages that went out.
        days = list(self.history.days_of.get(step.key, []))
        is_told_today = any(receiver.key in mailed for receiver in self._receivers(step))
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

    def _receivers(self, step: Owed) -> list[Receiver]:
        """Those who have to take the step, each before the deputies of theirs."""
        receivers = []
        for key in self._who(step):
            receivers.append(Receiver(key))
            for deputy in self.deputies.get(key, []):
                # Whoever wrote the report is not asked to endorse it for somebody else either.
                if step.is_endorsement and deputy == step.person:
                    continue
                receivers.append(Receiver(deputy, for_whom=self.people[key]))
        return receivers

    def _load(self, loads: Loads, key: int) -> PersonLoad:
        load = loads.setdefault(key, PersonLoad())
        # Nobody gets more mails than the strictest of their years allows.
        load.quiet_days = max(load.quiet_days, self.rules.quiet_days)
        return load

    def _who(self, step: Owed) -> list[int]:
        """Who has to take the step: the 承辦人, else all reporters; the heads who may endorse it."""
        members = self.members.get(step.department, {})
        heads = [key for key, role in members.items() if role == MembershipRole.HEAD]
        if step.is_endorsement:
            return [key for key in heads if key != step.person]
        # A 承辦人 who has left the department cannot report: then all of it are told.
        if step.person in members:
            return [step.person]
        reporters = [key for key in members if key not in heads]
        if reporters:
            return reporters
        # In a department without reporters the heads write themselves.
        return heads

    def _is_due(self, step: Owed, key: int) -> bool:
        """Whether a day of the settings has come since the person was last reminded."""
        due_on = step.due_on
        if due_on is None:
            return False
        # What is overdue is told in any case; a wish lowers only what comes before.
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
    memberships = Membership.objects.who_can_write().order_by("user__username")
    rows = memberships.values_list("department", "user", "role")
    for department, person, role in rows:
        of_department = members.setdefault(department, {})
        of_department[person] = role
    return members


def _deputies(today: date) -> dict[int, list[int]]:
    """{key of somebody who is away: the keys of those who stand in today}"""
    in_force = Deputy.objects.in_force(today)
    active = in_force.filter(person__is_active=True, deputy__is_active=True)
    # 首長 and 稽核 write nothing, for nobody.
    who_can_write = active.exclude(deputy__role__in=READ_ONLY).order_by("pk")
    deputies: dict[int, list[int]] = {}
    for person, deputy in who_can_write.values_list("person", "deputy"):
        deputies.setdefault(person, []).append(deputy)
    return deputies
