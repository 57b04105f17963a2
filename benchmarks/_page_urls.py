"""The service's addresses, and what its pages are held against behind the same middleware."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from benchmarks import _stock_admin
from items import access
from items.models import ProgressReport
from plan_tracker.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def base(request: HttpRequest) -> HttpResponse:
    """The frame of all pages, and nothing in it."""
    return render(request, "base.html", {"programme": access.get_programme(115)})


@transaction.atomic
def touch(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one row and update it, and nothing else."""
    report = ProgressReport.objects.get(pk=pk)
    report.updated_at = timezone.now()
    report.save(update_fields=["updated_at"])
    return HttpResponse("")


urlpatterns = [
    path("touch/<int:pk>/", touch),
    path("base/", base),
    path("stock/", _stock_admin.site.urls),
    *urlpatterns,
]
