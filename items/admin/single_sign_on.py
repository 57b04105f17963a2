"""單一登入 of one account: unlinked for somebody who is another person there by now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from items.admin.account_page import AccountPages
from items.models import SingleSignOn
from items.workflow.single_sign_on import unlink

PAGE = "admin:items_user_single_sign_on"


class UnlinksSingleSignOn(AccountPages):
    """The page beside an account's own."""

    def get_urls(self) -> list[URLPattern]:
        page = self.page_address(
            "single-sign-on", self.single_sign_on, name="items_user_single_sign_on"
        )
        return [page, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def single_sign_on(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.account_of(request, object_id)
        if user == request.user:
            # The page of the site keeps the session of the person who presses its button.
            return redirect("sign_ins")
        if request.method == "POST":
            if unlink(user, **self.stamp(request)):
                messages.success(
                    request,
                    f"{user}的單一登入已解除連結，並已在各處登出；要用密碼登入而沒有密碼，請給設定密碼的連結。",
                )
            else:
                messages.info(request, f"{user}沒有連結單一登入，沒有變動。")
            return redirect("admin:items_user_change", user.pk)
        return self.account_page(
            request,
            "admin/single_sign_on.html",
            user=user,
            about="解除單一登入的連結",
            link=SingleSignOn.objects.filter(user=user).first(),
        )
