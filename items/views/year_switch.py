"""The way to another year from a page that only one year has, such as an item or a report."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from items import access
from items.navigation import LABELS, list_above
from items.requests import OfficeRequest


@require_safe
def year_switch(request: OfficeRequest, year: int, page: str) -> HttpResponse:
    """The item of the same code where the year has one, else the list that the page belongs to."""
    programme = access.get_programme(year)
    code = request.GET.get("code", "")
    if page == "action" and code:
        actions = access.visible_actions(request.user).for_programme(programme)
        # A NUL is a character that PostgreSQL answers by an error.
        if "\0" not in code and actions.filter(code=code).exists():
            return redirect("action", year, code)
    target = list_of(request, page)
    # The pill of years keeps the page (product.md): where the year has no such item, its list.
    label = LABELS.get(target, "同一頁")
    left = "剛才那一頁"
    if code:
        left = f"{code} "
    old_year = request.GET.get("from", "")
    belongs_to = "另一個年度"
    # Anybody may write an address: it is printed only where it can be a year.
    if old_year.isdecimal() and len(old_year) == 3:
        belongs_to = f"{old_year}年度"
    messages.info(request, f"{left}只在{belongs_to}；這裡是{year}年度的{label}。")
    return redirect(target, year)


def list_of(request: OfficeRequest, page: str) -> str:
    """The name of the list that this person would have come from."""
    if page != "report":
        return list_above(page)
    if access.can_review(request.user):
        return "review"
    if access.departments_of(request.user).exists():
        return "todo"
    return "plan"
