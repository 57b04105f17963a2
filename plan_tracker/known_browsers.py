"""Browsers in which somebody has signed in before: what strangers do does not lock them out.

The cookie holds a number for each account, signed, and no name. A thief of the cookie gains five
guesses in a quarter of an hour, and nothing else.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

SALT = "plan_tracker.known_browsers"
MOST_ACCOUNTS = 5
"""Accounts of one browser, the newest first: a computer at a counter may have many users."""


def browser_of(request: HttpRequest, username: str) -> str:
    """The number of this browser for an account; "" where that account never signed in in it."""
    return _numbers(request).get(_mark(username), "")


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Let the browser know that this account has signed in in it."""
    numbers = _numbers(request)
    number = numbers.pop(_mark(username), "") or secrets.token_hex(8)
    newest_first = {_mark(username): number} | numbers
    kept = dict(list(newest_first.items())[:MOST_ACCOUNTS])
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps(kept, salt=SALT),
        max_age=settings.KNOWN_BROWSER_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _numbers(request: HttpRequest) -> dict[str, str]:
    """{mark of an account: number of this browser}, empty where the cookie is none of ours."""
    cookie = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        numbers: Any = signing.loads(cookie, salt=SALT, max_age=settings.KNOWN_BROWSER_AGE)
    except signing.BadSignature:
        return {}
    return dict(numbers)


def _mark(username: str) -> str:
    """Stands for an account, so that the cookie of a shared computer lists no names."""
    return salted_hmac(SALT, username).hexdigest()[:16]
