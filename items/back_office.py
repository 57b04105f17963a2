"""系統管理's back office: Django's admin behind one rule, the role.

The site stands outside the package `items.admin`, which registers with it: importing the one must not need the other.
"""

from functools import update_wrapper

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

GROUPS = (
    ("people", "人員與單位", ("Department", "User")),
    ("year", "年度設定", ("Programme",)),
    ("plan", "計畫內容", ("Strategy", "Method", "Plan", "Action", "Assignment", "PlannedProgress")),
    ("reports", "辦理情形（只能看）", ("ProgressReport", "ReportStep")),
    ("record", "紀錄（只能看）", ("Change", "ImportBatch")),
)


class BackOffice(admin.AdminSite):
    site_header = "計畫管考・後台"
    site_title = "計畫管考後台"
    index_title = "後台"
    site_url = "/"
    empty_value_display = "—"
    index_template = "admin/office_index.html"

    def has_permission(self, request):
        """The role alone: an `is_staff` set by whatever means opens nothing."""
        return request.user.is_authenticated and request.user.is_admin

    def admin_view(self, view, cacheable=False):
        """403 for who is signed in and has no business here; only strangers are sent to the login page."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """One door into the service, with its limits; the admin's own login page is never shown."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        # Imported here since it leads to models, which are not ready when the site is made.
        from django.contrib.auth.views import redirect_to_login

        return redirect_to_login(request.GET.get("next", "/admin/"))

    def password_change(self, request, extra_context=None):
        return redirect("password_change")

    def password_change_done(self, request, extra_context=None):
        return redirect("password_change_done")

    def get_log_entries(self, request):
        """Django's own log stays empty: everything is in the history, where nothing can be taken out."""
        return []

    def index(self, request, extra_context=None):
        from items.models import Change  # as above

        recent = Change.objects.select_related("by")[:10]
        return super().index(request, (extra_context or {}) | {"recent_changes": recent})

    def app_index(self, request, app_label, extra_context=None):
        return redirect("admin:index")

    def get_app_list(self, request, app_label=None):
        """Our models by subject instead of by alphabet."""
        found = {
            model["object_name"]: model
            for app in super().get_app_list(request, app_label)
            for model in app["models"]
        }
        return [
            {
                "name": name,
                "app_label": label,
                "app_url": "",
                "has_module_perms": True,
                "models": [found[one] for one in models if one in found],
            }
            for label, name, models in GROUPS
        ]
