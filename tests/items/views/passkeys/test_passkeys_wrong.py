"""密碼金鑰: what proves nothing opens nothing, and is counted."""

import json
from copy import deepcopy

import pytest
from axes.models import AccessAttempt
from django.test import Client

from items.models import Passkey
from tests.items.views.answers import text_of
from tests.items.views.authenticator import Device
from tests.items.views.passkeys.asking import (
    ASK_AT_LOGIN,
    add,
    ask,
    entries,
    sign_in_with,
)
from tests.items.views.phones import CODE, LOCKED, SET_UP, enter, is_signed_in

pytestmark = pytest.mark.usefixtures("programme")


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
