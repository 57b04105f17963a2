"""Query strings of the plan table: every figure leads to the list that it counts."""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.http import urlencode

from items.lights import Light


def plan_query(**filters: str | int | Iterable[str]) -> str:
    """The query string of these filters; a list becomes one parameter for each value."""
    values_of_filters = []
    for name, value in filters.items():
        # As a tuple, since a list cannot be the key of a cache.
        if not isinstance(value, str | int):
            value = tuple(value)
        values_of_filters.append((name, value))
    return _written(tuple(values_of_filters))


# The dashboard has a hundred of them, the same ones each time.
@lru_cache(maxsize=2_000)
def _written(filters: tuple[tuple[str, str | int | tuple[str, ...]], ...]) -> str:
    return urlencode(filters, doseq=True)


def light_query(light: Light) -> str:
    """The list of the actions that show this light."""
    return plan_query(light=light)
