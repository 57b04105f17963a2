"""稽催單: which departments one could be sent to, what it would say, and the letters of a year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from items import access
from items.day_words import days_left, moment_words
from items.models import Department, Programme, ReminderLetter, User, WorkingCalendar
from items.roc import format_roc
from items.workflow.letters import LetterItem
from items.worklists.addressees import Member, members_by_department, other_heads
from items.worklists.department_reminder import ReminderKind
from items.worklists.deputy_names import DeputyNames
from items.worklists.owed_steps import OwedStep, by_department, number_overdue, owed_steps

DAYS_TO_ANSWER = 5
"""Between a letter and 回復期限, before the next working day is taken."""


@dataclass(frozen=True)
class OwingDepartment:
    """A department that owes something today, and its last letter."""

    department: Department
    steps: Sequence[OwedStep]
    last: ReminderLetter | None
    today: date

    @property
    def words(self) -> str:
        """「未完成 4 件，其中逾期 2 件」"""
        words = f"未完成 {len(self.steps):,} 件"
        overdue = number_overdue(self.steps, self.today)
        if overdue:
            words += f"，其中逾期 {overdue:,} 件"
        return words

    @property
    def last_words(self) -> str:
        """「上次 115稽催字第003號（115年11月20日）」; empty where there was none this year."""
        if self.last is None:
            return ""
        return f"上次 {self.last.number_words}（{format_roc(self.last.dated_on)}）"

    @property
    def has_letter_of_today(self) -> bool:
        return self.last is not None and self.last.dated_on == self.today


@dataclass(frozen=True)
class LetterRow:
    """One letter of the list."""

    letter: ReminderLetter
    today: date

    @property
    def state_words(self) -> str:
        """「已作廢」, 「115年11月24日已回復」, 「等回復，剩 3 天」"""
        letter = self.letter
        if letter.is_void:
            return "已作廢"
        if letter.answered_on is not None:
            return f"{format_roc(letter.answered_on)}已回復"
        return f"等回復（{days_left(letter.answer_until, self.today, past='逾期')}）"


def owing_departments(programme: Programme, today: date) -> list[OwingDepartment]:
    """Those that owe something, in their order."""
    steps_of = by_department(owed_steps(programme))
    last_of: dict[int, ReminderLetter] = {}
    # In the order of their numbers, so that the last one of a department is kept.
    for letter in programme.letters.in_force().order_by("number"):
        letter.programme = programme
        last_of[letter.department_id] = letter
    rows = []
    for department in Department.objects.filter(pk__in=steps_of):
        row = OwingDepartment(
            department=department,
            steps=steps_of[department.pk],
            last=last_of.get(department.pk),
            today=today,
        )
        rows.append(row)
    return rows


def letter_rows(user: User, programme: Programme, today: date) -> list[LetterRow]:
    """What this person may see, the newest first; a year has some dozens."""
    rows = []
    for letter in access.visible_letters(user).filter(programme=programme).order_by("-number"):
        letter.programme = programme
        rows.append(LetterRow(letter, today))
    return rows


def letter_items(programme: Programme, department: Department, today: date) -> list[LetterItem]:
    """What a letter of today says, by person; those of one person in the order of the plan."""
    steps = owed_steps(programme, department.pk)
    members = members_by_department(DeputyNames.of(today)).get(department.pk, [])
    items_of: dict[str, list[LetterItem]] = {}
    for step in steps:
        who = whose_turn_words(step, members)
        # As words and figures of today: printed again, the letter says the same (`PrintedItem`).
        item = LetterItem(
            action=step.action,
            code=step.code,
            title=step.title,
            period=step.period.name,
            step=step.step_words,
            who=who,
            since=step.since.isoformat(),
            due=step.due_on.isoformat(),
        )
        items_of.setdefault(who, []).append(item)
    # By person: the letter is passed on, and each finds their own items in one place.
    items = []
    for who in sorted(items_of):
        items += items_of[who]
    return items


def whose_turn_words(step: OwedStep, members: Sequence[Member]) -> str:
    """Who has to take the step: a name, several heads, or everybody of the department."""
    if step.kind is ReminderKind.CLOSED:
        return "單位洽研考"
    if step.kind is ReminderKind.TO_ENDORSE:
        heads = [member for member in members if member.is_head]
        # A head never endorses what they wrote themselves.
        names = [head.name for head in other_heads(heads, step.person)]
        return "、".join(names) or "研考（單位沒有其他主管）"
    for member in members:
        if member.pk == step.person:
            return member.name
    return "單位承辦人"


def suggested_answer_day(today: date) -> date:
    """A working day some days ahead."""
    return WorkingCalendar.load().first_from(today + timedelta(days=DAYS_TO_ANSWER))


@dataclass(frozen=True)
class PrintedItem:
    """One line of the letter as it was kept."""

    item: Mapping[str, str]
    dated_on: date

    @property
    def since_words(self) -> str:
        """「115年11月16日起，已 6 天」, counted to the day of the letter."""
        since = date.fromisoformat(self.item["since"])
        # Counted to the day of the letter, so that a second print says the same as the first.
        days = max((self.dated_on - since).days, 0)
        return f"{format_roc(since)}起，已 {days} 天"

    @property
    def due_words(self) -> str:
        """「115年12月1日（剩 9 天）」, as it was on the day of the letter."""
        due_on = date.fromisoformat(self.item["due"])
        return f"{format_roc(due_on)}（{days_left(due_on, self.dated_on)}）"


@dataclass(frozen=True)
class SlipItem:
    """One line of 回復單, to be filled in by hand."""

    code: str
    title: str


@dataclass(frozen=True)
class PrintedLetter:
    """A letter as it is printed, in words."""

    letter: ReminderLetter
    items: Sequence[PrintedItem]

    @property
    def organisation(self) -> str:
        return str(self.letter.content["organisation"])

    @property
    def issued_by(self) -> str:
        return str(self.letter.content["issued_by"])

    @property
    def subject(self) -> str:
        """主旨, one sentence."""
        number = len(self.items)
        until = format_roc(self.letter.answer_until)
        title = self.letter.content["programme"]
        return (
            f"貴單位辦理「{title}」，截至 {format_roc(self.letter.dated_on)}尚有 {number:,} 件未完成，"
            f"請儘速辦理，並於 {until}前填妥回復單送回。"
        )

    @property
    def slip_items(self) -> list[SlipItem]:
        """Each item once, however many of its steps are missing."""
        titles: dict[str, str] = {}
        for printed in self.items:
            titles[printed.item["code"]] = printed.item["title"]
        return [SlipItem(code, title) for code, title in titles.items()]

    @property
    def void_words(self) -> str:
        """「115年11月23日 09:00 由顏佳慧作廢：「寄錯單位」」; empty where it counts."""
        letter = self.letter
        if letter.voided_at is None:
            return ""
        moment = moment_words(letter.voided_at)
        return f"{moment} 由{letter.voided_by}作廢：「{letter.voided_because}」"


def printed_letter(letter: ReminderLetter) -> PrintedLetter:
    return PrintedLetter(letter, printed_items(letter.items, letter.dated_on))


def printed_items(items: Iterable[Mapping[str, str]], dated_on: date) -> list[PrintedItem]:
    return [PrintedItem(item, dated_on) for item in items]


def letters_words(programme: Programme) -> str:
    """What the card of 管理 says: 「稽催單 3 張，1 張等回復」"""
    in_force = programme.letters.in_force()
    number = in_force.count()
    if not number:
        return "還沒有開過稽催單"
    words = f"稽催單 {number:,} 張"
    waiting = in_force.filter(answered_on=None).count()
    if waiting:
        words += f"，{waiting:,} 張等回復"
    return words
