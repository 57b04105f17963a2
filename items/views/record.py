"""歷程: what was reported on a date, by whom, unchanged; and what changed in the plan itself."""

from datetime import datetime, time, timedelta

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from items import access
from items.forms import RecordForm
from items.models import ReportStep

PER_PAGE = 50


@require_safe
def record(request, year):
    programme = access.get_programme(year)
    access.require(access.can_read_record(request.user))
    form = RecordForm(request.GET)
    about_plan = request.GET.get("what") == "plan"
    entries = plan_changes(request.user, programme) if about_plan else report_steps(programme)
    if form.is_valid():
        entries = within(entries, form.cleaned_data, changes_of if about_plan else steps_of)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {"programme": programme, "form": form, "page": page, "about_plan": about_plan}
    return render(request, "items/record.html", context)


def report_steps(programme):
    """Every step of every report, newest first, each with the content as it was then."""
    return (
        ReportStep.objects.filter(report__period__programme=programme)
        .select_related(
            "by",
            "report__period__programme",
            "report__assignment__department",
            "report__assignment__action",
        )
        .order_by("-at", "-id")
    )


def plan_changes(user, programme):
    return (
        access.visible_changes(user)
        .filter(programme=programme)
        .select_related("by", "action")
        .order_by("-at", "-id")
    )


def changes_of(code):
    """Of an item that is gone, the label still bears the code; no other item is given it."""
    return Q(action__code=code) | Q(action=None, label__startswith=f"{code} ")


def steps_of(code):
    return Q(report__assignment__action__code=code)


def within(entries, chosen, of_code):
    if chosen.get("start"):
        entries = entries.filter(at__gte=midnight(chosen["start"]))
    if chosen.get("end"):
        entries = entries.filter(at__lt=midnight(chosen["end"] + timedelta(days=1)))
    if chosen.get("code"):
        entries = entries.filter(of_code(chosen["code"].strip()))
    return entries


def midnight(day):
    """The first moment of a day in Taipei."""
    return timezone.make_aware(datetime.combine(day, time.min))
