"""雙重驗證 of one account: reset for somebody who has lost the phone and the codes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from items.admin.account_page import AccountPages
from items.workflow.second_factor import (
    FactorChange,
    has_second_factor,
    must_have_second_factor,
    remove,
)

PAGE = "admin:items_user_second_factor"


class ResetsSecondFactors(AccountPages):
    """The page beside an account's own."""

    def get_urls(self) -> list[URLPattern]:
        page = self.page_address(
            "second-factor", self.second_factor, name="items_user_second_factor"
        )
        return [page, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def second_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.account_of(request, object_id)
        if user == request.user:
            # The site's page asks for a code first.
            return redirect("second_factor")
        if request.method == "POST":
            if remove(user, FactorChange.RESET, **self.stamp(request)):
                messages.success(
                    request,
                    f"{user}的雙重驗證已重設，並已在各處登出；以後先用密碼登入，再重新設定。",
                )
            else:
                messages.info(request, f"{user}沒有設定雙重驗證，沒有變動。")
            return redirect("admin:items_user_change", user.pk)
        return self.account_page(
            request,
            "admin/second_factor.html",
            user=user,
            about="重設雙重驗證",
            has_one=has_second_factor(user),
            is_required=must_have_second_factor(user),
        )
