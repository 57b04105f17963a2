"""我的填報: what a department still has to write, and what became of what it sent."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from items import access
from items.models.light_basis import LightBasis
from items.requests import OfficeRequest
from items.worklists.besides import work_besides
from items.worklists.closed_work import closed_work_of_departments, nothing_open_words
from items.worklists.my_work import TO_WRITE, work_tabs
from items.worklists.to_write import open_work_of, periods_to_write
from items.worklists.todo_rows import works_to_draw
from items.worklists.waiting import waiting_for_head


@require_safe
def todo(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    number_of_departments = len(access.department_keys_of(request.user))
    access.require(number_of_departments > 0)
    periods = periods_to_write(programme)
    basis = LightBasis.of(programme, request.today, periods=periods)
    # Several may be open at once: a quarter that was opened again beside the one that runs.
    open_periods = [period for period in periods if period.is_open]
    open_work = open_work_of(request.user, open_periods, request.today, basis)
    tabs = []
    if access.is_head(request.user):
        to_endorse = waiting_for_head(request.user, programme).count()
        tabs = work_tabs(current=TO_WRITE, to_endorse=to_endorse, to_write=open_work.number_to_do)
    nothing_open = ""
    if not open_periods:
        nothing_open = nothing_open_words(programme, periods)
    besides = work_besides(request.user, programme, request.today)
    several_departments = number_of_departments > 1
    context = {
        "programme": programme,
        "tabs": tabs,
        "reopened": besides.reopened,
        "open_work": open_work,
        "works": works_to_draw(open_work, year, several_departments=several_departments),
        "directives_to_do": besides.directives,
        "questions_to_do": besides.questions,
        "requests": besides.requests,
        "received": besides.received,
        "closed": closed_work_of_departments(
            request.user, programme, besides.reopened.reopenings, periods=periods
        ),
        # Where there is other work, that comes first.
        "closed_is_unfolded": not open_work.works,
        "nothing_open": nothing_open,
        "several_departments": several_departments,
        "may_divide": access.can_divide_work(request.user),
    }
    return render(request, "items/todo.html", context)
