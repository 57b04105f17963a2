"""會議與主席裁示: the meetings of a year, one meeting with its instructions, and what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q

from items import access
from items.day_words import days_left, moment_words
from items.models import (
    Action,
    Directive,
    DirectiveAnswer,
    Meeting,
    Programme,
    ProgrammeState,
    User,
)
from items.models.directives import DirectiveQuerySet
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

    @property
    def words_below(self) -> str:
        """「裁示 4 案，列管中 2 案・主席 王處長・第一會議室」"""
        place = place_words(self.meeting)
        if not place:
            return self.words
        return f"{self.words}・{place}"


def place_words(meeting: Meeting) -> str:
    """「主席 王處長・第一會議室」; empty where neither was noted."""
    parts = []
    if meeting.chair:
        parts.append(f"主席 {meeting.chair}")
    if meeting.place:
        parts.append(meeting.place)
    return "・".join(parts)


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
            # A meeting without instructions has a row of nulls, which is no open one.
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


def open_before(user: User, meeting: Meeting) -> list[Directive]:
    """Instructions of earlier meetings, of other years as well, that can go on in this one."""
    # Of the same day as well: two meetings may be held on one.
    meetings = access.visible_meetings(user).filter(held_on__lte=meeting.held_on)
    others = Directive.objects.open().filter(meeting__in=meetings).exclude(meeting=meeting)
    in_order = others.select_related("meeting__programme").in_order()
    return list(in_order[:MOST_TO_CARRY])


def later_meetings(directive: Directive) -> Sequence[Meeting]:
    """The meetings in which an instruction can go on, the next one first."""
    # Two meetings may be held on one day, so that a later one may have the same date.
    later = Meeting.objects.filter(held_on__gte=directive.meeting.held_on)
    others = later.exclude(pk=directive.meeting_id)
    # In a meeting of a closed year nothing can be written any more.
    writable = others.exclude(programme__state=ProgrammeState.CLOSED)
    in_order = writable.defer("agenda").order_by("held_on", "id")
    return list(in_order[:MEETINGS_TO_GO_ON_IN])
