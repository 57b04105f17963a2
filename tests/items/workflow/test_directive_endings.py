"""How an instruction ends, is followed up again, and goes on in a later meeting."""

from datetime import date, timedelta

import pytest

from items import access
from items.models import (
    DirectiveOutcome,
    Meeting,
    Programme,
)
from items.workflow import (
    Refusal,
    directive_answers,
    directive_endings,
    directives,
)
from items.workflow.directives import DirectiveContent
from tests.items.workflow.directive_steps import ask, reason_of, row_of
from tests.making import NOW

OCTOBER = date(2026, 10, 20)
LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("outcome", "because", "reason"),
    [
        (DirectiveOutcome.RELEASED, "", Refusal.DIRECTIVE_STILL_OPEN),
        (DirectiveOutcome.VOID, " ", Refusal.REASON_MISSING),
        (DirectiveOutcome.VOID, "長" * 501, Refusal.REASON_TOO_LONG),
        (DirectiveOutcome.CONTINUED, "下次再議", Refusal.DIRECTIVE_NOT_POSSIBLE),
    ],
)
def test_an_ending_that_cannot_be_is_refused(of_two, coordinator, outcome, because, reason):
    conclude = directive_endings.conclude
    named = {"because": because, "by": coordinator, "at": NOW}
    assert reason_of(conclude, of_two, outcome, **named) is reason
    of_two.refresh_from_db()
    assert of_two.is_open


def test_what_is_void_is_nobodys_work_and_can_be_followed_up_again(
    of_two, administration, mei, coordinator
):
    directive_endings.conclude(
        of_two, DirectiveOutcome.VOID, because="與第2案重複", by=coordinator, at=NOW
    )
    assert not access.answers_to_write(mei).exists()
    answer = row_of(of_two, administration)
    write = directive_answers.write
    named = {"seen_at": None, "asks": False, "by": mei, "at": NOW}
    assert reason_of(write, answer, "甲", **named) is Refusal.DIRECTIVE_CONCLUDED
    directive_endings.follow_up_again(of_two, because="並未重複", by=coordinator, at=NOW)
    assert list(access.answers_to_write(mei)) == [answer]


def test_following_up_again_opens_the_rows_that_were_released(
    give, administration, mei, coordinator
):
    directive = give(administration)
    directive_answers.agree(ask(row_of(directive, administration), by=mei), by=coordinator, at=NOW)
    directive_endings.follow_up_again(directive, because="驗收未過", by=coordinator, at=LATER)
    answer = row_of(directive, administration)
    assert (answer.state, answer.text) == ("to_do", "已完成。")


def test_what_goes_on_is_linked_and_asks_only_departments_that_are_not_released(
    of_two, programme, administration, information, mei, coordinator, make_action
):
    action = make_action([administration])
    units = [administration, information]
    content = DirectiveContent(text="請加速辦理。", departments=units, action=action)
    directives.revise(of_two, content, by=coordinator, at=NOW)
    directive_answers.agree(ask(row_of(of_two, administration), by=mei), by=coordinator, at=NOW)
    next_year = Programme.objects.create(
        year=116,
        title="116年度計畫",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    january = Meeting.objects.create(programme=next_year, name="檢討", held_on=date(2027, 1, 20))
    successor = directives.carry_over(of_two, january, by=coordinator, at=NOW)
    assert [answer.department for answer in successor.answers.all()] == [information]
    # The item is one of the year before: the link leads to it.
    assert (successor.continues, successor.action) == (of_two, None)
    of_two.refresh_from_db()
    assert (of_two.outcome, of_two.outcome_because) == ("continued", "接到檢討第1案")


def test_it_goes_on_in_a_later_meeting_alone(of_two, meeting, programme, coordinator):
    earlier = Meeting.objects.create(programme=programme, name="早", held_on=date(2026, 7, 1))
    for other in (meeting, earlier):
        named = {"by": coordinator, "at": NOW}
        reason = reason_of(directives.carry_over, of_two, other, **named)
        assert reason is Refusal.DIRECTIVE_NOT_POSSIBLE


def test_one_that_goes_on_gets_a_new_day_or_keeps_its_own(
    give, administration, programme, coordinator
):
    later = directives.save_meeting(
        Meeting(programme=programme, name="下次會議", held_on=date(2026, 11, 20)),
        by=coordinator,
        at=NOW,
    )
    day = date(2026, 12, 1)
    first, second = give(administration, due_on=day), give(administration, due_on=day)
    new_day = date(2026, 12, 20)
    given = {"by": coordinator, "at": NOW}
    assert directives.carry_over(first, later, due_on=new_day, **given).due_on == new_day
    assert directives.carry_over(second, later, **given).due_on == day


def test_several_go_on_in_one_go_or_none(give, administration, programme, coordinator):
    later = directives.save_meeting(
        Meeting(programme=programme, name="下次會議", held_on=date(2026, 11, 20)),
        by=coordinator,
        at=NOW,
    )
    first, second = give(administration, text="一"), give(administration, text="二")
    carry = directives.carry_several
    given = {"by": coordinator, "at": NOW}
    assert reason_of(carry, [], later, **given) is Refusal.DIRECTIVE_NOT_POSSIBLE
    directive_endings.conclude(second, "void", because="重複", by=coordinator, at=NOW)
    assert reason_of(carry, [first, second], later, **given) is Refusal.DIRECTIVE_CONCLUDED
    assert not later.directives.exists()
    directive_endings.follow_up_again(second, because="還要", by=coordinator, at=NOW)
    # In the order in which they were said, however they were ticked.
    successors = carry([second, first], later, due_on=date(2026, 12, 20), **given)
    assert [(one.number, one.text) for one in successors] == [(1, "一"), (2, "二")]
    assert {one.due_on for one in successors} == {date(2026, 12, 20)}
