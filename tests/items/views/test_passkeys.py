"""密碼金鑰: added, listed, removed, taken at the second step; wrong answers are counted."""

import json
import logging
from copy import deepcopy

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from items.models import Change, Passkey, RecoveryCode, Role, SecondFactor, User
from items.workflow.forgetting import forget
from items.worklists.account_review import second_factor_words
from plan_tracker import passkeys
from plan_tracker.passkey_site import PasskeySite
from tests.items.views.answers import text_of
from tests.items.views.authenticator import Device
from tests.items.views.phones import PAPER, SET_UP, Phone, enter, set_up
from tests.making import NOW, PASSWORD

START = 1_795_000_000
CODE = reverse("login_code")
ASK_AT_LOGIN = reverse("login_passkey_options")
ASK = reverse("passkey_options")
ADD = reverse("passkey_add")
CODES = reverse("second_factor_codes")
REMOVE = reverse("second_factor_remove")
LOCKED = 429

pytestmark = pytest.mark.usefixtures("programme")


@pytest.fixture(autouse=True)
def _set_up(settings, caplog):
    settings.PASSKEY_SITE = PasskeySite("testserver", "https://testserver")
    caplog.set_level(logging.CRITICAL, logger="axes")


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(mei, clock):
    """The browser in which 美 has signed in by the form."""
    client = Client()
    assert enter(client, "mei").status_code == 302
    return client


@pytest.fixture
def device(desk):
    """The device of 美, which was added, and is all that she has."""
    device = Device()
    desk.paper = PAPER.findall(add(desk, device).content.decode())
    return device


def ask(client, purpose, address=ASK):
    return client.post(address, {"purpose": purpose}).json()


def add(client, device, name="辦公室電腦"):
    return client.post(ADD, {"name": name, "answer": device.create(ask(client, "new"))})


def sign_in_with(device):
    """A new browser: password, then the device; (client, answer of the second step)."""
    client = Client()
    assert enter(client, "mei").url == CODE
    return client, client.post(CODE, {"answer": device.get(ask(client, "proof", ASK_AT_LOGIN))})


def is_signed_in(client):
    return client.get(SET_UP).status_code == 200


def entries(mei):
    told = Change.objects.filter(model="user", object_id=mei.pk).order_by("id")
    return [entry.fields["second_factor"][1] for entry in told if "second_factor" in entry.fields]


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


# Wrong answers.


def wrong_answers(device, options):
    """{what is wrong: the answer}"""
    answers = {}
    good = json.loads(device.get(options))
    stranger = Device()
    stranger.id = device.id
    answers["another key"] = stranger.get(options)
    elsewhere = deepcopy(device)
    elsewhere.origin = "https://testserver.evil.test"
    answers["another address"] = elsewhere.get(options)
    other_site = deepcopy(device)
    other_site.host = "evil.test"
    answers["another site"] = other_site.get(options)
    without_owner = deepcopy(device)
    without_owner.verifies = False
    answers["nobody verified"] = without_owner.get(options)
    old = options | {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
    answers["another question"] = device.get(old)
    answers["of a new one"] = device.create(options)
    answers["no JSON"] = "{"
    answers["no object"] = "[]"
    answers["nothing in it"] = "{}"
    broken = good | {"response": good["response"] | {"authenticatorData": "AAAA"}}
    answers["bytes that end"] = json.dumps(broken)
    return answers


KINDS = (
    "another key", "another address", "another site", "nobody verified", "another question",
    "of a new one", "no JSON", "no object", "nothing in it", "bytes that end",
)  # fmt: skip


def test_what_proves_nothing_opens_nothing(device):
    for kind in KINDS:
        # Else the fifth is refused before it is looked at.
        AccessAttempt.objects.all().delete()
        client = Client()
        enter(client, "mei")
        options = ask(client, "proof", ASK_AT_LOGIN)
        answers = wrong_answers(deepcopy(device), options)
        assert set(answers) == set(KINDS)
        answer = client.post(CODE, {"answer": answers[kind]})
        assert "密碼金鑰沒有通過" in text_of(answer), kind
        assert not is_signed_in(client), kind
    AccessAttempt.objects.all().delete()
    # None of them has spoiled it.
    client, _ = sign_in_with(device)
    assert is_signed_in(client)


def test_a_question_is_answered_once_and_within_five_minutes(device, clock):
    client = Client()
    enter(client, "mei")
    options = ask(client, "proof", ASK_AT_LOGIN)
    client.post(CODE, {"answer": "{}"})
    assert "用過了" in text_of(client.post(CODE, {"answer": device.get(options)}))
    options = ask(client, "proof", ASK_AT_LOGIN)
    clock.shift(5 * 60 + 1)
    assert not is_signed_in(client)
    client.post(CODE, {"answer": device.get(options)})
    assert not is_signed_in(client)


def test_an_answer_of_one_browser_opens_no_other(device):
    first, second = Client(), Client()
    for client in (first, second):
        enter(client, "mei")
    answer = device.get(ask(first, "proof", ASK_AT_LOGIN))
    ask(second, "proof", ASK_AT_LOGIN)
    second.post(CODE, {"answer": answer})
    assert not is_signed_in(second)


def test_wrong_answers_are_counted_with_wrong_passwords(device):
    client = Client()
    enter(client, "mei")
    for _ in range(5):
        ask(client, "proof", ASK_AT_LOGIN)
        answer = client.post(CODE, {"answer": "{}"})
    assert answer.status_code == LOCKED
    options = ask(client, "proof", ASK_AT_LOGIN)
    if "problem" not in options:
        assert client.post(CODE, {"answer": device.get(options)}).status_code == LOCKED
    assert not is_signed_in(client)


def test_a_copy_is_found_by_its_count_and_blocked(desk, device, mei, clock):
    copy = deepcopy(device)
    for _ in range(3):
        sign_in_with(device)
    clock.shift(120)
    client, _ = sign_in_with(copy)
    assert not is_signed_in(client)
    assert entries(mei)[-1] == "密碼金鑰可能被複製，已停用「辦公室電腦」"
    assert Passkey.objects.get().is_blocked
    # Nor does the first one open anything any more; a code on paper does.
    page = text_of(client.get(CODE))
    assert "請填一個備援碼" in page
    assert "problem" in ask(client, "proof", ASK_AT_LOGIN)
    client.post(CODE, {"code": desk.paper[0]})
    assert "可能被複製" in text_of(client.get(SET_UP))


def test_devices_that_do_not_count_are_taken_every_time(desk):
    device = Device(counts=False)
    add(desk, device)
    for _ in range(2):
        client, _ = sign_in_with(device)
        assert is_signed_in(client)


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


def test_somebody_elses_is_not_there(device, hao, clock, desk):
    client = Client()
    enter(client, "hao")
    _, codes = set_up(client)
    address = reverse("passkey_remove", args=[Passkey.objects.get().pk])
    assert "已經移除了" in text_of(client.post(address, {"code": codes[0]}, follow=True))
    assert Passkey.objects.exists()


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
