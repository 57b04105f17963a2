"""B4: which passwords are too easy, and in what words that is said."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from items.models import User
from plan_tracker.password_rules import kinds_of, without_runs


@pytest.fixture
def person():
    return User(username="mei.wang", full_name="王美玲", email="meiling@example.gov.tw")


def problem(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return "".join(error.messages)
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "correct horse 115",
        "kmtr-4wpn-x8hd",
        "another-horse-116",
        "korrekt-horse-115",
        "Sunflower rides a tram",
        "向日葵在電車上 a1 唱歌跳舞",
        "7-mountains-and-a-Port",
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_allowed(password, person):
    assert problem(password, person) == ""


@pytest.mark.parametrize(
    "password",
    [
        "Hualien-115-demo",
        "Hualien2026!",
        "HualienPort115",
        "花蓮港務分公司115年",
        "花蓮港務分公司Abc115",
        "P@ssw0rd-2026!",
        "Password12345!",
        "Iloveyou2026!!",
        "Qwertyuiop123!",
        "1qaz2wsx3eDC!",
        "Abcdefgh1234!",
        "Admin-Admin-1!",
        "Dragon1234567!",
        "Ji32k7au4a83!!",
        "Summer2026!Summer",
    ],
)
def test_what_everybody_guesses_is_refused_in_words(password):
    assert "密碼大半是容易猜的字" in problem(password) or "重複" in problem(password)


@pytest.mark.parametrize(
    "password",
    ["Mei.Wang-2026!", "王美玲王美玲王美玲王美玲", "Meiling115!!", "王美玲王美玲Aa1王美玲王美玲"],
)
def test_ones_own_name_is_refused(password, person):
    assert problem(password, person) != ""


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaa", "Aa1!Aa1!Aa1!", "ab1-ab1-ab1-", "哈哈哈哈哈哈哈哈哈哈哈哈"]
)
def test_a_piece_again_and_again_is_refused(password):
    assert "密碼只是重複幾個字" in problem(password)


@pytest.mark.parametrize(
    ("password", "kinds"), [("abc", 1), ("abC", 2), ("abC1", 3), ("a 1", 3), ("王1", 2)]
)
def test_kinds_of_characters_are_counted(password, kinds):
    assert kinds_of(password) == kinds


def test_three_kinds_of_characters_are_asked_for_and_a_setting_takes_that_back(settings):
    assert "四種裡至少要有 3 種" in problem("sunflowerridestrams")
    settings.PASSWORD_KINDS = 1
    assert problem("sunflowerridestrams") == ""


def test_eleven_characters_are_too_few():
    assert "12" in problem("Xk4-mP9-qw2")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("abcx", "abcx"),
        ("abcdx", "x"),
        ("x54321y", "xy"),
        ("qwertz", "z"),
        ("aaaab", "b"),
        ("", ""),
    ],
)
def test_runs_are_taken_out(text, left):
    assert without_runs(text) == left
