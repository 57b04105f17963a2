"""忘記密碼, and the page that a link for setting a password leads to."""

import logging
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods

from items.forms.sign_in import ForgottenForm, LinkPasswordForm
from items.models import Door, User
from items.requests import OfficeRequest
from items.workflow.password_links import (
    link_parts,
    link_tokens,
    mail_link,
    may_mail_again,
    note_link,
)
from items.workflow.passwords import PasswordSource, note_password
from items.workflow.sign_in_locks import lift_lock

log = logging.getLogger("security")


def link_of(request: HttpRequest, user: User) -> str:
    """The whole address of the page, as this person reached the service."""
    return request.build_absolute_uri(reverse("password_link", kwargs=link_parts(user)))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgotten(request: OfficeRequest) -> HttpResponse:
    """Ask for a link by mail; the answer is the same for accounts that do not exist."""
    if not settings.HAS_MAIL:
        raise Http404
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        send_if_possible(request, form.cleaned_data["username"])
        return render(request, "registration/password_forgotten.html", {"is_sent": True})
    context = {"form": form, "is_sent": False}
    return render(request, "registration/password_forgotten.html", context)


def send_if_possible(request: OfficeRequest, username: str) -> None:
    """Mail the link to an active account that has an address, and not again within minutes."""
    user = User.objects.filter(username=username, is_active=True).exclude(email="").first()
    if user is None or not may_mail_again(user, request.now):
        return
    try:
        mail_link(user, link_of(request, user))
    except OSError:
        # Nothing of it on the page: it would tell that the account exists.
        log.exception("mail with a link for %s not sent", user.username)
        return
    note_link(user, "本人要求，以電子郵件寄送", by=user, at=request.now, door=Door.PAGE)


class PasswordLinkView(auth_views.PasswordResetConfirmView):
    """設定密碼; Django moves the token from the address into the session first."""

    template_name = "registration/password_link.html"
    form_class = LinkPasswordForm
    token_generator = link_tokens
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        # Django looks at this when a link is asked for, and not again when it is opened.
        if user is None or not user.is_active:
            return None
        return user

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["person"] = self.user
        context["has_mail"] = settings.HAS_MAIL
        return context

    @transaction.atomic
    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        request = cast(OfficeRequest, self.request)
        user = form.user
        # Before the form saves the new one over it: it may not be chosen again (`keep_former`).
        former = User.objects.values_list("password", flat=True).get(pk=user.pk)
        had_to_change = user.must_change_password
        # Saved together with the password, by the form.
        user.must_change_password = False
        response = super().form_valid(form)
        note_password(
            user,
            PasswordSource.LINK,
            former=former,
            had_to_change=had_to_change,
            by=user,
            at=request.now,
        )
        # Only the person has the link: wrong passwords of before do not count any more.
        lift_lock(user, by=user, at=request.now)
        messages.success(request, "密碼已設定，請用新密碼登入。")
        return response
