"""From the right password to the first page: the second step, and what is noted of a sign-in."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from items.models import User
from items.requests import OfficeRequest
from items.workflow.second_factor import FACTOR, has_second_factor, take_code
from items.workflow.sign_ins import note_sign_in
from plan_tracker import known_browsers, lockout
from plan_tracker.middleware import SIGNED_IN_AT
from plan_tracker.security_log import SecurityEvent, note

BACKEND = "django.contrib.auth.backends.ModelBackend"
WAITING = "waiting_for_code"
"""In the session of somebody whose password was right, and who is not signed in yet."""
WAITING_SECONDS = 5 * 60
FROM_PROVIDER = "from_provider"
"""In a session that began at the office's provider: no password of ours was asked for."""
PROVED_AT = "proved_at"
"""In a session: when somebody has last shown by a code who they are."""
FRESH_SECONDS = 30 * 60
"""So long after signing in somebody counts as the person, and not as whoever sits down at the page."""
FEW_TRIES_LEFT = 2


@dataclass(frozen=True)
class WaitingPerson:
    """Whose password was right, and where they want to go."""

    user: User
    address: str


def go_on(
    request: OfficeRequest, user: User, address: str, *, from_provider: bool = False
) -> HttpResponse:
    """After the right password, or the provider: ask for the code, or sign in where there is none."""
    # Else left by somebody who came from the provider, and has not gone on.
    request.session.pop(FROM_PROVIDER, None)
    if from_provider:
        request.session[FROM_PROVIDER] = True
    has_shown_code = from_provider and settings.OIDC_HAS_SECOND_FACTOR
    if has_shown_code or not has_second_factor(user):
        return finish(request, user, address, with_code=has_shown_code)
    # Another key than the one that came with the request, which somebody may have put there.
    request.session.cycle_key()
    request.session[WAITING] = {
        "user": user.pk,
        "signed": user.get_session_auth_hash(),
        "at": int(time.time()),
        "address": address,
    }
    return redirect("login_code")


def waiting_person(request: OfficeRequest) -> WaitingPerson | None:
    """Who has to give a code now; nobody after five minutes, or once the account has changed."""
    kept = request.session.get(WAITING)
    if kept is None or time.time() - kept["at"] > WAITING_SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["signed"]):
        return None
    return WaitingPerson(user=user, address=kept["address"])


def finish(request: OfficeRequest, user: User, address: str, *, with_code: bool) -> HttpResponse:
    """Sign in, note it, and go to the page that was asked for."""
    request.session.pop(WAITING, None)
    from_provider = bool(request.session.get(FROM_PROVIDER))
    # Begins anew where somebody else was signed in in this browser.
    login(request, user, backend=BACKEND)
    if with_code:
        request.session[FACTOR] = True
    if from_provider:
        request.session[FROM_PROVIDER] = True
    note_sign_in(user, request, at=request.now)
    words = _way_words(with_code=with_code, from_provider=from_provider)
    note(SecurityEvent.SIGN_IN, user=user.get_username(), words=words, request=request)
    response = redirect(address)
    known_browsers.remember(request, response, user.get_username())
    return response


def _way_words(*, with_code: bool, from_provider: bool) -> str:
    """How somebody has signed in, for the security log; nothing of a password alone."""
    if from_provider:
        return "單一登入"
    if with_code:
        return "密碼與驗證碼"
    return ""


def code_problem(request: OfficeRequest, user: User, code: str) -> str:
    """Why a code is not taken; "" for a right one, which is used up by this.

    Wrong ones are counted together with wrong passwords: six figures can be guessed.
    """
    username = user.get_username()
    if not lockout.is_locked(request, username) and take_code(user, code, at=request.now):
        request.session[PROVED_AT] = int(time.time())
        return ""
    lockout.count_failure(request, username)
    words = "驗證碼不對，或已經用過了。請等手機換下一組再填；手機不在身邊，可以填一個備援碼。"
    failures = getattr(request, "axes_failures_since_start", None) or 0
    left = settings.SIGN_IN_FAILURES - failures
    if failures and left <= FEW_TRIES_LEFT:
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
        words += f"再錯 {left} 次，會有 {minutes} 分鐘不能登入。"
    return words


def is_fresh(request: OfficeRequest) -> bool:
    """Whether somebody has shown a short while ago who they are."""
    at = max(request.session.get(SIGNED_IN_AT, 0), request.session.get(PROVED_AT, 0))
    return time.time() - at <= FRESH_SECONDS
