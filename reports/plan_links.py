"""Query strings of the plan table: every figure leads to the list that it counts."""

from collections.abc import Iterable

from django.utils.http import urlencode

from items.lights import Light


def plan_query(**filters: str | int | Iterable[str]) -> str:
    """The query string of these filters; a list becomes one parameter for each value."""
    return urlencode(filters, doseq=True)


def light_query(light: Light) -> str:
    """The list of the actions that show this light."""
    return plan_query(light=light)
