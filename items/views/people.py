"""人員與移交: who belongs to which department; accounts themselves are the information office's."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.forms.base import error_sentences
from items.forms.people import MemberForm
from items.models import Membership, Programme
from items.requests import OfficeRequest
from items.saying import saying
from items.workflow import memberships
from items.worklists.handover import open_work_words
from items.worklists.people import people_page

ROLE, LEAVE = "role", "leave"
"""The steps as they stand in the address."""


@require_safe
def people(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_run_people(request.user))
    form = MemberForm(initial={"department": request.GET.get("department", "")})
    return show(request, programme, form)


def show(request: OfficeRequest, programme: Programme, form: MemberForm) -> HttpResponse:
    context = {
        "programme": programme,
        "page": people_page(),
        "form": form,
        "may_divide": access.can_divide_work(request.user),
    }
    return render(request, "items/people.html", context)


@require_POST
def people_add(request: OfficeRequest, year: int) -> HttpResponse:
    """Somebody joins a department."""
    programme = access.get_programme(year)
    access.require(access.can_run_people(request.user))
    form = MemberForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"還沒有加入：{error_sentences(form)}")
        return show(request, programme, form)
    chosen = form.cleaned_data
    person = chosen["person"]
    department = chosen["department"]
    with saying(request, f"{person}已加入{department}。"):
        memberships.join(person, department, chosen["role"], by=request.user, at=request.now)
    return redirect(_place(year, department.pk))


@require_POST
def people_step(request: OfficeRequest, year: int, pk: int, step: str) -> HttpResponse:
    """Another role for somebody in a department, or the end of it."""
    access.get_programme(year)
    access.require(access.can_run_people(request.user))
    if step not in (ROLE, LEAVE):
        raise Http404
    rows = Membership.objects.select_related("user", "department")
    membership = rows.filter(pk=pk).first()
    if membership is None:
        # A double click, or a page from before somebody else did it.
        messages.info(request, "這筆所屬單位已經移除了，沒有變動。")
        return redirect("people", year)
    person = membership.user
    department = membership.department
    if step == LEAVE:
        with saying(request, f"{person}已離開{department}，所寫的紀錄都保留。"):
            memberships.leave(membership, by=request.user, at=request.now)
        words = open_work_words([person])
        if words:
            messages.warning(request, f"{words}請在下面的「尚未移交」按「移交」。")
        return redirect("people", year)
    role = request.POST.get("role", "")
    with saying(request, f"{person}在{department}的身分已更新。"):
        memberships.change_role(membership, role, by=request.user, at=request.now)
    return redirect(_place(year, department.pk))


def _place(year: int, department: int) -> str:
    """The department on the page, so that one sees what has come of it."""
    return f"{reverse('people', args=[year])}#department-{department}"
