"""填報審核: what waits for the plan office, who is missing, and the grid of departments by period."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from items import access
from items.deciding import ACCEPT, ListForm, decide
from items.models import Period, current_period
from items.requests import OfficeRequest
from items.worklists import waiting
from items.worklists.owing import reminders
from items.worklists.period_grid import PeriodSummary, period_grid


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_review(request.user))
    form = ListForm()
    if request.method == "POST":
        reports = access.visible_reports(request.user).for_programme(programme)
        in_our_hands = reports.filter(Q(acceptable=True) | Q(endorsable=True))
        left = decide(request, in_our_hands, {"accept": ACCEPT})
        if left is None:
            return redirect(request.get_full_path())
        form = left
    periods = list(programme.periods.all())
    period = chosen_period(request.GET.get("period", ""), periods, request.today)
    grid = period_grid(periods)
    to_accept = waiting.waiting_for_office(request.user, programme)
    # Where the last head has left a department, the plan office may endorse in their place.
    stranded = waiting.waiting_for_head(request.user, programme)
    shown = waiting.with_earlier(request.user, to_accept, programme, request.today)
    context = {
        "programme": programme,
        "periods": periods,
        "period": period,
        "form": form,
        "rows": form.rows(shown),
        "waiting_total": to_accept.count(),
        "stranded": stranded.with_path()[: waiting.WINDOW],
        "grid": grid,
        "summary": None,
        "reminders": [],
    }
    if period is not None:
        context["summary"] = PeriodSummary(
            period=period,
            total=grid.total(period),
            number_waiting=to_accept.filter(period=period).count(),
            number_waiting_elsewhere=to_accept.exclude(period=period).count(),
            today=request.today,
        )
        if period.is_open:
            context["reminders"] = reminders(request.user, period, request.today)
    return render(request, "items/review.html", context)


def chosen_period(asked: str, periods: Sequence[Period], today: date) -> Period | None:
    """The period asked for, else the one that every screen starts from."""
    if not asked:
        return current_period(periods, today)
    for period in periods:
        if str(period.number) == asked:
            return period
    raise Http404
