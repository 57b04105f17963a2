"""One page of a long list: the database cuts it, and counts the list in the same statement."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window

LAST_PAGE = 1_000_000
"""Beyond every list, and small enough that an engine can count up to its first row."""


def page_of_keys(rows: QuerySet[Any], number: str | None, *, per_page: int) -> Page[int]:
    """The keys of one page of the rows, in their order, as `Paginator.get_page` understands numbers.

    A list that has to be worked out (by light, by words) is worked out once: counted for itself, a
    list of 50,000 items by light would take as long again.
    """
    wanted = _number_of(number)
    keys, total = _window(rows, wanted, per_page)
    if not keys and wanted != 1:
        # Beyond the end, where no row can say how many there are: the last page, as asked anew.
        total = rows.order_by().count()
        wanted = max(1, -(-total // per_page))
        keys, _ = _window(rows, wanted, per_page)
    paginator: Paginator[int] = Paginator([], per_page)
    # Counted already; a paginator would count what it was given.
    paginator.__dict__["count"] = total
    return Page(keys, wanted, paginator)


def _number_of(number: str | None) -> int:
    """The page asked for; the first where it is no number, a page beyond all for one below 1."""
    try:
        wanted = int(number or 1)
    except ValueError:
        return 1
    if not 1 <= wanted <= LAST_PAGE:
        return LAST_PAGE
    return wanted


def _window(rows: QuerySet[Any], number: int, per_page: int) -> tuple[list[int], int]:
    start = (number - 1) * per_page
    counted = rows.annotate(rows_in_all=Window(Count("*")))
    window = list(counted.values_list("pk", "rows_in_all")[start : start + per_page])
    if not window:
        return [], 0
    _, total = window[0]
    return [key for key, _ in window], total
