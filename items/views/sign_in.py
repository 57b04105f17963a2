"""Signing in, the page that says why that is not possible now, and the own password."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone

from items import signing_in
from items.demonstration import accounts
from items.forms.sign_in import LoginForm, OwnPasswordForm
from items.models import User
from items.requests import OfficeRequest
from items.workflow.passwords import PasswordSource, note_password
from items.workflow.sign_ins import note_new_key
from plan_tracker import lockout
from plan_tracker.middleware import ENDED

LEFT = "left"
"""In the address: signed out here, one may also sign out at the provider."""
BUSY_SECONDS = 5
"""When somebody may try again whose password had no turn."""


class LoginView(auth_views.LoginView):
    """Sign in; the demonstration shows its accounts beside the form."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        single_sign_on = ""
        if settings.OIDC_ISSUER:
            single_sign_on = settings.OIDC_NAME
        return context | {
            "demonstration_accounts": accounts.demonstration_accounts(),
            "has_mail": settings.HAS_MAIL,
            "single_sign_on": single_sign_on,
            # Where all others sign in at the provider, 系統管理 keeps a way in without it.
            "passwords_for_admins": settings.OIDC_ONLY,
            "has_left": LEFT in self.request.GET,
            "is_ended": ENDED in self.request.GET,
        }

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        request = cast(OfficeRequest, self.request)
        user = form.get_user()
        return signing_in.go_on(request, user, self.get_success_url())

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if cast(LoginForm, form).is_busy:
            # Too many passwords at once: a browser or a probe reads that it should come back.
            response.status_code = 503
            response.headers["Retry-After"] = str(BUSY_SECONDS)
        return response


def locked(
    request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None
) -> HttpResponse:
    """暫時不能登入, in the place of the form's answer; the same for accounts that do not exist."""
    username = str((credentials or {}).get("username") or "")
    until = lockout.locked_until(request, username)
    context = {
        "username": username,
        "free_at": lockout.free_at(until),
        "next": request.POST.get("next", ""),
    }
    # A second more than the whole ones: a browser that comes back too early is refused again.
    seconds = max(1, int((until - timezone.now()).total_seconds()) + 1)
    answer = render(request, "registration/locked.html", context, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


class PasswordChangeView(LoginRequiredMixin, auth_views.PasswordChangeView):
    """變更密碼; from then on nobody else knows the password."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        request = cast(OfficeRequest, self.request)
        return {**super().get_form_kwargs(), "request": request, "at": request.now}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = cast(OfficeRequest, self.request)
        context = super().get_context_data(**kwargs)
        return context | {
            "is_too_old": request.user.password_is_too_old(request.now),
            "max_age_days": settings.PASSWORD_MAX_AGE.days,
        }

    @transaction.atomic
    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        request = cast(OfficeRequest, self.request)
        user = form.user
        # Before the form saves the new one over it: it may not be chosen again (`keep_former`).
        former = User.objects.values_list("password", flat=True).get(pk=user.pk)
        had_to_change = user.must_change_password
        # Saved together with the password, by the form.
        user.must_change_password = False
        # With the password Django gives the session another key, and 登入中的裝置 has to follow it.
        key_before = request.session.session_key
        response = super().form_valid(form)
        note_new_key(key_before, request.session.session_key)
        note_password(
            user,
            PasswordSource.PERSON,
            former=former,
            had_to_change=had_to_change,
            by=user,
            at=request.now,
        )
        return response
