"""設定密碼的連結: by mail or handed over, once, for a day, and the same words for unknown accounts."""

import re

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from django.urls import reverse

from items.models import Change, User
from tests.items.views.answers import text_of
from tests.making import PASSWORD

NEW = "sunny-tram-116"
FORGOTTEN = reverse("password_forgotten")


@pytest.fixture
def with_mail(settings, mei):
    settings.HAS_MAIL = True
    mei.email = "mei@example.org"
    mei.save()
    return mei


def link_in(text):
    return re.search(r"http://testserver(/password/link/[\w/-]+/)", text)[1]


def choose(link, password=NEW):
    """Open the link in a browser of its own, and set the password; the answer to that."""
    client = Client()
    page = client.get(link, follow=True)
    if "用過了、過期了" in text_of(page):
        return page
    address = page.redirect_chain[-1][0]
    given = {"new_password1": password, "new_password2": password}
    return client.post(address, given, follow=True)


def given_link(client, person):
    page = client.post(reverse("admin:items_user_password_link", args=[person.pk]), {"show": "1"})
    return link_in(page.content.decode())


@pytest.mark.one_engine
def test_an_admin_sees_a_link_that_works_once(sign_in, admin, mei):
    mei.must_change_password = True
    mei.save()
    link = given_link(sign_in(admin), mei)
    answer = choose(link)
    assert "密碼已設定，請用新密碼登入。" in text_of(answer)
    mei.refresh_from_db()
    assert mei.check_password(NEW)
    assert not mei.must_change_password
    assert "用過了、過期了" in text_of(choose(link, "quiet-lake-117"))
    entries = Change.objects.order_by("id")
    assert [entry.fields for entry in entries] == [
        {"password_link": [None, "由系統管理產生"]},
        {"password": [None, "由本人以連結設定"], "must_change_password": [True, False]},
    ]
    assert [entry.by for entry in entries] == [admin, mei]
    assert entries[0].differences()[0].label == "設定密碼的連結"
    assert link.split("/")[-2] not in str([entry.fields for entry in entries])


def test_a_link_ends_after_a_day_with_a_sign_in_and_with_the_account(sign_in, admin, mei):
    client = sign_in(admin)
    with time_machine.travel(1_795_000_000, tick=False) as clock:
        late = given_link(sign_in(admin), mei)
        clock.shift(24 * 3600 + 1)
        assert "用過了、過期了" in text_of(choose(late))
    used = given_link(sign_in(admin), mei)
    Client().post("/login/", {"username": "mei", "password": PASSWORD})
    assert "用過了、過期了" in text_of(choose(used))
    mei.refresh_from_db()
    disabled = given_link(sign_in(admin), mei)
    User.objects.filter(pk=mei.pk).update(is_active=False)
    assert "用過了、過期了" in text_of(choose(disabled))
    refused = client.post(
        reverse("admin:items_user_password_link", args=[mei.pk]), {"show": "1"}, follow=True
    )
    assert "已停用，請先啟用，再給連結" in text_of(refused)


def test_the_rules_hold_for_the_password_of_a_link(sign_in, admin, mei):
    link = given_link(sign_in(admin), mei)
    assert "用過了" in text_of(choose(link, PASSWORD))
    assert "大半是容易猜的字" in text_of(choose(link, "Hualien-115-demo"))
    mei.refresh_from_db()
    assert mei.check_password(PASSWORD)


def test_whoever_has_the_link_is_not_locked_any_more(sign_in, admin, mei):
    for number in range(5):
        Client().post("/login/", {"username": "mei", "password": f"wrong-{number}"})
    choose(given_link(sign_in(admin), mei))
    assert not AccessAttempt.objects.exists()
    answer = Client().post("/login/", {"username": "mei", "password": NEW})
    assert answer.status_code == 302


@pytest.mark.one_engine
def test_a_forgotten_password_is_set_by_a_link_in_the_mail(with_mail, client):
    assert "忘記密碼？" in text_of(client.get("/login/"))
    answer = client.post(FORGOTTEN, {"username": "mei"})
    assert "設定密碼的連結已經寄出" in text_of(answer)
    [message] = mail.outbox
    assert message.to == ["mei@example.org"]
    assert "王美玲您好" in message.body
    assert "連結只能用一次" in message.body
    choose(link_in(message.body))
    with_mail.refresh_from_db()
    assert with_mail.check_password(NEW)


def test_unknown_disabled_and_addressless_accounts_get_the_same_words_and_no_mail(
    with_mail, client, hao, head
):
    User.objects.filter(pk=head.pk).update(is_active=False, email="head@example.org")
    answers = set()
    for username in ("mei", "xyz", "hao", "head"):
        answer = client.post(FORGOTTEN, {"username": username})
        answers.add(text_of(answer))
    assert len(answers) == 1
    assert [message.to for message in mail.outbox] == [["mei@example.org"]]


@pytest.mark.one_engine
def test_a_mailbox_is_not_flooded(with_mail, client):
    for _ in range(3):
        client.post(FORGOTTEN, {"username": "mei"})
    assert len(mail.outbox) == 1


@pytest.mark.one_engine
def test_a_mail_server_that_refuses_tells_nothing_at_the_login_page(
    with_mail, client, monkeypatch, caplog
):
    def refuse(*arguments, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr("items.workflow.password_links.send_mail", refuse)
    answer = client.post(FORGOTTEN, {"username": "mei"})
    assert "設定密碼的連結已經寄出" in text_of(answer)
    assert not Change.objects.exists()


@pytest.mark.one_engine
def test_an_admin_mails_the_link_or_is_told_why_not(sign_in, admin, with_mail, hao, monkeypatch):
    client = sign_in(admin)
    address = reverse("admin:items_user_password_link", args=[with_mail.pk])
    assert "寄到 mei@example.org" in client.get(address).content.decode()
    answer = client.post(address, {"mail": "1"}, follow=True)
    assert "設定密碼的連結已寄到 mei@example.org。" in text_of(answer)
    assert len(mail.outbox) == 1
    without = reverse("admin:items_user_password_link", args=[hao.pk])
    assert "寄到" not in client.get(without).content.decode()
    assert "沒有寄出" in text_of(client.post(without, {"mail": "1"}, follow=True))

    def refuse(*arguments, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr("items.workflow.password_links.send_mail", refuse)
    assert "郵件主機沒有接受" in text_of(client.post(address, {"mail": "1"}, follow=True))


@pytest.mark.one_engine
def test_without_a_mail_server_there_is_no_page_that_promises_mail(client, mei):
    assert client.get(FORGOTTEN).status_code == 404
    assert "請洽資訊人員重設" in text_of(client.get("/login/"))
    broken = client.get("/password/link/x/y-z/")
    assert "請洽資訊人員再給您一個連結" in text_of(broken)


@pytest.mark.one_engine
def test_ones_own_link_is_the_page_that_asks_for_the_old_password(sign_in, admin):
    answer = sign_in(admin).get(reverse("admin:items_user_password_link", args=[admin.pk]))
    assert answer.url == reverse("password_change")
    assert sign_in(admin).get("/admin/items/user/999/password-link/").status_code == 404
