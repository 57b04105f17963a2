"""From the right password to the first page: the second step, and what is noted of a sign-in."""

import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from items.forms.sign_in import CodeForm
from items.models import User
from items.requests import OfficeRequest
from items.workflow.passkeys import credentials_of, take_proof
from items.workflow.second_factor import FACTOR, has_second_factor, take_code
from items.workflow.sign_ins import note_sign_in
from plan_tracker import known_browsers, lockout, passkeys
from plan_tracker.middleware import SIGNED_IN_AT
from plan_tracker.security_log import SecurityEvent, note

log = logging.getLogger("django.request")

BACKEND = "items.account_backend.OfficeAccounts"
WAITING = "waiting_for_code"
"""In the session of somebody whose password was right, and who is not signed in yet."""
WAITING_SECONDS = 5 * 60
FROM_PROVIDER = "from_provider"
"""In a session that began at the office's provider: no password of ours was asked for."""
PROVED_AT = "proved_at"
"""In a session: when somebody has last shown by a code who they are."""
FRESH_SECONDS = 30 * 60
"""So long after signing in it is still the same person who sits at the page."""
CHALLENGE = "passkey_challenge"
"""In a session: what the browser's passkey was asked."""
PROOF, NEW = "proof", "new"
"""What a question to a passkey is for."""


@dataclass(frozen=True)
class WaitingPerson:
    """Whose password was right, and where they want to go."""

    user: User
    address: str


def go_on(
    request: OfficeRequest, user: User, address: str, *, from_provider: bool = False
) -> HttpResponse:
    """After the right password, or the provider: ask for the code, or sign in where there is none."""
    # It may be left from somebody who came from the provider and stopped at the code.
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
    if kept is None:
        return None
    seconds = time.time() - kept["at"]
    if seconds > WAITING_SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None:
        return None
    # Another password since: somebody who knew only the old one is not let in by a code.
    is_unchanged = constant_time_compare(user.get_session_auth_hash(), kept["signed"])
    if not is_unchanged:
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
    if failures and left <= lockout.FEW_TRIES_LEFT:
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
        words += f"再錯 {left} 次，會有 {minutes} 分鐘不能登入。"
    return words


def proof_problem(request: OfficeRequest, user: User, form: CodeForm) -> str:
    """Why what somebody has typed, or their passkey has answered, is not taken; "" where it is."""
    answer = form.cleaned_data["answer"]
    if answer:
        return passkey_problem(request, user, answer)
    return code_problem(request, user, form.cleaned_data["code"])


def checked_form(request: OfficeRequest) -> CodeForm:
    """The form whose proof was right, and is used up, or that says why not."""
    form = CodeForm(request.POST)
    if form.is_valid():
        problem = proof_problem(request, request.user, form)
        if problem:
            form.add_error("code", problem)
    return form


def passkey_problem(request: OfficeRequest, user: User, answer: str) -> str:
    """Why the answer of a passkey is not taken; "" for a right one.

    Wrong ones are counted with wrong codes, and with wrong passwords.
    """
    username = user.get_username()
    kept = take_challenge(request, PROOF, user)
    if kept is not None and not lockout.is_locked(request, username):
        try:
            proof = passkeys.read_proof(kept, answer, credentials_of(user, usable_only=True))
        except passkeys.WrongAnswer as error:
            log.warning("passkey of %s not taken: %s", username, error)
        else:
            if take_proof(user, proof, at=request.now):
                request.session[PROVED_AT] = int(time.time())
                return ""
    if kept is None:
        return "密碼金鑰的確認已經超過五分鐘，或在別的分頁用過了；請再按一次「用密碼金鑰」。"
    lockout.count_failure(request, username)
    return "密碼金鑰沒有通過。請再試一次；還是不行，請填手機的驗證碼或備援碼。"


def keep_challenge(request: OfficeRequest, purpose: str, user: User, kept: dict[str, str]) -> None:
    """In the session until the answer, in the place of one from before."""
    request.session[CHALLENGE] = {
        "purpose": purpose,
        "user": user.pk,
        "at": int(time.time()),
        "kept": kept,
    }


def take_challenge(request: OfficeRequest, purpose: str, user: User) -> dict[str, str] | None:
    """What was asked of the browser; each question is answered once, within five minutes."""
    challenge = request.session.pop(CHALLENGE, None)
    if challenge is None:
        return None
    # An answer that makes a new passkey must not count as a proof, nor another person's.
    if challenge["purpose"] != purpose or challenge["user"] != user.pk:
        return None
    seconds = time.time() - challenge["at"]
    if seconds > WAITING_SECONDS:
        return None
    kept: dict[str, str] = challenge["kept"]
    return kept


def is_fresh(request: OfficeRequest) -> bool:
    """Whether somebody has shown a short while ago who they are."""
    at = max(request.session.get(SIGNED_IN_AT, 0), request.session.get(PROVED_AT, 0))
    return time.time() - at <= FRESH_SECONDS
