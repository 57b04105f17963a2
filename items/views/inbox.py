"""待我核可: what waits for the head of a department, with what is new since the last period."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from items import access
from items.deciding import ENDORSE, ListForm, decide
from items.models.light_basis import LightBasis
from items.requests import OfficeRequest, chosen_flag
from items.worklists import due_items, waiting
from items.worklists.closed_work import closed_work_for_head
from items.worklists.control_lists import number_to_decide
from items.worklists.flag_counts import (
    count_flags,
    flag_filters,
    waiting_numbers,
)
from items.worklists.my_work import TO_ENDORSE, work_tabs
from items.worklists.questions import questions_to_do
from items.worklists.work_numbers import number_to_do


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.is_head(request.user))
    reports = waiting.waiting_for_head(request.user, programme)
    # Only these can be decided on, also where a request names others.
    form = ListForm()
    flag = chosen_flag(request)
    if request.method == "POST":
        left = decide(request, reports, {"endorse": ENDORSE})
        if left is None:
            # To the list as it was limited.
            return redirect(request.get_full_path())
        # What could not be decided comes back with its ticks and reasons.
        form = left
    basis = LightBasis.of(programme, request.today)
    limited = reports
    if flag is not None:
        limited = reports.flagged(flag, request.today)
    shown = waiting.with_earlier(request.user, limited, programme, request.today, basis=basis)
    if flag is None and len(shown) < waiting.WINDOW:
        # All of them are at hand.
        waiting_total = len(shown)
        by_flag = count_flags(one.flags for one in shown)
    else:
        numbers = waiting_numbers(reports, request.today)
        waiting_total = numbers.total
        by_flag = numbers.by_flag
    listed_total = waiting_total
    if flag is not None:
        listed_total = by_flag[flag]
    context = {
        "programme": programme,
        "tabs": work_tabs(
            current=TO_ENDORSE,
            to_endorse=waiting_total,
            to_write=number_to_do(request.user, basis),
        ),
        "form": form,
        "requests_waiting": number_to_decide(request.user, programme),
        "questions_to_do": questions_to_do(request.user),
        "rows": form.rows(shown, year),
        "waiting_total": listed_total,
        "all_waiting": waiting_total,
        "flag_filters": flag_filters(programme, by_flag, flag),
        "chosen_flag": flag,
        "closed": closed_work_for_head(request.user, programme),
        "closed_is_unfolded": waiting_total == 0,
    } | _soon_context(request, basis)
    return render(request, "items/inbox.html", context)


def _soon_context(request: OfficeRequest, basis: LightBasis) -> dict[str, Any]:
    """What falls due soon in the departments of the head, and how much of it there is."""
    soon = due_items.due_items(request.user, basis)
    number = len(soon)
    # A full page: only then there may be more, which are counted.
    if number == waiting.WINDOW:
        due_soon = due_items.due_soon(request.user, basis.programme, request.today, basis)
        number = due_soon.count()
    return {"soon": soon, "soon_total": number}
