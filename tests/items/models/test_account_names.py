"""An account that looks like another one is not made, whatever the door."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from items.models import User
from items.models.account_names import by_spelling, full_name_problem, username_problem
from items.workflow import history
from tests.making import NOW

CYRILLIC_ADMIN = "\u0430dmin"
OTHERS = by_spelling(["admin", "王美玲"])


@pytest.mark.parametrize("username", ["mei", "mei.wang", "a+b@c-d_e", "李佩珊", "admin2", "𠮷野"])
def test_plain_names_are_allowed(username):
    assert username_problem(username, OTHERS) is None


@pytest.mark.parametrize(
    "username",
    [
        CYRILLIC_ADMIN,
        "admin\u200b",
        "ad\u202emin",
        "ad\nmin",
        "ad min",
        "αdmin",
        "admin\u00ad",
        "ADMÍN",
        "",
    ],
)
def test_letters_that_only_look_like_others_are_refused(username):
    assert "帳號只能用半形英文字母" in username_problem(username, OTHERS)


@pytest.mark.parametrize("username", ["Admin", "ADMIN"])
def test_a_name_that_differs_in_case_only_is_refused_by_the_other_name(username):
    assert "已經有「admin」" in username_problem(username, OTHERS)


@pytest.mark.parametrize(
    "name", ["王\u200b美玲", "王\u202e美玲", "王美玲\n系統管理", "王\u2028美玲"]
)
def test_a_person_s_name_shows_all_that_it_holds(name):
    assert "換行或看不見的字元" in full_name_problem(name)


def test_a_name_with_a_space_or_a_rare_character_is_a_name():
    assert full_name_problem("Anna 𠮷野 O'Neil・巴奈") is None


def test_the_verbs_refuse_it_and_names_from_before_the_rule_stay(admin):
    with pytest.raises(ValidationError, match="已經有「admin」"):
        history.save(User(username="Admin", full_name="假冒", password="!"), by=admin, at=NOW)
    old = User.objects.create(username=CYRILLIC_ADMIN, full_name="舊\u200b人", password="!")
    old.email = "old@example.org"
    history.save(old, by=admin, at=NOW)
    old.full_name = "新\u200b人"
    with pytest.raises(ValidationError, match="看不見的字元"):
        history.save(old, by=admin, at=NOW)


def test_the_command_refuses_it(admin, monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", "korrekt-horse-115")
    with pytest.raises(CommandError, match="已經有「admin」"):
        call_command("create_admin", "ADMIN", "--name", "假冒")


def test_the_form_of_the_back_office_refuses_it(sign_in, admin):
    data = {
        "username": CYRILLIC_ADMIN,
        "full_name": "假冒",
        "role": "",
        "password1": "korrekt-horse-115",
        "password2": "korrekt-horse-115",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    page = sign_in(admin).post("/admin/items/user/add/", data).content.decode()
    assert "有些看起來和英文一樣" in page
    assert User.objects.count() == 1
