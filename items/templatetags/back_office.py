"""Small words of the back office."""

import re

from django import template

from items.roc import OFFSET

register = template.Library()
YEAR = re.compile(r"(\d{4})年?")


@register.filter
def roc_title(title):
    """Django's date hierarchy says 2026 or 2026年11月; people here say 115年."""
    return YEAR.sub(lambda match: f"{int(match[1]) - OFFSET}年", str(title), count=1)
