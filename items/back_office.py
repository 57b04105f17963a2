"""系統管理's back office: Django's admin behind one rule, the role.

The site stands outside the package `items.admin`, which registers its pages with it: importing the
site must not need the models, which Django has not loaded when it makes the site.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator

if TYPE_CHECKING:
    from django.contrib.admin.models import LogEntry
    from django.core.handlers.wsgi import WSGIRequest
    from django.db.models import QuerySet

ViewType = TypeVar("ViewType", bound=Callable[..., HttpResponseBase])

RECENT = 10
"""Changes on the front page."""


@dataclass(frozen=True)
class ModelGroup:
    """Models of one subject under one heading; `label` is for the page's CSS class."""

    label: str
    name: str
    models: tuple[str, ...]


GROUPS = (
    ModelGroup("people", "人員與單位", ("Department", "User")),
    ModelGroup("year", "年度設定", ("Programme",)),
    ModelGroup(
        "plan",
        "計畫內容",
        ("Strategy", "Method", "Plan", "Action", "Assignment", "PlannedProgress"),
    ),
    ModelGroup("reports", "辦理情形（只能看）", ("ProgressReport", "ReportStep")),
    ModelGroup("record", "紀錄（只能看）", ("Change", "ImportBatch")),
)


class BackOffice(admin.AdminSite):
    """The admin site, for 系統管理 alone."""

    site_header = "計畫管考・後台"
    site_title = "計畫管考後台"
    index_title = "後台"
    site_url = "/"
    empty_value_display = "—"
    index_template = "admin/office_index.html"

    # Who may come in.

    def has_permission(self, request: HttpRequest) -> bool:
        """Only the role counts: `is_staff`, however it was set, opens nothing."""
        return request.user.is_authenticated and request.user.is_admin

    def admin_view(self, view: ViewType, cacheable: bool = False) -> ViewType:
        """403 for somebody who is signed in as something else; only strangers have to sign in."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # Django would send them to the login page, which would send them back here.
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return cast(ViewType, update_wrapper(guarded, inner))

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One door into the service, with its limits; the admin's login page is never shown."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        # Not at the head of the file: it leads to models.
        from django.contrib.auth.views import redirect_to_login

        return redirect_to_login(request.GET.get("next", "/admin/"))

    # Choosing.

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """What may be chosen; parts of a plan with their year, since years repeat their titles."""
        # Not at the head of the file: it leads to models.
        from items.autocomplete import ChoicesWithYear

        response = ChoicesWithYear.as_view(admin_site=self)(request)
        # A view of JSON, which never streams.
        return cast(HttpResponse, response)

    # Where Django's site has pages, ours sends people to the service's own.

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("password_change")

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("password_change_done")

    # Every page.

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the page that led here, which the menu carries on as `carried_way_back`."""
        # Not at the head of the file, as above.
        from items.requests import WAY_BACK, way_back

        context = super().each_context(cast("WSGIRequest", request))
        address = way_back(request)
        context["way_back"] = address
        context["carried_way_back"] = ""
        if address:
            context["carried_way_back"] = f"?{urlencode({WAY_BACK: address})}"
        return context

    # The front page.

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        # Not at the head of the file, as above.
        from items.models import Change

        recent_changes = Change.objects.select_related("by")[:RECENT]
        context = {"recent_changes": recent_changes, **(extra_context or {})}
        return super().index(request, context)

    def app_index(  # type: ignore[override]
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # There is one app, and the front page shows it.
        return redirect("admin:index")

    def get_log_entries(self, request: HttpRequest) -> "QuerySet[LogEntry]":
        """Django's own log stays empty: all is in the history, where nothing can be taken out."""
        from django.contrib.admin.models import LogEntry

        return LogEntry.objects.none()

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Our models by subject instead of by alphabet, as Django's templates read them."""
        listed_models = {}
        for app in super().get_app_list(request, app_label):
            for model in app["models"]:
                # None where the person may neither change nor view the model.
                address = model["admin_url"]
                model["is_current"] = address is not None and address in request.path
                listed_models[model["object_name"]] = model
        groups = []
        for group in GROUPS:
            # A model that the person may not see is not in Django's list.
            models = [listed_models[name] for name in group.models if name in listed_models]
            groups.append(
                {
                    "name": group.name,
                    "app_label": group.label,
                    "app_url": "",
                    "has_module_perms": True,
                    "models": models,
                }
            )
        return groups
