"""A page beside an account's own in the back office, for one thing done to the account."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from items.admin.base import OfficeAdmin
from items.models import User


class AccountPages(OfficeAdmin):
    """What such pages have in common: address, right, account and frame."""

    def page_address(
        self, ending: str, view: Callable[..., HttpResponse], *, name: str
    ) -> URLPattern:
        """To be put before Django's own addresses, whose last pattern takes every address."""
        return path(f"<path:object_id>/{ending}/", self.admin_site.admin_view(view), name=name)

    def account_of(self, request: HttpRequest, object_id: str) -> User:
        """The account of the address; 403 for those who may not change it, 404 where there is none."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        user = self.get_object(request, unquote(object_id))
        if not isinstance(user, User):
            raise Http404
        return user

    def account_page(
        self, request: HttpRequest, template: str, *, user: User, about: str, **context: Any
    ) -> TemplateResponse:
        """The page 「王美玲（mei）ABOUT」 with what else its template shows."""
        frame = {
            **self.admin_site.each_context(request),
            "title": f"{user}（{user.username}）{about}",
            "subtitle": None,
            "opts": self.opts,
            "person": user,
        }
        # Tells the admin's own template tags which site their links are of.
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, {**frame, **context})
