"""One page of a long list: the database cuts it, and counts the list in the same statement."""

import math
from dataclasses import dataclass
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
    window = _window(rows, wanted, per_page)
    total = window.total
    if not window.keys and wanted != 1:
        # Beyond the end, where no row can say how many there are: the last page, as asked anew.
        total = rows.order_by().count()
        number_of_pages = math.ceil(total / per_page)
        wanted = max(1, number_of_pages)
        window = _window(rows, wanted, per_page)
    paginator: Paginator[int] = Paginator([], per_page)
    # Counted already; a paginator would count what it was given.
    paginator.__dict__["count"] = total
    return Page(window.keys, wanted, paginator)


def _number_of(number: str | None) -> int:
    """The page asked for; the first where it is no number, a page beyond all for one below 1."""
    try:
        wanted = int(number or 1)
    except ValueError:
        return 1
    if not 1 <= wanted <= LAST_PAGE:
        return LAST_PAGE
    return wanted


@dataclass(frozen=True)
class RowWindow:
    """The keys of one page, and how many rows the whole list has."""

    keys: list[int]
    total: int


def _window(rows: QuerySet[Any], number: int, per_page: int) -> RowWindow:
    """One page of the rows; of a page beyond the end no row can say the total, and it is 0."""
    start = (number - 1) * per_page
    end = start + per_page
    counted = rows.annotate(rows_in_all=Window(Count("*")))
    keys = []
    total = 0
    for key, rows_in_all in counted.values_list("pk", "rows_in_all")[start:end]:
        keys.append(key)
        total = rows_in_all
    return RowWindow(keys, total)


def page_of_rows(rows: QuerySet[Any], number: str | None, *, per_page: int) -> Page[Any]:
    """One page of the rows, counted only where they may fill more than the first."""
    if not number:
        first_rows = list(rows[:per_page])
        if len(first_rows) < per_page:
            return only_page(first_rows, per_page=per_page)
    page = page_of_places(rows.count(), number, per_page=per_page)
    places = places_on(page.number, per_page=per_page)
    rows_of_page = list(rows[places.start : places.stop])
    return Page(rows_of_page, page.number, page.paginator)


def only_page(rows: list[Any], *, per_page: int) -> Page[Any]:
    """The page of a list that is not longer."""
    paginator: Paginator[Any] = Paginator(rows, per_page)
    return Page(rows, 1, paginator)


def page_of_places(total: int, number: str | None, *, per_page: int) -> Page[Any]:
    """One page of a list that was counted already; its `object_list` are places and no rows."""
    return Paginator(range(total), per_page).get_page(number)


def places_on(number: int, *, per_page: int) -> range:
    """The places of a page; of the last one also those beyond the end, for one form of a query."""
    first = (number - 1) * per_page
    return range(first, first + per_page)
