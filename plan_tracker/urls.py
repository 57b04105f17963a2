"""Addresses of the whole service; the pages' own stand in items.urls and reports.urls."""

from django.contrib import admin
from django.urls import include, path

from plan_tracker.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("healthz/", healthz),
    path("readyz", readyz, name="readyz"),
    path("readyz/", readyz),
    path("admin/", admin.site.urls),
    path("", include("items.urls")),
    path("", include("reports.urls")),
]

handler400 = "plan_tracker.errors.bad_request"
handler403 = "plan_tracker.errors.forbidden"
handler404 = "plan_tracker.errors.not_found"
handler500 = "plan_tracker.errors.server_error"
