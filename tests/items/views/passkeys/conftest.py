"""A browser that is signed in, its device, and a clock that stands still."""

import logging

import pytest
import time_machine
from django.test import Client

from plan_tracker.passkey_site import PasskeySite
from tests.items.views.authenticator import Device
from tests.items.views.passkeys.asking import (
    START,
    add,
)
from tests.items.views.phones import PAPER, enter


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
