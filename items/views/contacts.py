"""分工: the head of a department, or the plan office, names who looks after which item."""

import contextlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from items import access
from items.models import User
from items.requests import OfficeRequest, key_in
from items.workflow.contacts import ContactWish, set_contacts
from items.worklists.contacts import DepartmentTab, department_tabs, division_of

FIELD = "contact-"
"""The name of a list of people begins so, and ends with the key of the assignment."""
SHOWN = "shown-"
"""The same for the hidden twin that says what the page showed."""


class UnknownPerson(ValueError):
    """A choice that no list of the page has."""


@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: OfficeRequest, year: int) -> HttpResponse:
    """The page of one department; also the form on an item's page is sent here."""
    programme = access.get_programme(year)
    access.require(access.can_divide_work(request.user))
    if request.method == "POST":
        _save(request)
        return redirect(_way_back(request, year))
    tabs = department_tabs(request.user, programme)
    tab = _chosen_tab(request.GET.get("department", ""), tabs)
    context = {"programme": programme, "tabs": tabs, "tab": tab, "division": None}
    if tab is not None:
        context["division"] = division_of(request.user, programme, tab.department)
    return render(request, "items/contacts.html", context)


def _chosen_tab(asked: str, tabs: list[DepartmentTab]) -> DepartmentTab | None:
    if asked:
        for tab in tabs:
            if str(tab.department.pk) == asked:
                return tab
        raise Http404
    # A head mostly has one department: it is shown without being chosen.
    if tabs:
        return tabs[0]
    return None


def _save(request: OfficeRequest) -> None:
    allowed = access.assignments_to_divide(request.user)
    try:
        wishes = _wishes(request)
    except UnknownPerson as error:
        messages.error(request, str(error))
        return
    changes = set_contacts(wishes, allowed, by=request.user, at=request.now)
    # Each list of the page is a wish of its own: what one is refused for keeps no other from being saved.
    for sentence in changes.refused:
        messages.error(request, sentence)
    if changes.changed:
        codes = [assignment.action.code for assignment in changes.changed]
        number = len(codes)
        messages.success(request, f"已更新 {number:,} 項的承辦人：{'、'.join(codes)}。")
    elif not changes.refused:
        messages.info(request, "承辦人沒有變動。")


def _wishes(request: HttpRequest) -> list[ContactWish]:
    """What was chosen in each list of the page; names that no page has are passed over."""
    keys = []
    for name in request.POST:
        if not name.startswith(FIELD):
            continue
        key = key_in(name.removeprefix(FIELD))
        if key is not None:
            keys.append(key)
    people = _people_named(request, keys)
    wishes = []
    for key in keys:
        # What the page showed goes along: of two people who name somebody the second is told.
        shown = _person(request.POST.get(f"{SHOWN}{key}", ""), people)
        wanted = _person(request.POST.get(f"{FIELD}{key}", ""), people)
        wishes.append(ContactWish(key, shown=shown, wanted=wanted))
    return wishes


def _people_named(request: HttpRequest, keys: list[int]) -> dict[int, User]:
    """Everybody whom the page names, in one query."""
    keys_of_people: set[int] = set()
    for key in keys:
        for field in (FIELD, SHOWN):
            text = request.POST.get(f"{field}{key}", "")
            person_key = key_in(text)
            if person_key is not None:
                keys_of_people.add(person_key)
    return User.objects.in_bulk(keys_of_people)


def _person(text: str, people: dict[int, User]) -> User | None:
    """The person of a choice; somebody who does not exist is refused like a stranger."""
    if not text:
        return None
    key = key_in(text)
    if key is None or key not in people:
        raise UnknownPerson("沒有這個帳號，承辦人沒有變動；請重新開啟這一頁再選一次。")
    return people[key]


def _way_back(request: HttpRequest, year: int) -> str:
    """The page that the form stands on."""
    code = request.POST.get("code", "")
    if code:
        # Something that somebody made up need not be a part of an address.
        with contextlib.suppress(NoReverseMatch):
            return reverse("action", args=[year, code])
    department = key_in(request.POST.get("department", ""))
    address = reverse("contacts", args=[year])
    if department is not None:
        return f"{address}?department={department}"
    return address
