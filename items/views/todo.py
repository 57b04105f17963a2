"""我的填報: what a department still has to write, and what became of what it sent."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from items import access
from items.requests import OfficeRequest
from items.worklists.to_write import open_work_of


@require_safe
def todo(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    departments = access.departments_of(request.user)
    access.require(departments.exists())
    # Several may be open at once: a quarter that was opened again beside the one that runs.
    open_periods = list(programme.periods.open().select_related("reopened_by"))
    context = {
        "programme": programme,
        "open_work": open_work_of(request.user, open_periods, request.today),
        "next_period": programme.periods.filter(opened_at__isnull=True).first(),
        "several_departments": departments.count() > 1,
    }
    return render(request, "items/todo.html", context)
