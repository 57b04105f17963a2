"""Gates of the session that concern accounts."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from items.models import User
from items.requests import OfficeRequest
from items.signing_in import FROM_PROVIDER
from items.workflow.second_factor import FACTOR, has_second_factor, must_have_second_factor

WITHOUT_SECOND_FACTOR = (
    "second_factor",
    "passkey_options",
    "passkey_add",
    "password_change",
    "password_change_done",
    "logout",
    "session",
)
"""Pages for somebody who still has to set it up."""

ONLY_READ = ("GET", "HEAD")
"""Requests that change nothing: what was asked about the person holds to their end."""


class PasswordChangeMiddleware:
    """A password that somebody else has set, or that is too old, is changed before all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_locked_out(request):
            return redirect("password_change")
        return self.get_response(request)

    def _is_locked_out(self, request: HttpRequest) -> bool:
        if request.session.get(FROM_PROVIDER):
            # A person who came from the provider has typed no password, and may not even have one.
            return False
        user = cast(User, request.user)
        request = cast(OfficeRequest, request)
        if not user.must_change_password and not user.password_is_too_old(request.now):
            return False
        # Otherwise the way out would lead back to itself for ever.
        return request.path not in (reverse("password_change"), reverse("logout"))


class SecondFactorMiddleware:
    """Whose role asks for 雙重驗證 sets it up before all else.

    A session that was begun with a code bears that, so that no page asks the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or not self._is_due(request):
            return self.get_response(request)
        if has_second_factor(request.user):
            # From before it was asked for: with the password alone.
            logout(request)
            return redirect("login")
        return redirect("second_factor")

    def _is_due(self, request: HttpRequest) -> bool:
        if not settings.SECOND_FACTOR_ROLES or request.session.get(FACTOR):
            return False
        # A password that somebody else has set comes first; and one can always leave.
        if request.path in {reverse(name) for name in WITHOUT_SECOND_FACTOR}:
            return False
        return must_have_second_factor(cast(User, request.user))


class ActingDayMiddleware:
    """Says the day on which somebody acts: from it follows whom they stand in for (代理)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.user.acts_on = cast(OfficeRequest, request).today
            request.user.only_reads = request.method in ONLY_READ
        return self.get_response(request)
