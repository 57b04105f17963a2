"""歷程: what was reported on a date, by whom, unchanged; and what changed in the plan itself."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from items import access
from items.forms import RecordForm
from items.models import Change, ReportStep
from items.requests import OfficeRequest
from items.worklists.record import RecordLimits, plan_changes, report_steps

PER_PAGE = 50


@require_safe
def record(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_read_record(request.user))
    form = RecordForm(request.GET, programme=programme)
    # Two records on one page: the way of the reports, and the changes of the plan.
    about_plan = request.GET.get("what") == "plan"
    entries: QuerySet[Change] | QuerySet[ReportStep]
    if not form.is_valid():
        # The sentence alone: other entries than those asked for would be taken for the answer.
        entries = ReportStep.objects.none()
    elif about_plan:
        limits = RecordLimits(**form.cleaned_data)
        entries = plan_changes(request.user, programme, limits)
    else:
        limits = RecordLimits(**form.cleaned_data)
        entries = report_steps(request.user, programme, limits)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {"programme": programme, "form": form, "page": page, "about_plan": about_plan}
    return render(request, "items/record.html", context)
