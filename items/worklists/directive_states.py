"""主席裁示 by state: how many wait for whom, and the lists behind these numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from items import access
from items.models import (
    AnswerState,
    Directive,
    DirectiveAnswer,
    Programme,
    User,
)
from items.models.directives import DirectiveQuerySet
from items.models.prepared import Prepared, Slot
from items.worklists.meetings import DirectiveCard


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
