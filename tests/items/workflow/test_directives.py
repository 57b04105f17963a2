"""主席裁示: written down, answered by each department, released, concluded, and carried on."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from items import access
from items.models import (
    AnswerState,
    Change,
    Directive,
    DirectiveAnswer,
    DirectiveOutcome,
    Meeting,
    Programme,
    ProgrammeState,
)
from items.workflow import (
    Refusal,
    WorkflowError,
    departments,
    directive_answers,
    directive_endings,
    directives,
    removing,
    years,
)
from items.workflow.directives import DirectiveContent
from items.worklists.directives_to_do import directives_to_do
from tests.items.workflow.directive_steps import ask, reason_of, row_of
from tests.making import NOW

OCTOBER = date(2026, 10, 20)
LATER = NOW + timedelta(minutes=5)


def test_an_instruction_makes_a_row_for_each_department_and_is_released_with_the_last(
    of_two, administration, information, mei, hao, coordinator
):
    assert [answer.state for answer in of_two.answers.all()] == [AnswerState.TO_DO] * 2
    for person, unit in [(mei, administration), (hao, information)]:
        asked = ask(row_of(of_two, unit), by=person)
        assert (asked.state, asked.text, asked.answered_by) == ("asked", "已完成。", person)
        of_two.refresh_from_db()
        assert of_two.is_open
        directive_answers.agree(asked, by=coordinator, at=LATER)
    of_two.refresh_from_db()
    assert (of_two.outcome, of_two.concluded_by, of_two.concluded_at) == (
        DirectiveOutcome.RELEASED,
        coordinator,
        LATER,
    )
    assert not access.answers_to_write(mei).exists()


def test_instructions_of_a_meeting_are_numbered(give, administration):
    assert [give(administration).number, give(administration).number] == [1, 2]


def test_a_refusal_gives_the_row_back_with_its_reason_until_it_asks_again(
    of_two, administration, mei, coordinator
):
    asked = ask(row_of(of_two, administration), by=mei)
    refuse = directive_answers.refuse
    assert reason_of(refuse, asked, because=" ", by=coordinator, at=NOW) is Refusal.REASON_MISSING
    back = refuse(asked, because="請附驗收紀錄。", by=coordinator, at=NOW)
    assert (back.state, back.refused_because) == ("to_do", "請附驗收紀錄。")
    again = ask(back, by=mei, text="已驗收。", seen_at=back.answered_at)
    assert (again.state, again.refused_because) == ("asked", "")


def test_a_request_can_be_taken_back_until_it_is_decided(of_two, administration, mei, coordinator):
    asked = ask(row_of(of_two, administration), by=mei)
    assert directive_answers.take_back(asked, by=mei, at=NOW).state == "to_do"
    agree = directive_answers.agree
    assert reason_of(agree, asked, by=coordinator, at=NOW) is Refusal.ANSWER_IN_ANOTHER_STATE


def test_nobody_asks_without_words_and_nobody_writes_over_a_colleague(
    of_two, administration, mei, head
):
    answer = row_of(of_two, administration)
    write = directive_answers.write
    named = {"seen_at": None, "asks": True, "by": mei, "at": NOW}
    assert reason_of(write, answer, "  ", **named) is Refusal.ANSWER_MISSING
    write(answer, "甲", seen_at=None, asks=False, by=head, at=NOW)
    assert reason_of(write, answer, "乙", **named) is Refusal.ANSWER_CHANGED
    answer.refresh_from_db()
    assert (answer.text, answer.state) == ("甲", "to_do")
    # The same words, as by a second press of the button, are no conflict.
    write(answer, "甲", seen_at=None, asks=False, by=mei, at=LATER)
    answer.refresh_from_db()
    assert answer.answered_by == head


def test_a_department_with_words_stays_and_the_others_may_go(
    of_two, administration, information, mei, coordinator
):
    answer = row_of(of_two, administration)
    directive_answers.write(answer, "甲", seen_at=None, asks=False, by=mei, at=NOW)
    revise = directives.revise
    without_it = DirectiveContent(text="改", departments=[information])
    named = {"by": coordinator, "at": NOW}
    assert reason_of(revise, of_two, without_it, **named) is Refusal.DIRECTIVE_NOT_POSSIBLE
    of_two.refresh_from_db()
    assert of_two.text == "請加速辦理。"
    revise(of_two, DirectiveContent(text="改", departments=[administration]), **named)
    assert list(of_two.answers.all()) == [answer]


@pytest.mark.parametrize("door", ["give", "revise"])
def test_nothing_is_instructed_to_nobody_or_about_another_years_item(
    of_two, give, administration, make_action, coordinator, door
):
    def refused(*units, text="請加速。", **more):
        content = DirectiveContent(text=text, departments=units, **more)
        named = {"by": coordinator, "at": NOW}
        if door == "give":
            return reason_of(directives.give, of_two.meeting, content, **named)
        return reason_of(directives.revise, of_two, content, **named)

    assert refused() is Refusal.DIRECTIVE_NOT_POSSIBLE
    assert refused(administration, text=" ") is Refusal.DIRECTIVE_NOT_POSSIBLE
    action = make_action([administration])
    other = Programme.objects.create(
        year=116,
        title="116年度計畫",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    strategy = action.plan.method.strategy
    type(strategy).objects.filter(pk=strategy.pk).update(programme=other)
    action.refresh_from_db()
    elsewhere = type(action).objects.with_path().get(pk=action.pk)
    assert refused(administration, action=elsewhere) is Refusal.DIRECTIVE_NOT_POSSIBLE


def test_a_department_that_has_ended_gets_nothing_new_but_keeps_its_row(
    of_two, give, administration, information, coordinator
):
    departments.deactivate_departments([information], by=coordinator, at=NOW)
    information.refresh_from_db()
    with pytest.raises(WorkflowError, match="「資訊室」已經停用"):
        give(information)
    units = [administration, information]
    content = DirectiveContent(text="改", departments=units)
    directives.revise(of_two, content, by=coordinator, at=NOW)
    assert of_two.answers.count() == 2


def test_a_closed_year_gets_no_new_instructions_and_hands_its_open_ones_on(
    of_two, give, meeting, programme, administration, coordinator
):
    programme.state = ProgrammeState.CLOSED
    programme.save()
    named = {"by": coordinator, "at": NOW}
    content = DirectiveContent(text="甲", departments=[administration])
    assert reason_of(directives.give, meeting, content, **named) is Refusal.YEAR_CLOSED
    assert reason_of(directives.revise, of_two, content, **named) is Refusal.YEAR_CLOSED
    assert reason_of(directives.save_meeting, meeting, **named) is Refusal.YEAR_CLOSED
    next_year = Programme.objects.create(
        year=116,
        title="116年度計畫",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    january = Meeting.objects.create(programme=next_year, name="檢討", held_on=date(2027, 1, 20))
    assert directives.carry_over(of_two, january, **named).is_open


def test_what_is_open_in_a_closed_year_is_still_answered_and_released(
    of_two, programme, administration, mei, coordinator
):
    programme.state = ProgrammeState.CLOSED
    programme.save()
    [waiting] = directives_to_do(mei, NOW.date())
    asked = ask(waiting.answer, by=mei)
    assert directive_answers.agree(asked, by=coordinator, at=LATER).is_released
    assert directives_to_do(mei, NOW.date()) == []


def test_every_step_leaves_its_entry(of_two, administration, mei, coordinator, auditor):
    before = Change.objects.count()
    asked = ask(row_of(of_two, administration), by=mei)
    entry = Change.objects.latest("id")
    assert Change.objects.count() == before + 1
    assert (entry.by, entry.label, entry.fields) == (
        mei,
        "第3季檢討會議第1案 行政處",
        {"text": ["", "已完成。"], "state": ["to_do", "asked"]},
    )
    directive_answers.agree(asked, by=coordinator, at=NOW)
    directive_endings.conclude(
        of_two, DirectiveOutcome.BY_ITSELF, because="各自追蹤", by=coordinator, at=NOW
    )
    entry = Change.objects.latest("id")
    assert entry.fields == {
        "outcome": ["", "by_itself"],
        "outcome_because": ["", "各自追蹤"],
    }
    words = [str(change.label) for change in entry.differences()]
    assert words == ["裁示結果", "結果說明"]


def test_what_bears_instructions_is_not_deleted(
    give, meeting, programme, administration, make_action, coordinator
):
    action = make_action([administration])
    give(administration, action=action)
    assert "1 案主席裁示" in removing.obstacle_to_removal(action)
    assert "1 案主席裁示" in departments.obstacle_to_deletion(administration)
    assert "1 次會議" in years.obstacle_to_deletion(programme)
    named = {"by": coordinator, "at": NOW}
    reason = reason_of(directives.delete_meeting, meeting, **named)
    assert reason is Refusal.MEETING_HAS_DIRECTIVES


def test_a_meeting_is_there_once_and_an_empty_one_can_go(programme, meeting, coordinator):
    twin = Meeting(programme=programme, name=meeting.name, held_on=OCTOBER)
    with pytest.raises(ValidationError, match="已經有同名的會議"):
        directives.save_meeting(twin, by=coordinator, at=NOW)
    directives.delete_meeting(meeting, by=coordinator, at=NOW)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": "asked"},
        {"state": "released", "text": "甲"},
        {"state": "elsewhere"},
        {"answered_at": datetime(2026, 11, 22, tzinfo=NOW.tzinfo)},
    ],
)
def test_the_database_refuses_a_row_that_cannot_be(of_two, impossible):
    with pytest.raises(IntegrityError), transaction.atomic():
        DirectiveAnswer.objects.update(**impossible)


def test_only_the_departments_own_people_answer(
    of_two, administration, mei, hao, head, coordinator, manager, auditor
):
    own = row_of(of_two, administration)
    writers = {mei: 1, head: 1, hao: 1, coordinator: 0, manager: 0, auditor: 0}
    for person, number in writers.items():
        assert access.answers_to_write(person).count() == number, person
        assert access.visible_answers(person).count() == 2
    assert own not in access.answers_to_write(hao)
    assert Directive.objects.open().count() == 1
    assert access.can_run_meetings(coordinator)
    for person in (mei, head, manager, auditor):
        assert not access.can_run_meetings(person)
