"""雙重驗證 of one account: reset for somebody who has lost the phone and the codes."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from items.admin.base import OfficeAdmin
from items.models import User
from items.workflow.second_factor import (
    FactorChange,
    has_second_factor,
    must_have_second_factor,
    remove,
)

PAGE = "admin:items_user_second_factor"


class ResetsSecondFactors(OfficeAdmin):
    """The page beside an account's own."""

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "<path:object_id>/second-factor/",
            self.admin_site.admin_view(self.second_factor),
            name="items_user_second_factor",
        )
        # Before Django's own, whose last pattern takes every address.
        return [page, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def second_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        user = self.get_object(request, unquote(object_id))
        if not isinstance(user, User):
            raise Http404
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
        context = {
            **self.admin_site.each_context(request),
            "title": f"{user}（{user.username}）重設雙重驗證",
            "subtitle": None,
            "opts": self.opts,
            "person": user,
            "has_one": has_second_factor(user),
            "is_required": must_have_second_factor(user),
        }
        # Tells the admin's own template tags which site their links are of.
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/second_factor.html", context)
