"""稽催單: numbered without gaps, kept as it was sent, answered, and voided where it was a mistake."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from items.models import (
    Action,
    ChangeKind,
    Department,
    Door,
    HistoryHome,
    NoticeEvent,
    Programme,
    ReminderLetter,
    User,
)
from items.models.lengths import REASON_LENGTH
from items.models.letters import ANSWER_LENGTH, LETTER_VERSION
from items.roc import format_roc
from items.workflow import history, notices
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.reasons import checked_reason
from plan_tracker.clock import day_of

OWED = "owed"
"""The name in the entries of items; `history_words.LABELS_WITHOUT_FIELD` has its label."""


@dataclass(frozen=True)
class LetterItem:
    """One step that is missing, in the words of the day; days as ISO text, as JSON keeps them."""

    action: int
    code: str
    title: str
    period: str
    step: str
    who: str
    since: str
    due: str

    @property
    def words(self) -> str:
        """「第4季尚未送出，待王美玲」"""
        return f"{self.period}{self.step}，待{self.who}"


@dataclass(frozen=True)
class LetterWish:
    """What the plan office has confirmed."""

    items: Sequence[LetterItem]
    answer_until: date
    note: str = ""


@transaction.atomic
def issue(
    programme: Programme,
    department: Department,
    wish: LetterWish,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> ReminderLetter:
    """Number a letter and keep it; the people concerned are told on screen."""
    today = day_of(at)
    # The letters of a year wait for each other here, so that no number is given twice. The row is
    # held by a weak lock, which lets others go on saving reports that point to the year.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    _require_something_owed(department, wish)
    _require_possible_answer_day(wish.answer_until, today)
    _require_short("說明", wish.note, REASON_LENGTH)
    _refuse_second_of_the_day(programme, department, today)
    # Void letters keep their numbers: a number that is missing would look like a letter that was
    # hidden.
    last = programme.letters.aggregate(last=Max("number"))["last"] or 0
    letter = ReminderLetter(
        programme=programme,
        number=last + 1,
        department=department,
        department_name=department.name,
        dated_on=today,
        answer_until=wish.answer_until,
        note=wish.note,
        content={
            "version": LETTER_VERSION,
            # As words and not as keys: the letter is printed as it was sent, also when the item or
            # the person is renamed later.
            "organisation": settings.ORGANISATION,
            "programme": programme.title,
            "issued_by": str(by),
            "items": [asdict(item) for item in wish.items],
        },
        issued_at=at,
        issued_by=by,
    )
    history.save(letter, by=by, at=at, door=door)

    def owed_words(items: Sequence[LetterItem]) -> history.FieldValues:
        return {
            "department_name": [None, department.name],
            "answer_until": [None, wish.answer_until],
            OWED: [None, "；".join(item.words for item in items)],
        }

    _write_on_items(letter, ChangeKind.CREATED, owed_words, by=by, at=at, door=door)
    people = notices.writers_of([department])
    notices.tell(
        people,
        NoticeEvent.REMINDED,
        letter,
        until=wish.answer_until,
        what=f"稽催單 {letter}",
        by=by,
        at=at,
    )
    return letter


@transaction.atomic
def void(
    letter: ReminderLetter, because: str, *, by: User, at: datetime, door: Door = Door.PAGE
) -> ReminderLetter:
    """作廢: the letter stays with its number, and says that it does not count any more."""
    because = checked_reason(
        because,
        missing=f"請寫出{letter.number_words}作廢的原因。",
        too_long=_too_long("作廢原因", because.strip(), REASON_LENGTH),
    )
    current = _locked(letter)
    current.voided_at = at
    current.voided_by = by
    current.voided_because = because
    history.save(current, by=by, at=at, door=door)

    def void_words(items: Sequence[LetterItem]) -> history.FieldValues:
        return {"voided_because": ["", because]}

    _write_on_items(current, ChangeKind.CHANGED, void_words, by=by, at=at, door=door)
    return current


@transaction.atomic
def note_answer(
    letter: ReminderLetter,
    answer: str,
    answered_on: date,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> ReminderLetter:
    """What came back on the slip; written again, it replaces what was noted before."""
    answer = answer.strip()
    if not answer:
        raise WorkflowError("請寫出回復的內容，例如原因與預定完成日。", Refusal.ANSWER_MISSING)
    _require_short("回復內容", answer, ANSWER_LENGTH)
    today = day_of(at)
    if not letter.dated_on <= answered_on <= today:
        words = f"回復日期要在發文日（{format_roc(letter.dated_on)}）到今天之間，請更正。"
        raise WorkflowError(words, Refusal.LETTER_NOT_POSSIBLE)
    current = _locked(letter)
    # The entry says what the new words replace.
    noted_before = current.answer
    current.answer = answer
    current.answered_on = answered_on
    history.save(current, by=by, at=at, door=door)

    def answer_words(items: Sequence[LetterItem]) -> history.FieldValues:
        return {"answer": [noted_before, answer], "answered_on": [None, answered_on]}

    _write_on_items(current, ChangeKind.CHANGED, answer_words, by=by, at=at, door=door)
    return current


def _locked(letter: ReminderLetter) -> ReminderLetter:
    """The letter as the database has it, for this transaction alone; never a void one."""
    current = ReminderLetter.objects.select_for_update().get(pk=letter.pk)
    # At hand already; the number of a letter names its year.
    current.programme = letter.programme
    if current.is_void:
        words = f"{current.number_words}已經作廢，沒有變動。"
        raise WorkflowError(words, Refusal.LETTER_VOID_ALREADY)
    return current


def _require_something_owed(department: Department, wish: LetterWish) -> None:
    if not wish.items:
        words = f"{department}現在沒有未完成的填報或核可，不必開稽催單。"
        raise WorkflowError(words, Refusal.LETTER_NOT_POSSIBLE)


def _require_possible_answer_day(answer_until: date, today: date) -> None:
    if answer_until < today:
        words = f"回復期限 {format_roc(answer_until)} 已經過了，請填今天或以後的日子。"
        raise WorkflowError(words, Refusal.DUE_DAY_PAST)


def _require_short(label: str, text: str, length: int) -> None:
    if len(text) > length:
        raise WorkflowError(_too_long(label, text, length), Refusal.REASON_TOO_LONG)


def _too_long(label: str, text: str, length: int) -> str:
    return f"{label}有 {len(text):,} 個字，最多 {length:,} 個字，請縮短。"


def _refuse_second_of_the_day(programme: Programme, department: Department, today: date) -> None:
    """A double press must not send two letters with two numbers."""
    same_day = programme.letters.in_force().filter(department=department, dated_on=today)
    first = same_day.first()
    if first is not None:
        words = f"今天已經對{department}開過{first.number_words}；要重開，請先把它作廢。"
        raise WorkflowError(words, Refusal.LETTER_NOT_POSSIBLE)


def _write_on_items(
    letter: ReminderLetter,
    kind: ChangeKind,
    fields_of: Callable[[Sequence[LetterItem]], history.FieldValues],
    *,
    by: User,
    at: datetime,
    door: Door,
) -> None:
    """An entry on each item that the letter names, so that its 歷程 has the reminder."""
    items_of: dict[int, list[LetterItem]] = {}
    for item in letter.items:
        items_of_action = items_of.setdefault(item["action"], [])
        items_of_action.append(LetterItem(**item))
    # An item that was deleted since the letter was written has no 歷程 to write into.
    for action in Action.objects.filter(pk__in=items_of).order_by("code", "pk"):
        home = HistoryHome(programme=letter.programme, action=action)
        fields = fields_of(items_of[action.pk])
        history.entry(letter, kind, fields, by=by, at=at, door=door, home=home).save()
