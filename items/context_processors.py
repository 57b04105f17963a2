"""What every page needs: whose year it is, what day it is, and where this person may go."""

from django.conf import settings
from django.urls import reverse

from items import access
from items.models import Membership, MembershipRole, Programme

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


def page(request):
    """`programme`, `programmes`, `today`, `demonstration`, `organisation`, `navigation`, `my_departments`."""
    context = {
        "today": request.today,
        "demonstration": settings.DEMONSTRATION,
        "organisation": settings.ORGANISATION,
        "navigation": [],
    }
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return context
    programmes = list(Programme.objects.all())
    memberships = list(Membership.objects.filter(user=request.user).select_related("department"))
    programme = current_programme(request, programmes)
    return context | {
        "programme": programme,
        "programmes": programmes,
        "my_departments": [membership.department for membership in memberships],
        "navigation": navigation(request, programme, memberships) if programme else [],
    }


def current_programme(request, programmes):
    """That of the address, else the newest."""
    year = request.resolver_match.kwargs.get("year") if request.resolver_match else None
    return next(
        (one for one in programmes if one.year == year), programmes[0] if programmes else None
    )


def navigation(request, programme, memberships):
    """[(label, url, current)] of the pages for this person, the first screen first.

    `current` is aria-current: "page", or "true" where the reader is on a page below it.
    """
    user = request.user
    writes = user.role not in access.READ_ONLY and bool(memberships)
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
    here = request.resolver_match.url_name if request.resolver_match else ""
    current = {SECTIONS.get(here): "true", here: "page"}
    return [
        (label, reverse(name, args=[programme.year]), current.get(name, ""))
        for label, name, shown in pages
        if shown
    ]
