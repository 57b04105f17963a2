"""帳號清查: the list of accounts for admins and auditors, and closing what nobody uses."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from items.models import Change, Role, SecondFactor, SingleSignOn, User
from tests.items.views.answers import text_of
from tests.making import NOW, make_user

MIDNIGHT = NOW - timedelta(hours=10)
"""The first moment of the day on which the tests play: a page asks at any hour of it."""
PAGE = reverse("accounts", args=[115])
CLOSE = reverse("accounts_close", args=[115])


def seen(user, days):
    """Last signed in so many days ago."""
    User.objects.filter(pk=user.pk).update(
        last_login=MIDNIGHT - timedelta(days=days), created_at=MIDNIGHT - timedelta(days=400)
    )
    return user


@pytest.fixture
def unused(mei, hao, coordinator, programme):
    """豪 was last here 91 days ago; 美 and the plan office are busy."""
    seen(mei, 3)
    seen(coordinator, 89)
    return seen(hao, 91)


def test_the_page_tells_who_may_sign_in_and_when_they_did(sign_in, unused, auditor, manager):
    seen(manager, 1)
    page = text_of(sign_in(auditor).get(PAGE))
    assert "帳號清查 5 個啟用中" in page
    assert "1 個超過 90 天沒有登入" in page
    assert "啟用中 5 久未使用 1 已停用 0" in page
    assert "林志豪 hao 全公司角色 單位同仁 所屬單位 資訊室（承辦人）" in page
    assert "91 天沒有登入" in page
    assert "林總經理 manager 全公司角色 首長 所屬單位 —" in page
    SingleSignOn.objects.create(user=manager, issuer="https://x", subject="7", linked_at=NOW)
    User.objects.filter(pk=manager.pk).update(password="!")
    page = text_of(sign_in(auditor).get(PAGE))
    assert "密碼 沒有密碼；115年11月22日 10:00 連結單一登入" in page
    # An auditor checks; only the information office closes.
    assert "停用勾選" not in text_of(sign_in(auditor).get(PAGE, {"kind": "unused"}))


def test_the_page_and_the_file_tell_who_has_a_second_factor(sign_in, unused, auditor, hao, mei):
    SecondFactor.objects.create(user=hao, seed="JBSWY3DPEHPK3PXP", set_up_at=NOW)
    client = sign_in(auditor)
    page = text_of(client.get(PAGE))
    assert page.count("115年11月22日 10:00 設定") == 1
    file = client.get(reverse("accounts_export", args=[115, "csv"])).content.decode("utf-8-sig")
    lines = {line.split(",")[0]: line for line in file.splitlines()}
    assert "115年11月22日 10:00 設定" in lines['"hao"']
    assert "設定" not in lines['"mei"']


def test_unused_accounts_are_listed_chosen_and_closed(sign_in, unused, admin):
    client = sign_in(admin)
    page = text_of(client.get(PAGE, {"kind": "unused"}))
    assert "林志豪 hao" in page
    assert "王美玲" not in page
    answer = client.post(CLOSE, {"account": [unused.pk]}, follow=True)
    assert "已停用 1 個帳號：林志豪。所寫的紀錄都保留。" in text_of(answer)
    unused.refresh_from_db()
    assert not unused.is_active
    entry = Change.objects.get()
    assert entry.by == admin
    assert entry.fields == {"is_active": [True, False]}
    assert "林志豪 hao" in text_of(client.get(PAGE, {"kind": "closed"}))
    # A second press finds nothing left to do.
    again = client.post(CLOSE, {"account": [unused.pk]}, follow=True)
    assert "沒有可以停用的帳號" in text_of(again)
    assert Change.objects.count() == 1


@pytest.mark.parametrize("data", [{}, {"account": ["x", "9" * 30, "１"]}])
def test_nothing_chosen_closes_nothing(sign_in, unused, admin, data):
    answer = sign_in(admin).post(CLOSE, data, follow=True)
    assert "沒有可以停用的帳號：請先勾選" in text_of(answer)
    assert not User.objects.filter(is_active=False).exists()


def test_an_account_that_was_never_used_counts_from_the_day_it_was_made(sign_in, unused, admin):
    old = make_user("old", "老同仁")
    User.objects.filter(pk=old.pk).update(created_at=MIDNIGHT - timedelta(days=100))
    fresh = make_user("fresh", "新同仁")
    User.objects.filter(pk=fresh.pk).update(created_at=MIDNIGHT - timedelta(days=5))
    page = text_of(sign_in(admin).get(PAGE, {"kind": "unused"}))
    assert "老同仁 old" in page
    assert "從來沒有 100 天沒有登入" in page
    assert "新同仁" not in page


def test_without_unused_accounts_the_list_is_empty_and_says_so(sign_in, programme, admin):
    page = text_of(sign_in(admin).get(PAGE, {"kind": "unused"}))
    assert "沒有超過 90 天沒有登入的帳號" in page
    assert "沒有這樣的帳號" in page


def test_the_list_is_had_as_a_file(sign_in, unused, auditor):
    client = sign_in(auditor)
    address = reverse("accounts_export", args=[115, "csv"]) + "?kind=unused"
    page = client.get(PAGE, {"kind": "unused"}).content.decode()
    assert f'href="{address}"' in page
    answer = client.get(address)
    lines = answer.content.decode("utf-8-sig").splitlines()
    wanted = '"hao","林志豪","單位同仁","資訊室（承辦人）","啟用"'
    assert any(line.startswith(wanted) for line in lines)
    assert not any("mei" in line for line in lines)
    assert client.get(reverse("accounts_export", args=[115, "exe"])).status_code == 404


@pytest.mark.one_engine
def test_queries_do_not_grow(sign_in, unused, admin, administration, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(admin)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(10):
        make_user(f"more{number}", "更多", reporter=administration)
    with django_assert_num_queries(len(few)):
        client.get(PAGE)


def test_the_command_closes_all_but_the_last_admin(unused, admin, capsys):
    seen(admin, 200)
    call_command("close_unused_accounts", "--dry-run")
    printed = capsys.readouterr().out
    assert "hao　林志豪　單位同仁　91 天沒有登入" in printed
    assert "共 2 個；這次沒有停用" in printed
    assert User.objects.get(pk=unused.pk).is_active
    call_command("close_unused_accounts")
    printed = capsys.readouterr().out
    assert "已停用 1 個帳號。" in printed
    assert "最後一個系統管理沒有停用" in printed
    assert not User.objects.get(pk=unused.pk).is_active
    assert User.objects.get(pk=admin.pk).is_active
    entry = Change.objects.get()
    assert (entry.by, entry.door) == (unused, "command")


def test_of_two_admins_who_are_both_unused_one_stays(unused, admin):
    seen(admin, 200)
    seen(make_user("admin2", "另一個", Role.ADMIN), 100)
    call_command("close_unused_accounts")
    assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == 1


def test_nonsense_days_close_nothing(unused):
    with pytest.raises(CommandError, match="1 以上的天數"):
        call_command("close_unused_accounts", "--days", "0")
