"""A password from the server's shell: set with a trace, and without a second way to an admin."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from items.models import Change, User

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("changepassword", *arguments, stdout=out)
    return out.getvalue()


def test_a_password_from_the_shell_is_changed_at_the_next_login_and_leaves_a_trace(
    monkeypatch, admin
):
    monkeypatch.setenv("ADMIN_PASSWORD", "korrekt-horse-115")
    assert "已重新設定帳號「admin」（系統管理員）的密碼" in run("admin")
    admin.refresh_from_db()
    assert admin.check_password("korrekt-horse-115")
    assert admin.must_change_password
    entry = Change.objects.get()
    assert (entry.by, entry.door, entry.model) == (admin, "command", "user")
    assert entry.fields == {
        "password": [None, "由伺服器上的指令重新設定"],
        "must_change_password": [False, True],
    }
    assert "korrekt" not in json.dumps(entry.fields)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("username", "password", "words"),
    [
        ("nobody", "korrekt-horse-115", "沒有「nobody」這個帳號"),
        ("admin", "short", "密碼不合規定"),
    ],
)
def test_a_password_that_cannot_be_set_is_refused_in_a_sentence(
    monkeypatch, admin, username, password, words
):
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    with pytest.raises(CommandError, match=words):
        run(username)
    assert not Change.objects.exists()


def test_an_account_that_is_switched_off_stays_so_and_is_told(monkeypatch, mei):
    mei.is_active = False
    mei.save()
    monkeypatch.setenv("ADMIN_PASSWORD", "korrekt-horse-115")
    assert "這個帳號已停用，仍然不能登入" in run("mei")


@pytest.mark.one_engine
def test_djangos_own_way_to_an_admin_leads_to_ours(db):
    with pytest.raises(CommandError, match="create_admin 帳號 --name 姓名"):
        call_command("createsuperuser")
    assert not User.objects.exists()
