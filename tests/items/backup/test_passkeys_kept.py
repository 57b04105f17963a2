"""A passkey, and codes on paper, through backup and restore: they open the account as before."""

import shutil

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from items.evidence.storage import evidence_storage
from items.models import Passkey, RecoveryCode
from plan_tracker.passkey_site import PasskeySite
from tests.items.views.authenticator import Device
from tests.items.views.phones import CODE, PAPER, SET_UP, enter


@pytest.fixture(autouse=True)
def _site(settings):
    settings.PASSKEY_SITE = PasskeySite("testserver", "https://testserver")


def challenge(client, address, purpose):
    return client.post(reverse(address), {"purpose": purpose}).json()


def sign_in_with(device):
    client = Client()
    assert enter(client, "mei").url == CODE
    options = challenge(client, "login_passkey_options", "proof")
    answer = client.post(CODE, {"answer": device.get(options)})
    return client, answer


def test_a_passkey_and_codes_on_paper_open_the_account_after_a_restore(
    sent_report, folder, forget_everything, clock, capsys
):
    device = Device()
    desk = Client()
    enter(desk, "mei")
    answer = device.create(challenge(desk, "passkey_options", "new"))
    added = desk.post(reverse("passkey_add"), {"name": "辦公室電腦", "answer": answer})
    paper = PAPER.findall(added.content.decode())
    kept = Passkey.objects.get()
    assert kept.sign_count is not None

    call_command("backup", folder)
    [path] = folder.iterdir()
    forget_everything()
    shutil.rmtree(evidence_storage().location)
    assert not Passkey.objects.exists()
    call_command("restore", path)

    restored = Passkey.objects.get()
    assert bytes(restored.credential) == bytes(kept.credential)
    assert (restored.credential_id, restored.name) == (kept.credential_id, "辦公室電腦")
    client, answer = sign_in_with(device)
    assert answer.status_code == 302
    assert client.get(SET_UP).status_code == 200
    # Without the device a code on paper does, once.
    assert RecoveryCode.objects.count() == len(paper)
    client = Client()
    enter(client, "mei")
    assert client.post(CODE, {"code": paper[0]}).status_code == 302
    again = Client()
    enter(again, "mei")
    assert again.post(CODE, {"code": paper[0]}).status_code == 200
