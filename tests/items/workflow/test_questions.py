"""留言: asked, answered, settled and asked again, by whom and until when."""

from datetime import timedelta

import pytest
from django.db import transaction

from items import access
from items.models import (
    Action,
    Change,
    Department,
    Notice,
    Programme,
    QuestionStep,
)
from items.workflow import Refusal, WorkflowError, deputies, questions, removing
from items.workflow.departments import obstacle_to_deletion
from tests.making import NOW, TODAY

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def action(make_action, administration, information):
    return make_action([administration, information])


@pytest.fixture
def asked(action, administration, mei, head, coordinator):
    """顏研考 asks 行政處."""
    return questions.ask(action, " 何時驗收？ ", to=administration, by=coordinator, at=NOW)


def reason_of(verb, *arguments, **named):
    """Why the verb refuses; what it had written is taken back."""
    with pytest.raises(WorkflowError) as error, transaction.atomic():
        verb(*arguments, **named)
    return error.value.reason


def told():
    rows = Notice.objects.order_by("pk").values_list("person__username", "event")
    answer = {}
    for username, event in rows:
        answer.setdefault(username, []).append(event)
    return answer


def test_a_question_is_answered_settled_and_asked_again(asked, mei, coordinator, action):
    assert (asked.text, asked.state) == ("何時驗收？", "open")
    assert list(access.questions_to_answer(mei)) == [asked]
    questions.answer(asked, "下週。", by=mei, at=LATER)
    assert not access.questions_to_answer(mei).exists()
    questions.ask_again(asked, "哪一天？", by=coordinator, at=LATER)
    assert list(access.questions_to_answer(mei)) == [asked]
    questions.answer(asked, "11月30日。", by=mei, at=LATER)
    questions.settle(asked, by=coordinator, at=LATER)
    asked.refresh_from_db()
    assert asked.state == "settled"
    assert told() == {
        "mei": ["question_asked", "question_reopened"],
        "head": ["question_asked", "question_reopened"],
        "coordinator": ["question_answered", "question_answered"],
    }
    steps = QuestionStep.objects.order_by("pk").values_list("kind", "text")
    assert list(steps) == [
        ("answer", "下週。"),
        ("reopen", "哪一天？"),
        ("answer", "11月30日。"),
        ("settle", ""),
    ]
    # One entry for each thing that somebody did, on the timeline of the item.
    entries = Change.objects.filter(action=action).order_by("pk").values_list("model", "label")
    assert list(entries) == [
        ("question", "115-01 給行政處的留言"),
        ("questionstep", "115-01 給行政處的留言：答覆"),
        ("questionstep", "115-01 給行政處的留言：再問"),
        ("questionstep", "115-01 給行政處的留言：答覆"),
        ("questionstep", "115-01 給行政處的留言：解決"),
    ]


def test_what_was_settled_unanswered_is_told_to_whom_it_was_for(asked, mei, coordinator):
    questions.settle(asked, text="已經問到了。", by=coordinator, at=LATER)
    assert told()["mei"] == ["question_asked", "question_settled"]
    assert reason_of(questions.answer, asked, "好", by=mei, at=LATER) is (
        Refusal.QUESTION_IN_ANOTHER_STATE
    )
    again = questions.settle
    assert reason_of(again, asked, by=coordinator, at=LATER) is Refusal.QUESTION_IN_ANOTHER_STATE


@pytest.mark.parametrize("text", ["", " \n ", "字" * 2001])
def test_empty_and_too_long_words_are_refused(
    asked, action, administration, mei, coordinator, text
):
    verb = questions.ask
    given = {"to": administration, "by": coordinator, "at": NOW}
    assert reason_of(verb, action, text, **given) is Refusal.QUESTION_WORDS
    assert reason_of(questions.answer, asked, text, by=mei, at=NOW) is Refusal.QUESTION_WORDS
    questions.answer(asked, "字" * 2000, by=mei, at=NOW)
    again = questions.ask_again
    assert reason_of(again, asked, text, by=coordinator, at=NOW) is Refusal.QUESTION_WORDS


def test_a_second_press_writes_nothing(asked, action, administration, mei, coordinator):
    verb = questions.ask
    given = {"to": administration, "by": coordinator, "at": NOW}
    assert reason_of(verb, action, "何時驗收？", **given) is Refusal.QUESTION_SENT_ALREADY
    questions.answer(asked, "下週。", by=mei, at=NOW)
    sent = reason_of(questions.answer, asked, "下週。", by=mei, at=LATER)
    assert sent is Refusal.QUESTION_SENT_ALREADY
    # Somebody else, or other words, are no second press.
    questions.answer(asked, "改下下週。", by=mei, at=LATER)
    assert QuestionStep.objects.count() == 2


def test_nobody_is_asked_who_would_never_see_it(action, coordinator, mei, hao):
    empty = Department.objects.create(name="無人處", position=9)
    mei.is_active = False
    mei.save()
    for to in (empty, mei):
        given = {"to": to, "by": coordinator, "at": NOW}
        assert reason_of(questions.ask, action, "？", **given) is Refusal.QUESTION_NOBODY_ANSWERS


def test_of_a_person_who_has_left_the_plan_office_answers(action, mei, hao, coordinator):
    question = questions.ask(action, "？", to=mei, by=hao, at=NOW)
    assert not access.questions_to_answer(coordinator).exists()
    mei.is_active = False
    mei.save()
    assert list(access.questions_to_answer(coordinator)) == [question]
    # And of an asker who has left, it settles.
    hao.is_active = False
    hao.save()
    questions.answer(question, "已移交。", by=coordinator, at=NOW)
    assert access.get_question(coordinator, question.pk).settleable


def test_a_deputy_answers_in_the_place_of_the_person(action, mei, hao, coordinator):
    question = questions.ask(action, "？", to=mei, by=coordinator, at=NOW)
    deputies.name_deputy(mei, hao, TODAY, TODAY, by=mei, at=NOW)
    hao.acts_on = TODAY
    assert list(access.questions_to_answer(hao)) == [question]
    step = questions.answer(question, "好。", by=hao, at=LATER)
    assert step.by_words == "王美玲（林志豪代理）"


def test_a_closed_year_is_only_read(asked, action, mei, coordinator):
    Programme.objects.update(state="closed")
    given = {"by": mei, "at": NOW}
    assert reason_of(questions.answer, asked, "好", **given) is Refusal.YEAR_CLOSED
    assert reason_of(questions.ask, action, "？", to=coordinator, **given) is Refusal.YEAR_CLOSED
    assert not access.questions_to_answer(mei).exists()
    shown = access.get_question(mei, asked.pk)
    assert (shown.answerable, shown.settleable, shown.is_addressee) == (False, False, True)


def test_an_item_and_a_department_with_questions_stay(
    asked, action, administration, coordinator, make_action
):
    with pytest.raises(WorkflowError, match="1 則留言"):
        removing.remove_action(action, by=coordinator, at=NOW)
    assert "1 則留言" in obstacle_to_deletion(administration)
    unasked = make_action([administration])
    gone = Action(pk=unasked.pk, plan=unasked.plan, code=unasked.code, position=2)
    removing.remove_action(unasked, by=coordinator, at=NOW)
    given = {"to": administration, "by": coordinator, "at": NOW}
    assert reason_of(questions.ask, gone, "？", **given) is Refusal.ITEM_GONE
