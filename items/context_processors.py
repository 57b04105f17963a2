"""What every page needs: whose year it is, what day it is, and where this person may go."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse

from items import access
from items.models import Membership, MembershipRole, Programme
from items.requests import OfficeRequest

SECTIONS = {
    "import_preview": "import_upload",
    "batches": "import_upload",
    "batch": "import_upload",
    "batch_undo": "import_upload",
    "action": "plan",
    "report_form": "todo",
    "offline": "todo",
    "offline_preview": "todo",
}
"""Pages below one of the menu: {name of the page: name of the one in the menu}."""

PAGES_OF_EVERY_YEAR = {
    "inbox",
    "todo",
    "review",
    "office",
    "dashboard",
    "plan",
    "periods",
    "import_upload",
    "record",
}
"""Pages that every year has, so that another year can be chosen without leaving the page."""


class NavigationLink(NamedTuple):
    """One page of the menu; `current` is its aria-current: "page", or "true" on a page below it."""

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
    }
    # An error that comes before the session was looked at has a page too, but no person.
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    home_first = list(Programme.objects.home_first(request.today))
    home = access.home_programme(user, home_first)
    memberships = list(Membership.objects.filter(user=user).select_related("department"))
    # Of every page, whatever its view asked for: two queries that the menu costs.
    programme = current_programme(request, home_first, home)
    context["programme"] = programme
    context["years"] = year_links(request, home_first, programme)
    context["my_departments"] = [membership.department for membership in memberships]
    if programme is not None:
        context["navigation"] = navigation(request, programme, memberships)
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

    A page below one of the menu, such as an item or a report, exists in its own year alone: it
    leads to the one that it is below.
    """
    match = request.resolver_match
    name_here = match.url_name if match and match.url_name else ""
    name = SECTIONS.get(name_here, name_here)
    if name not in PAGES_OF_EVERY_YEAR:
        name = "dashboard"
    links = []
    for programme in sorted(programmes, key=lambda programme: programme.year, reverse=True):
        label = f"{programme.year} 年度（{programme.get_state_display()}）"
        url = reverse(name, args=[programme.year])
        mark = ""
        if programme == current:
            mark = "true"
        links.append(NavigationLink(label, url, mark))
    return links


def navigation(
    request: OfficeRequest, programme: Programme, memberships: Sequence[Membership]
) -> list[NavigationLink]:
    """The pages for this person, the first screen first."""
    user = request.user
    writes = bool(memberships) and user.role not in access.READ_ONLY
    heads = writes and any(membership.role == MembershipRole.HEAD for membership in memberships)
    pages = [
        ("待我核可", "inbox", heads),
        ("我的填報", "todo", writes),
        ("填報審核", "review", access.can_review(user)),
        ("系統管理", "office", user.is_admin),
        ("總覽", "dashboard", True),
        ("計畫表", "plan", True),
        ("填報期", "periods", access.can_run_periods(user)),
        ("匯入", "import_upload", access.can_import(user)),
        ("歷程", "record", access.can_read_record(user)),
    ]
    # An address that is not ours has no match; its page of the error has a menu all the same.
    name_here = request.resolver_match.url_name if request.resolver_match else ""
    links = []
    for label, name, is_shown in pages:
        if is_shown:
            url = reverse(name, args=[programme.year])
            links.append(NavigationLink(label, url, _aria_current(name, name_here)))
    return links


def _aria_current(name: str, name_here: str | None) -> str:
    """How the link to the page `name` is marked on the page `name_here`."""
    if name == name_here:
        return "page"
    if SECTIONS.get(name_here or "") == name:
        return "true"
    return ""
