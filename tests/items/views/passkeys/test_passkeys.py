"""密碼金鑰: added, listed, removed, and taken at the second step."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from items.models import Passkey, RecoveryCode, Role, SecondFactor, User
from items.workflow.forgetting import forget
from items.worklists.account_review import second_factor_words
from plan_tracker import passkeys
from plan_tracker.passkey_site import PasskeySite
from tests.items.views.answers import text_of
from tests.items.views.authenticator import Device
from tests.items.views.passkeys.asking import (
    ADD,
    add,
    ask,
    entries,
    sign_in_with,
)
from tests.items.views.phones import (
    CODE,
    CODES,
    PAPER,
    REMOVE,
    SET_UP,
    Phone,
    enter,
    is_signed_in,
    set_up,
)
from tests.making import NOW, PASSWORD

pytestmark = pytest.mark.usefixtures("programme")


# Adding and using.


def test_one_that_was_added_opens_the_account_together_with_the_password(desk, device, mei):
    assert len(desk.paper) == 10
    assert entries(mei) == ["由本人加入密碼金鑰「辦公室電腦」"]
    client, answer = sign_in_with(device)
    assert (answer.status_code, is_signed_in(client)) == (302, True)
    kept = Passkey.objects.get()
    assert (kept.name, kept.sign_count, kept.last_used_at is None) == ("辦公室電腦", 2, False)
    page = text_of(client.get(SET_UP))
    assert "辦公室電腦" in page
    assert "備援碼還有 10 個" in page


@pytest.mark.one_engine
def test_the_password_alone_opens_nothing_and_a_code_on_paper_is_the_way_without_script(
    desk, device
):
    client = Client()
    enter(client, "mei")
    page = text_of(client.get(CODE))
    assert "請用密碼金鑰，或填一個備援碼" in page
    assert not is_signed_in(client)
    client.post(CODE, {"code": desk.paper[0]})
    assert is_signed_in(client)
    assert RecoveryCode.objects.count() == 9


def test_adding_the_first_one_ends_the_sessions_that_were_begun_without_it(desk, mei):
    other = Client()
    enter(other, "mei")
    add(desk, Device())
    assert is_signed_in(desk)
    assert not is_signed_in(other)


def test_several_stand_beside_a_phone_each_with_its_name(desk, clock):
    phone, _ = set_up(desk)
    clock.shift(60)
    # The codes on paper are there already: none are shown.
    assert add(desk, Device()).status_code == 302
    add(desk, Device(), name="手機")
    assert list(Passkey.objects.values_list("name", flat=True)) == ["辦公室電腦", "手機"]
    again = add(desk, Device(), name="手機")
    assert "您已經有一個同名的密碼金鑰" in text_of(again)
    client = Client()
    enter(client, "mei")
    client.post(CODE, {"code": phone.code()})
    assert is_signed_in(client)


def test_a_device_is_not_taken_twice(desk, device):
    options = ask(desk, "new")
    assert len(options["excludeCredentials"]) == 1
    answer = desk.post(ADD, {"name": "再一次", "answer": device.create(options)})
    assert "已經加入過了" in text_of(answer)
    assert Passkey.objects.count() == 1


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("name", "expected"), [(" ", "請填名稱"), ("名" * 41, "最多 40 個字，請縮短")]
)
def test_a_name_is_asked_for_in_words(desk, name, expected):
    assert expected in text_of(add(desk, Device(), name=name))
    assert not Passkey.objects.exists()


def test_a_page_that_was_left_open_adds_nothing(desk, clock):
    desk.get(SET_UP)
    clock.shift(29 * 60)
    desk.get("/115/plan/")
    clock.shift(2 * 60)
    assert "請重新登入" in ask(desk, "new")["problem"]
    assert not Passkey.objects.exists()


# Changing.


def test_it_is_removed_for_a_proof_of_now_and_with_the_last_one_all(desk, device, mei):
    address = reverse("passkey_remove", args=[Passkey.objects.get().pk])
    assert "請填手機現在顯示的六位數字" in text_of(desk.post(address, {}))
    assert Passkey.objects.exists()
    desk.post(address, {"answer": device.get(ask(desk, "proof"))})
    assert not Passkey.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert entries(mei)[-1] == "由本人移除密碼金鑰「辦公室電腦」"
    assert "設定雙重驗證" in text_of(desk.get(SET_UP))
    other = Client()
    enter(other, "mei")
    assert is_signed_in(other)


@pytest.mark.one_engine
def test_somebody_elses_is_not_there(device, hao, clock, desk):
    client = Client()
    enter(client, "hao")
    _, codes = set_up(client)
    address = reverse("passkey_remove", args=[Passkey.objects.get().pk])
    assert "已經移除了" in text_of(client.post(address, {"code": codes[0]}, follow=True))
    assert Passkey.objects.exists()


@pytest.mark.one_engine
def test_other_codes_for_paper_and_a_phone_beside_it(desk, device, clock):
    before = desk.paper
    page = desk.post(CODES, {"answer": device.get(ask(desk, "proof"))})
    codes = PAPER.findall(page.content.decode())
    assert not set(codes).intersection(before)
    assert "加上手機" in text_of(desk.get(SET_UP))
    set_up_page = desk.get(f"{SET_UP}?phone=1")
    assert "用手機掃描" in text_of(set_up_page)
    desk.post(SET_UP, {"code": Phone(set_up_page).code()})
    assert SecondFactor.objects.exists()
    # Another phone: the passkey stays, and is asked for meanwhile.
    clock.shift(60)
    answer = desk.post(REMOVE, {"answer": device.get(ask(desk, "proof")), "then": "set_up"})
    assert answer.url == f"{SET_UP}?phone=1"
    assert not SecondFactor.objects.exists()
    assert "備援碼用完了" in text_of(desk.get(SET_UP))
    client, _ = sign_in_with(device)
    assert is_signed_in(client)


def test_stopping_takes_all_of_it_away(desk, device):
    desk.post(REMOVE, {"answer": device.get(ask(desk, "proof")), "then": "stop"})
    assert not Passkey.objects.exists()
    assert not RecoveryCode.objects.exists()


# Required, reset, forgotten, reviewed.


def test_it_is_a_second_factor_for_whose_role_asks_for_one(settings, desk, mei):
    settings.SECOND_FACTOR_ROLES = frozenset({"reporter"})
    assert desk.get("/115/plan/").url == SET_UP
    add(desk, Device())
    assert desk.get("/115/plan/").status_code == 200
    assert "不能停用" in text_of(desk.get(SET_UP))


def test_the_office_or_a_command_resets_it(device, admin, mei, client):
    client.force_login(admin)
    address = reverse("admin:items_user_second_factor", args=[mei.pk])
    assert "密碼金鑰和備援碼立即失效" in text_of(client.get(address))
    client.post(address)
    assert not Passkey.objects.exists()
    other = Client()
    enter(other, "mei", PASSWORD)
    assert is_signed_in(other)
    add(other, device)
    assert Passkey.objects.exists()
    call_command("reset_second_factor", "mei")
    assert not Passkey.objects.exists()


def test_forgetting_somebody_takes_it_along(device, mei):
    User.objects.filter(pk=mei.pk).update(is_active=False)
    mei.refresh_from_db()
    told = {count.words: count.number for count in forget(mei, at=NOW, door="command")}
    assert told["密碼金鑰"] == 1
    assert not Passkey.objects.exists()


@pytest.mark.one_engine
def test_a_review_shows_how_many_there_are(device, mei, desk):
    assert second_factor_words(mei) == "密碼金鑰 1 個"
    desk.post(SET_UP, {"code": Phone(desk.get(f"{SET_UP}?phone=1")).code()})
    add(desk, Device(), name="手機")
    mei = User.objects.get(pk=mei.pk)
    assert second_factor_words(mei).endswith("設定、密碼金鑰 2 個")
    assert mei.role == Role.STAFF


def test_where_no_passkeys_can_be_used_nothing_speaks_of_them(settings, desk):
    settings.PASSKEY_SITE = None
    assert "密碼金鑰" not in text_of(desk.get(SET_UP))
    assert "problem" in ask(desk, "new")
    settings.PASSKEY_SITE = PasskeySite("plan.example.org", "https://plan.example.org")
    assert "只能在 https://plan.example.org 設定" in text_of(desk.get(SET_UP))
    assert "problem" in ask(desk, "new")


def test_what_no_browser_has_made_is_a_wrong_answer():
    asked = passkeys.ask_for_new(key=1, username="mei", name="王美玲", credentials=[])
    for answer in ("", "{", "null", "[]", "{}", '{"id": 1}', "[" * 30_000, "9" * 30_000):
        with pytest.raises(passkeys.WrongAnswer):
            passkeys.read_new(asked.kept, answer)
