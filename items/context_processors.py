"""What every page needs: whose year it is, what day it is, and where this person may go."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from items import access
from items.models import Membership, Programme
from items.navigation import PAGES_OF_EVERY_YEAR, list_above, marked_page, words_of
from items.requests import OfficeRequest
from items.worklists.elsewhere import work_elsewhere


class NavigationLink(NamedTuple):
    """One link of the bar or the year menu; `current` is its aria-current: "page", or "true" on a page below it."""

    label: str
    url: str
    current: str


def page(request: OfficeRequest) -> dict[str, Any]:
    """The variables that base.html reads; those about a person only where somebody is signed in."""
    context = {
        "today": request.today,
        "demonstration": settings.DEMONSTRATION,
        "organisation": settings.ORGANISATION,
        "navigation": [],
        "elsewhere": [],
    }
    # An error that comes before the session was looked at has a page too, but no person.
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    home_first = access.years_home_first(request.today)
    home = access.home_programme(user, home_first)
    memberships = access.memberships_behind(user)
    context["stands_in_for"] = access.principals_of(user)
    # On every page, and never older than the page: one count in an index.
    context["unread_notices"] = access.number_unread(user)
    # On every page, beside what its view asks for: two queries that the menu costs.
    programme = current_programme(request, home_first, home)
    context["programme"] = programme
    context["years"] = year_links(request, home_first, programme)
    # Without those of the people for whom somebody stands in: they are named beside.
    my_departments = []
    for membership in memberships:
        if membership.user_id == user.pk:
            my_departments.append(membership.department)
    context["my_departments"] = my_departments
    if programme is not None:
        context["navigation"] = navigation(request, programme, memberships)
        context["elsewhere"] = work_elsewhere(user, home_first, programme)
    elif access.can_prepare_years(user):
        # Where there is no year yet, the way to make one is all there is.
        context["navigation"] = [NavigationLink("管理", reverse("years"), "true")]
    return context


def current_programme(
    request: OfficeRequest, programmes: Sequence[Programme], home: Programme | None
) -> Programme | None:
    """The programme of the year in the address, else the one that this person starts from."""
    if request.resolver_match:
        year = request.resolver_match.kwargs.get("year")
        for programme in programmes:
            if programme.year == year:
                return programme
    return home


def year_links(
    request: OfficeRequest, programmes: Sequence[Programme], current: Programme | None
) -> list[NavigationLink]:
    """The same page of every year, the newest year first.

    A page such as an item or a report exists in its own year alone: the way to another year says so.
    """
    name = name_of_page(request)
    links = []
    for programme in sorted(programmes, key=lambda programme: programme.year, reverse=True):
        label = f"{programme.year} 年度（{programme.get_state_display()}）"
        mark = ""
        if programme == current:
            mark = "true"
        if name in PAGES_OF_EVERY_YEAR or programme == current:
            url = reverse(list_above(name), args=[programme.year])
        else:
            url = switch_address(request, programme, name)
        links.append(NavigationLink(label, url, mark))
    return links


def switch_address(request: OfficeRequest, programme: Programme, name: str) -> str:
    """The way from a page of one year to another year."""
    match = request.resolver_match
    # A page of no year, such as that of the password, or an address that is not ours.
    if match is None or "year" not in match.kwargs:
        return reverse("dashboard", args=[programme.year])
    what: dict[str, Any] = {"from": match.kwargs["year"]}
    if "code" in match.kwargs:
        what["code"] = match.kwargs["code"]
    address = reverse("year_switch", args=[programme.year, name])
    return f"{address}?{urlencode(what)}"


def name_of_page(request: OfficeRequest) -> str:
    """The name of the page in urls.py; empty for an address that is not ours, whose error has a bar."""
    match = request.resolver_match
    if match is None:
        return ""
    return match.url_name or ""


def navigation(
    request: OfficeRequest, programme: Programme, memberships: Sequence[Membership]
) -> list[NavigationLink]:
    """The bar of this person, with the word marked that the page belongs to."""
    name_here = name_of_page(request)
    words = words_of(request.user, memberships)
    marked = marked_page(words, name_here)
    links = []
    for word in words:
        mark = ""
        if word.page == name_here:
            mark = "page"
        elif word.page == marked:
            mark = "true"
        url = reverse(word.page, args=[programme.year])
        links.append(NavigationLink(word.label, url, mark))
    return links
