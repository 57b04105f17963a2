"""The places of values in SQL as Django hands it to a database."""

import re
from collections.abc import Callable

_PLACE = re.compile("%[s%]")
"""Where a value stands, or a percent sign that is one, and so is doubled."""


def with_places_filled(statement: str, fill: Callable[[], str]) -> str:
    """The statement with what `fill` gives in each place, in their order."""

    def filled(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return "%%"
        return fill()

    return _PLACE.sub(filled, statement)
