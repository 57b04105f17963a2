"""Gates of the session that concern accounts."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from items.models import User
from items.requests import OfficeRequest


class PasswordChangeMiddleware:
    """A password that somebody else has set, or that is too old, is changed before all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_locked_out(request):
            return redirect("password_change")
        return self.get_response(request)

    def _is_locked_out(self, request: HttpRequest) -> bool:
        user = cast(User, request.user)
        request = cast(OfficeRequest, request)
        if not user.must_change_password and not user.password_is_too_old(request.now):
            return False
        # Else the way out would lead back to itself for ever.
        return request.path not in (reverse("password_change"), reverse("logout"))


class ActingDayMiddleware:
    """Says the day on which somebody acts: from it follows whom they stand in for (代理)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.user.acts_on = cast(OfficeRequest, request).today
        return self.get_response(request)
