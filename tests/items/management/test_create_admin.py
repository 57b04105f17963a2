"""The first admin of a real installation, where no account exists before somebody makes one."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from items.demonstration.accounts import demonstration_accounts
from items.management.commands import create_admin
from items.models import Change, User

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("create_admin", *arguments, stdout=out)
    return out.getvalue()


def test_the_first_admin_is_made_from_the_environment_and_changes_the_password_at_once(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", "korrekt-horse-115")
    assert "已建立" in run("boss", "--name", "王大明")
    user = User.objects.get(username="boss")
    assert (user.is_admin, user.must_change_password, user.check_password("korrekt-horse-115")) == (
        True,
        True,
        True,
    )
    entry = Change.objects.get(model="user")
    assert (entry.by, entry.door) == (user, "command")
    assert "korrekt" not in json.dumps(entry.fields)


def test_the_password_is_asked_for_twice_at_a_terminal(monkeypatch):
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(create_admin, "getpass", lambda prompt: "korrekt-horse-115")
    run("boss", "--name", "王大明")
    assert not User.objects.get(username="boss").must_change_password

    answers = iter(["korrekt-horse-115", "korrekt-horse-116"])
    monkeypatch.setattr(create_admin, "getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError, match="兩次輸入的密碼不同"):
        run("other", "--name", "李大華")


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("username", "password", "words"),
    [
        ("boss", "short", "密碼不合規定"),
        ("admin", "korrekt-horse-115", "已經有人使用"),
        ("no spaces", "korrekt-horse-115", "帳號"),
    ],
)
def test_an_admin_that_cannot_be_made_is_refused_in_a_sentence(
    monkeypatch, admin, username, password, words
):
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    with pytest.raises(CommandError, match=words):
        run(username, "--name", "王大明")
    assert User.objects.count() == 1


@pytest.mark.one_engine
def test_without_a_terminal_and_without_the_variable_the_command_says_what_to_do(monkeypatch):
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(CommandError, match="ADMIN_PASSWORD"):
        run("boss", "--name", "王大明")


def test_an_office_starts_without_accounts():
    """Nothing but a command of its own makes any: migrations and fixtures of the plan do not."""
    assert not User.objects.exists()
    with override_settings(DEMONSTRATION=False):
        assert demonstration_accounts() == []
