"""項次編號: the highest running number is kept, whatever becomes of the item."""

import pytest
from django.core.exceptions import ValidationError

from items.models import Action, Programme
from items.workflow import history
from items.workflow.codes import raise_last_code, running_number, year_of_code
from tests.making import NOW


def last_code():
    return Programme.objects.get(year=115).last_code


@pytest.mark.parametrize(
    ("code", "number"),
    [("115-01", 1), ("115-33", 33), ("115-10000", 10_000), ("115-", 0), ("x", 0)],
)
def test_the_running_number_stands_behind_the_hyphen(code, number):
    assert running_number(code) == number


@pytest.mark.parametrize(
    ("code", "year"),
    [("115-01", 115), ("114-3", 114), ("15-01", None), ("115-٠١", None), ("115-01x", None)],
)
def test_a_code_begins_with_its_year(code, year):
    assert year_of_code(code) == year


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("115-２４", "都用半形，例如 115-01"),
        ("１１５-24", "都用半形，例如 115-01"),
        ("115-24\n", "都用半形，例如 115-01"),
        ("115-٢٤", "都用半形，例如 115-01"),
        ("115-1", "都用半形，例如 115-01"),
        ("115-001", "115-001 與 115-01 是同一個流水號"),
        ("115-01", "這個項次編號已經有人使用"),
        ("116-02", "項次編號要以 115- 開頭"),
    ],
)
def test_a_new_item_has_a_number_of_its_own_in_plain_figures(
    coordinator, make_action, code, sentence
):
    plan = make_action().plan
    item = Action(plan=plan, position=2, code=code, title="新的作法")
    with pytest.raises(ValidationError, match=sentence):
        history.save(item, by=coordinator, at=NOW)


def test_two_items_with_one_number_from_before_the_rule_can_be_edited(coordinator, make_action):
    make_action()
    twin = make_action(code="115-001")
    twin.title = "改寫"
    history.save(twin, by=coordinator, at=NOW)
    assert history.save(
        Action(plan=twin.plan, position=9, code="115-010", title="新"), by=coordinator, at=NOW
    ).pk


def test_an_item_that_is_made_raises_the_number_and_its_deletion_does_not_lower_it(
    coordinator, make_action
):
    plan = make_action().plan
    item = Action(plan=plan, position=2, code="115-07", title="新的作法")
    history.save(item, by=coordinator, at=NOW)
    assert last_code() == 7
    history.delete(item, by=coordinator, at=NOW)
    assert last_code() == 7


def test_the_code_of_an_item_that_a_fixture_brought_is_kept_when_the_item_goes(
    coordinator, make_action
):
    item = make_action(code="115-40")
    assert last_code() == 0
    history.delete(item, by=coordinator, at=NOW)
    assert last_code() == 40


def test_a_lower_number_does_not_lower_it(programme):
    raise_last_code(programme, 12)
    raise_last_code(programme, 5)
    assert (programme.last_code, last_code()) == (12, 12)


def test_whoever_read_the_year_before_does_not_write_the_old_number_back(programme, coordinator):
    read_before = Programme.objects.get()
    raise_last_code(programme, 12)
    read_before.title = "改過的名稱"
    history.save(read_before, by=coordinator, at=NOW)
    assert (Programme.objects.get().title, last_code()) == ("改過的名稱", 12)
