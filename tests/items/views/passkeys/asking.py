"""What the browser asks for and sends, in the tests of 密碼金鑰."""

from django.test import Client
from django.urls import reverse

from items.models import Change
from tests.items.views.phones import CODE, enter

ASK_AT_LOGIN = reverse("login_passkey_options")
ASK = reverse("passkey_options")
ADD = reverse("passkey_add")


def ask(client, purpose, address=ASK):
    return client.post(address, {"purpose": purpose}).json()


def add(client, device, name="辦公室電腦"):
    return client.post(ADD, {"name": name, "answer": device.create(ask(client, "new"))})


def sign_in_with(device):
    """A new browser: password, then the device; (client, answer of the second step)."""
    client = Client()
    assert enter(client, "mei").url == CODE
    return client, client.post(CODE, {"answer": device.get(ask(client, "proof", ASK_AT_LOGIN))})


def entries(mei):
    told = Change.objects.filter(model="user", object_id=mei.pk).order_by("id")
    return [entry.fields["second_factor"][1] for entry in told if "second_factor" in entry.fields]
