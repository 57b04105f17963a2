"""Where a person lands after signing in: the first screen of the role, as product.md lists it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from items import access
from items.models import MembershipRole, Programme, Role, User
from items.requests import OfficeRequest
from items.worklists.first_steps import first_steps
from items.worklists.waiting import waiting_for_head

FIRST_SCREEN = {
    Role.COORDINATOR: "review",
    Role.MANAGER: "dashboard",
    Role.AUDITOR: "record",
    Role.ADMIN: "manage",
}
"""The first screens; that of staff depends on what waits for them and stands below."""


@require_safe
def home(request: OfficeRequest) -> HttpResponse:
    programmes = access.years_home_first(request.today)
    programme = access.home_programme(request.user, programmes)
    if programme is None:
        # Nothing runs: the office sees which years are prepared, and which are over.
        drafts = [programme for programme in programmes if programme.is_draft]
        others = [programme for programme in programmes if not programme.is_draft]
        context = {
            "drafts": drafts,
            "others": others,
            "first_steps": first_steps(request.user, None, back_to=request.path),
        }
        return render(request, "items/no_programme.html", context)
    if programme.is_draft:
        # Nothing waits in a year that has not begun: people who prepare it go on with the plan.
        return redirect("manage", year=programme.year)
    return redirect(first_screen(request.user, programme), year=programme.year)


def first_screen(user: User, programme: Programme) -> str:
    """The name of the page of this year that a person starts from."""
    if user.role in FIRST_SCREEN:
        return FIRST_SCREEN[Role(user.role)]
    # A head who also writes sees the own list first, unless somebody waits for them.
    if access.is_head(user):
        waits = waiting_for_head(user, programme).exists()
        writes = access.departments_of(user, role=MembershipRole.REPORTER).exists()
        if waits or not writes:
            return "inbox"
    if access.departments_of(user).exists():
        return "todo"
    return "dashboard"
