"""會議與主席裁示: the meetings of a year, one meeting with its instructions, and what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q

from items import access
from items.day_words import days_left, moment_words
from items.models import (
    Action,
    AnswerState,
    Directive,
    DirectiveAnswer,
    Meeting,
    Programme,
    ProgrammeState,
    User,
)
from items.models.meetings import DirectiveQuerySet
from items.models.prepared import Prepared, Slot
from items.roc import format_roc

MOST_TO_CARRY = 200
"""As many instructions of earlier meetings are proposed to go on in one."""
MEETINGS_TO_GO_ON_IN = 30
"""How many later meetings are proposed for an instruction that goes on."""


@dataclass(frozen=True)
class MeetingRow:
    """One meeting of the list, with how many instructions it has."""

    meeting: Meeting
    number: int
    number_open: int

    @property
    def words(self) -> str:
        """「裁示 4 案，列管中 2 案」"""
        if not self.number:
            return "還沒有記裁示"
        if not self.number_open:
            return f"裁示 {self.number:,} 案，都已結案"
        return f"裁示 {self.number:,} 案，列管中 {self.number_open:,} 案"


def meeting_rows(user: User, programme: Programme) -> list[MeetingRow]:
    """The meetings of a year, the newest first, in one query."""
    is_open = Q(directives__outcome="")
    meetings = (
        access.visible_meetings(user)
        .filter(programme=programme)
        # A long text, which the list does not show.
        .defer("agenda")
        .annotate(
            number=Count("directives"),
            number_open=Count("directives", filter=is_open & Q(directives__isnull=False)),
        )
        .order_by("-held_on", "-id")
    )
    return [MeetingRow(meeting, meeting.number, meeting.number_open) for meeting in meetings]


@dataclass(frozen=True)
class AnswerRow:
    """One department's row of an instruction, and what its reader may do with it."""

    answer: DirectiveAnswer
    may_write: bool
    may_decide: bool

    @property
    def counts(self) -> bool:
        """What was concluded before it was released waits for nobody."""
        return self.answer.is_released or self.answer.directive.is_open

    @property
    def may_take_back(self) -> bool:
        return self.may_write and self.answer.is_asked

    @property
    def written_words(self) -> str:
        """「王美玲 115年11月22日 10:00」; empty before anything was written."""
        if self.answer.answered_at is None:
            return ""
        return f"{self.answer.answered_by} {moment_words(self.answer.answered_at)}"

    @property
    def release_words(self) -> str:
        """Who asked for the release and when, and who has decided."""
        answer = self.answer
        if answer.is_released and answer.decided_at is not None:
            return f"{moment_words(answer.decided_at)} {answer.decided_by}同意解列"
        if answer.is_asked and answer.asked_at is not None:
            return f"{moment_words(answer.asked_at)} {answer.asked_by}要求解列，等研考決定"
        return ""

    @property
    def refused_words(self) -> str:
        """「顏佳慧不同意解列：請附驗收紀錄。」"""
        if not self.answer.refused_because:
            return ""
        return f"{self.answer.decided_by}不同意解列：{self.answer.refused_because}"


@dataclass(frozen=True)
class DirectiveCard:
    """One instruction with the rows of its departments."""

    directive: Directive
    rows: list[AnswerRow]
    today: date
    may_run: bool
    continued_by: Directive | None = None

    @property
    def due_words(self) -> str:
        """「115年12月15日，剩 23 天」; without the days left of one that has ended."""
        return due_words(self.directive, self.today)

    @property
    def state_words(self) -> str:
        """「列管中」, or how it ended."""
        if self.directive.is_open:
            return "列管中"
        return self.directive.get_outcome_display()

    @property
    def ended_words(self) -> str:
        """「115年11月22日 10:00 顏佳慧：與第2案重複」"""
        directive = self.directive
        if directive.concluded_at is None:
            return ""
        words = f"{moment_words(directive.concluded_at)} {directive.concluded_by}"
        if directive.outcome_because:
            words += f"：{directive.outcome_because}"
        return words


def due_words(directive: Directive, today: date) -> str:
    """Until when an instruction is to be carried out; empty without a day."""
    if directive.due_on is None:
        return ""
    words = format_roc(directive.due_on)
    if directive.is_open:
        words += f"，{days_left(directive.due_on, today)}"
    return words


def directive_cards(user: User, directives: DirectiveQuerySet, today: date) -> list[DirectiveCard]:
    """These instructions as this reader may see and answer them, in three queries."""
    people = ("department", "answered_by", "asked_by", "decided_by")
    rows = access.visible_answers(user).select_related(*people)
    fetched = list(
        directives.select_related(
            "meeting__programme",
            "action",
            "concluded_by",
            "continues__meeting__programme",
            "continued_by__meeting__programme",
        ).prefetch_related(Prefetch("answers", rows.order_by("department__position", "id")))
    )
    may_run = access.can_run_meetings(user)
    # Asked once for all cards, not once for each row.
    writable = _keys_to_write(user, fetched)
    cards = []
    for directive in fetched:
        answer_rows = []
        for answer in directive.answers.all():
            # A row says its words by the instruction, which would be fetched for each of them.
            answer.directive = directive
            row = AnswerRow(
                answer,
                may_write=answer.pk in writable,
                may_decide=may_run and directive.is_open and answer.is_asked,
            )
            answer_rows.append(row)
        card = DirectiveCard(
            directive=directive,
            rows=answer_rows,
            today=today,
            may_run=may_run,
            # The other end of a one-to-one: Django raises where there is none.
            continued_by=getattr(directive, "continued_by", None),
        )
        cards.append(card)
    return cards


def _keys_to_write(user: User, directives: Iterable[Directive]) -> set[int]:
    # Nobody answers an instruction that has ended.
    keys = [directive.pk for directive in directives if directive.is_open]
    if not keys:
        return set()
    to_write = access.answers_to_write(user).filter(directive__in=keys)
    return set(to_write.values_list("pk", flat=True))


def cards_of_meeting(user: User, meeting: Meeting, today: date) -> list[DirectiveCard]:
    return directive_cards(user, Directive.objects.filter(meeting=meeting).in_order(), today)


_ANY_OF_ACTION = Prepared(
    lambda: Directive.objects.filter(action=Slot("action")).order_by().only("pk")[:1]
)


def cards_of_action(user: User, action: Action, today: date) -> list[DirectiveCard]:
    """Those about an item: what is open first, then the newest. One small query for none."""
    if not _ANY_OF_ACTION(action=action.pk):
        return []
    directives = Directive.objects.filter(action=action).in_order()
    cards = directive_cards(user, directives, today)
    # `sorted` keeps the order of what is equal: within both parts the newest stays first.
    return sorted(cards, key=lambda card: not card.directive.is_open)


@dataclass(frozen=True)
class AnswerStateTab:
    """The departments' rows of one state, with how many there are; `state` is empty of all."""

    state: str
    label: str
    number: int


def state_tabs(user: User, programme: Programme) -> list[AnswerStateTab]:
    """待處理, 待解列 and 已解列 of a year; one query.

    What was concluded before it was released waits for nobody.
    """
    rows = access.visible_answers(user).of_programme(programme)
    is_released = Q(state=AnswerState.RELEASED)
    waits = ~is_released & Q(directive__outcome="")
    counted = rows.filter(waits | is_released).order_by()
    numbers = dict(counted.values_list("state").annotate(Count("pk")))
    tabs = []
    for state in AnswerState:
        tabs.append(AnswerStateTab(state.value, state.label, numbers.get(state, 0)))
    return tabs


def directives_in_state(user: User, programme: Programme, state: str) -> DirectiveQuerySet:
    """The instructions of which a department stands there, the newest meeting first."""
    rows = access.visible_answers(user).of_programme(programme).filter(state=state)
    # An instruction that was concluded before all rows were released waits for nobody. Rows that
    # were released stay released, also when the instruction was concluded.
    if state != AnswerState.RELEASED:
        rows = rows.open()
    keys = rows.order_by().values("directive")
    return Directive.objects.filter(pk__in=keys).in_order()


_ANY_ASKED = Prepared(lambda: DirectiveAnswer.objects.asked().order_by().only("pk")[:1])


def number_asked(user: User, programme: Programme) -> int:
    """要求解列 that wait for the plan office; one small query where there is none at all."""
    if not _ANY_ASKED():
        return 0
    return access.visible_answers(user).of_programme(programme).asked().count()


def tabs_of_cards(cards: Sequence[DirectiveCard]) -> list[AnswerStateTab]:
    """The same for the instructions that are at hand, those of one meeting."""
    numbers = dict.fromkeys(AnswerState, 0)
    for card in cards:
        for row in card.rows:
            if row.counts:
                numbers[AnswerState(row.answer.state)] += 1
    tabs = []
    for state, number in numbers.items():
        tabs.append(AnswerStateTab(state.value, state.label, number))
    return tabs


def cards_in_state(cards: Iterable[DirectiveCard], state: str) -> list[DirectiveCard]:
    """The instructions in which some department has this state."""
    cards_with_state = []
    for card in cards:
        if any(row.counts and row.answer.state == state for row in card.rows):
            cards_with_state.append(card)
    return cards_with_state


def summary_words(cards: Sequence[DirectiveCard]) -> str:
    """「裁示 4 案，列管中 2 案；各單位待處理 1、待解列 1、已解列 2」"""
    number_open = 0
    for card in cards:
        if card.directive.is_open:
            number_open += 1
    states = []
    for tab in tabs_of_cards(cards):
        states.append(f"{tab.label} {tab.number}")
    words = f"裁示 {len(cards):,} 案，列管中 {number_open:,} 案"
    return f"{words}；各單位{'、'.join(states)}"


def open_before(user: User, meeting: Meeting) -> list[Directive]:
    """Instructions of earlier meetings, of other years as well, that can go on in this one."""
    # Of the same day as well: two meetings may be held on one.
    meetings = access.visible_meetings(user).filter(held_on__lte=meeting.held_on)
    others = Directive.objects.open().filter(meeting__in=meetings).exclude(meeting=meeting)
    return list(others.select_related("meeting__programme").in_order()[:MOST_TO_CARRY])


_ANY_OPEN = Prepared(
    lambda: (
        Directive.objects.open()
        .filter(meeting__programme=Slot("programme"))
        .order_by()
        .only("pk")[:1]
    )
)


def followed_up_words(user: User, programme: Programme, today: date) -> str:
    """「主席裁示列管中 3 案，其中逾期 1 案」; empty where nothing is followed up; one query."""
    if not _ANY_OPEN(programme=programme.pk):
        return ""
    meetings = access.visible_meetings(user)
    in_sight = Directive.objects.open().of_programme(programme).filter(meeting__in=meetings)
    numbers = in_sight.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
    if not numbers["open"]:
        return ""
    words = f"主席裁示列管中 {numbers['open']:,} 案"
    if numbers["overdue"]:
        words += f"，其中逾期 {numbers['overdue']:,} 案"
    return words


def later_meetings(directive: Directive) -> Sequence[Meeting]:
    """The meetings in which an instruction can go on, the next one first."""
    # Two meetings may be held on one day, so that a later one may have the same date.
    later = Meeting.objects.filter(held_on__gte=directive.meeting.held_on)
    others = later.exclude(pk=directive.meeting_id)
    # In a meeting of a closed year nothing can be written any more.
    writable = others.exclude(programme__state=ProgrammeState.CLOSED)
    in_order = writable.defer("agenda").order_by("held_on", "id")
    return list(in_order[:MEETINGS_TO_GO_ON_IN])
