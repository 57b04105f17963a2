"""設定密碼的連結 for one account: shown once to hand over, or sent by mail."""

import logging

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from items.admin.account_page import AccountPages
from items.models import User
from items.workflow import WorkflowError
from items.workflow.password_links import link_parts, mail_link, note_link, require_possible

log = logging.getLogger("security")
PAGE = "admin:items_user_password_link"
BY_MAIL = "mail"


class GivesPasswordLinks(AccountPages):
    """The page beside an account's own."""

    def get_urls(self) -> list[URLPattern]:
        page = self.page_address(
            "password-link", self.password_link, name="items_user_password_link"
        )
        return [page, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def password_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.account_of(request, object_id)
        if user == request.user:
            # The site's page asks for the old password first.
            return redirect("password_change")
        if request.method == "POST":
            return self.give_link(request, user)
        return self.link_page(request, user, link="")

    def give_link(self, request: HttpRequest, user: User) -> HttpResponse:
        try:
            require_possible(user)
        except WorkflowError as error:
            messages.error(request, str(error))
            return redirect(request.path)
        parts = link_parts(user)
        link = request.build_absolute_uri(reverse("password_link", kwargs=parts))
        if BY_MAIL not in request.POST:
            note_link(user, "由系統管理產生", **self.stamp(request))
            # Not a redirect: the link stands in this answer alone.
            return self.link_page(request, user, link=link)
        return self.send_link(request, user, link)

    def send_link(self, request: HttpRequest, user: User, link: str) -> HttpResponse:
        if not (settings.HAS_MAIL and user.email):
            messages.error(request, "沒有寄出：郵件主機或這個帳號的電子郵件沒有設定，請改用連結。")
            return redirect(request.path)
        try:
            mail_link(user, link)
        except OSError:
            log.exception("mail with a link for %s not sent", user.username)
            messages.error(
                request, "沒有寄出：郵件主機沒有接受，請稍後再試，或改用連結當面交給本人。"
            )
            return redirect(request.path)
        note_link(user, "由系統管理以電子郵件寄送", **self.stamp(request))
        messages.success(request, f"設定密碼的連結已寄到 {user.email}。")
        return redirect("admin:items_user_change", user.pk)

    def link_page(self, request: HttpRequest, user: User, *, link: str) -> HttpResponse:
        return self.account_page(
            request,
            "admin/password_link.html",
            user=user,
            about="設定密碼的連結",
            link=link,
            hours=settings.PASSWORD_RESET_TIMEOUT // 3600,
            can_mail=settings.HAS_MAIL and bool(user.email),
        )
