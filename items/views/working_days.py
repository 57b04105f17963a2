"""辦公日曆: the plan office fills a year, and says of a single day whether it is worked."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from items import access
from items.forms.reminders import OfficeDayForm
from items.models import OfficeDay, Programme
from items.requests import OfficeRequest, key_or_404
from items.saying import saying
from items.workflow import WorkflowError
from items.workflow import working_days as workflow
from items.worklists.working_days import office_year, year_of

SEEN = "seen"
"""What the page carries of the days that were set by hand, `OfficeDay.as_seen`."""
FILL, FORGET = "fill", "forget"
"""The steps as they stand in the address."""


@require_http_methods(["GET", "HEAD", "POST"])
def working_days(request: OfficeRequest, year: int) -> HttpResponse:
    """The days of the year, and the form that sets one of them."""
    programme = access.get_programme(year)
    access.require(access.can_remind(request.user))
    form = OfficeDayForm(year=year)
    if request.method == "POST":
        form = OfficeDayForm(request.POST, year=year)
        if form.is_valid() and _set(request, form):
            return redirect("working_days", year)
    context = {"programme": programme, "page": office_year(programme), "form": form}
    return render(request, "items/working_days.html", context)


def _set(request: OfficeRequest, form: OfficeDayForm) -> bool:
    """Set the day that was typed; whether it was possible."""
    chosen = form.cleaned_data
    try:
        row = workflow.set_day(
            chosen["day"],
            is_working=form.is_working,
            name=chosen["name"],
            by=request.user,
            at=request.now,
            seen=request.POST.getlist(SEEN),
        )
    except WorkflowError as error:
        form.add_error(None, str(error))
        return False
    except ValidationError as error:
        # Somebody else has set the same day a moment ago.
        form.add_error(None, error.messages)
        return False
    messages.success(request, f"已設定：{row}。之後再填入整年，這一天不變。")
    return True


@require_POST
def working_days_step(request: OfficeRequest, year: int, step: str) -> HttpResponse:
    """Fill the year, or take a day back that was set by hand."""
    programme = access.get_programme(year)
    access.require(access.can_remind(request.user))
    if step == FILL:
        _fill(request, programme)
    elif step == FORGET:
        key = key_or_404(request.POST.get("day", ""))
        row = OfficeDay.objects.filter(pk=key).first()
        # Somebody else has pressed the same button since the page was opened.
        if row is None:
            messages.info(request, "這一天的設定剛才已經取消了。")
            return redirect("working_days", year)
        with saying(request, f"已取消 {row} 的設定。"):
            seen = request.POST.getlist(SEEN)
            workflow.forget_day(row, by=request.user, at=request.now, seen=seen)
    else:
        raise Http404
    return redirect("working_days", year)


def _fill(request: OfficeRequest, programme: Programme) -> None:
    try:
        filled = workflow.fill_year(year_of(programme), by=request.user, at=request.now)
    except WorkflowError as error:
        messages.error(request, str(error))
        return
    words = f"{programme.year} 年的辦公日曆已填入：更新 {filled.written} 天"
    if filled.removed:
        words += f"，刪除 {filled.removed} 天"
    if filled.kept:
        words += f"；人工設定的 {filled.kept} 天維持不變"
    messages.success(request, f"{words}。請對照人事行政總處公布的辦公日曆表。")
