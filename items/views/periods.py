"""填報期: the plan office opens and closes them."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.forms import DueForm
from items.models import Assignment, ReportState
from items.workflow import WorkflowError
from items.workflow import periods as workflow


@require_safe
def periods(request, year):
    programme = access.get_programme(year)
    access.require(access.can_run_periods(request.user))
    return show(request, programme)


def show(request, programme, invalid=None):
    lines = []
    for period in programme.periods.select_related("opened_by", "closed_by"):
        form = (
            invalid
            if invalid and invalid.instance.pk == period.pk
            else DueForm(instance=period, prefix=period.number)
        )
        lines.append((period, form, unaccepted(period) if period.is_open else None))
    return render(request, "items/periods.html", {"programme": programme, "lines": lines})


def unaccepted(period):
    """How many expected reports are not yet 備查: what the coordinator should know before closing."""
    expected = Assignment.objects.expected_in(period).with_report(period)
    return expected.filter(
        Q(report_state__isnull=True) | ~Q(report_state=ReportState.ACCEPTED)
    ).count()


@require_POST
def period_layout(request, year):
    """Make the year's periods by the programme's frequency."""
    programme = access.get_programme(year)
    access.require(access.can_run_periods(request.user))
    return carry_out(
        request,
        year,
        lambda: workflow.lay_out(programme, by=request.user, at=request.now),
        "已建立填報期",
    )


@require_POST
def period_step(request, year, number, step):
    """Open, close, or move the due date of one period."""
    programme = access.get_programme(year)
    access.require(access.can_run_periods(request.user))
    period = access.get_period(programme, number)
    if step not in ("open", "close", "due"):
        raise Http404
    if step == "close":
        return carry_out(
            request,
            year,
            lambda: workflow.close_period(period, by=request.user, at=request.now),
            f"{period}已關閉，內容已鎖定",
        )
    form = DueForm(request.POST, instance=period, prefix=period.number)
    if not form.is_valid():
        return show(request, programme, invalid=form)
    due_on = form.cleaned_data["due_on"]
    if step == "open":
        return carry_out(
            request,
            year,
            lambda: workflow.open_period(period, due_on=due_on, by=request.user, at=request.now),
            f"{period}已開放填報",
        )
    return carry_out(
        request,
        year,
        lambda: workflow.set_due(period, due_on, by=request.user, at=request.now),
        f"{period}的填報期限已更新",
    )


def carry_out(request, year, step, done):
    try:
        step()
    except WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{done}。")
    return redirect("periods", year)
