"""A list of the back office, and which filters an address may bring along."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

from items.requests import WAY_BACK
from items.roc import OFFSET

YEARS = range(OFFSET + 1, OFFSET + 1000)
"""Years of days that a list is limited to; beyond them no database has a moment."""


class OfficeList(ChangeList):
    """Limited by what the page itself offers, and by nothing else that an address may name.

    Django would filter by every field, so that what is listed tells whether a draft exists
    (`?reports=7`) or how the hash of a password begins.
    """

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        filters = super().get_filters_params(params)
        # Where to return to; Django would take that for a filter.
        filters.pop(WAY_BACK, None)
        return filters

    def get_filters(self, request: HttpRequest) -> tuple[Any, ...]:
        """Raises `IncorrectLookupParameters`, on which the list is shown without filters."""
        asked = self.get_filters_params()
        self._refuse_impossible(asked)
        try:
            filters = super().get_filters(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error
        # The third are the parameters that none of the page's own filters has taken.
        not_taken = filters[2]
        for name in not_taken:
            # The bounds of a year are Django's own, and no part of the address.
            if name in asked:
                raise IncorrectLookupParameters(name)
        return filters

    def _refuse_impossible(self, asked: Mapping[str, Sequence[str]]) -> None:
        """What PostgreSQL or a calendar cannot hold, and would answer with an error page."""
        for values in asked.values():
            for value in values:
                if "\0" in value:
                    raise IncorrectLookupParameters("NUL")
        for year in asked.get(f"{self.date_hierarchy}__year", ()):
            # Four digits, before a number of thousands of them is made.
            if len(year) > 4 or not year.isdecimal() or int(year) not in YEARS:
                raise IncorrectLookupParameters(year)
