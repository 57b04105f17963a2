"""The site of the passkeys, and a device that was added to a browser."""

import logging

import pytest

from plan_tracker.passkey_site import PasskeySite
from tests.items.views.authenticator import Device
from tests.items.views.passkeys.asking import add
from tests.items.views.phones import PAPER


@pytest.fixture(autouse=True)
def _set_up(settings, caplog):
    settings.PASSKEY_SITE = PasskeySite("testserver", "https://testserver")
    caplog.set_level(logging.CRITICAL, logger="axes")


@pytest.fixture
def device(desk):
    """The device of 美, which was added, and is all that she has."""
    device = Device()
    desk.paper = PAPER.findall(add(desk, device).content.decode())
    return device
