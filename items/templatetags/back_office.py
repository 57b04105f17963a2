"""Small words of the back office."""

import re

from django import template

from items.roc import OFFSET

register = template.Library()
YEAR = re.compile(r"(?P<year>\d{4})年?")


@register.filter
def roc_title(title: str) -> str:
    """115年 or 115年11月, of the 2026 or 2026年11月 in Django's date hierarchy."""
    match = YEAR.match(str(title))
    # The steps below a year are titled 11月 or 11月22日.
    if match is None:
        return str(title)
    rest = str(title)[match.end() :]
    return f"{int(match['year']) - OFFSET}年{rest}"
