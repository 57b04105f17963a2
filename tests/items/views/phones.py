"""A phone that shows codes, as somebody has it beside the keyboard."""

import re
import time

import pyotp
from django.urls import reverse

from tests.making import PASSWORD

SET_UP = reverse("second_factor")
CODE = reverse("login_code")
CODES = reverse("second_factor_codes")
REMOVE = reverse("second_factor_remove")
LOCKED = 429
SECRET = re.compile(r'class="secret">([A-Z2-7 ]+)<')
PAPER = re.compile(r"<code>([A-Z2-9]{5}-[A-Z2-9]{5})</code>")


class Phone:
    """Shows the code of any moment."""

    def __init__(self, page):
        secret = SECRET.search(page.content.decode())[1].replace(" ", "")
        self.shown = pyotp.TOTP(secret)

    def code(self, later=0):
        """The code of now, or of so many codes later or earlier."""
        return self.shown.at(int(time.time()), counter_offset=later)


def enter(client, username, password=PASSWORD, **more):
    """The first step of signing in."""
    return client.post("/login/", {"username": username, "password": password, **more})


def is_signed_in(client):
    return client.get(SET_UP).status_code == 200


def set_up(client):
    """Scan the code and type what the phone shows; (phone, codes on paper)."""
    phone = Phone(client.get(SET_UP))
    answer = client.post(SET_UP, {"code": phone.code()})
    return phone, PAPER.findall(answer.content.decode())
