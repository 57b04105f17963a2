"""Rows of a page that are drawn once, and again only when something in them is another."""

from collections.abc import Hashable, Iterable

from django import template
from django.conf import settings
from django.template import Context
from django.template.engine import Engine
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from plan_tracker.row_memo import RowToMake, key_of, memo

register = template.Library()


@register.simple_tag
def rows_of(template_name: str, rows: Iterable[object]) -> SafeString:
    """Each row by the template, which reads `row` and nothing else: no request, user or day.

    A row is a frozen dataclass of plain values (`row_memo.key_of`), or made from such values where
    its HTML is not kept (`RowToMake`). What its template asks beside the row must not change while
    the process runs; a day that words depend on stands in the row.
    """
    # Beside the row: where addresses begin, and how numbers are written.
    surroundings = (template_name, get_script_prefix(), get_language())
    pieces = []
    for row in rows:
        key: Hashable
        if isinstance(row, RowToMake):
            key = (surroundings, row.shared, row.sources)
        else:
            key = (surroundings, key_of(row))
        html = memo.get(key)
        # A developer sees a changed template at once.
        if html is None or settings.DEBUG:
            html = _drawn(template_name, _made(row))
            memo.keep(key, html)
        pieces.append(html)
    # Each is HTML already.
    return mark_safe("".join(pieces))  # nosec B703


@register.simple_tag
def row_of(template_name: str, row: object) -> SafeString:
    """As `rows_of`, of a part of a page that stands there once."""
    return rows_of(template_name, [row])


def _made(row: object) -> object:
    if not isinstance(row, RowToMake):
        return row
    # Refuses sources that may be drawn otherwise although they compare as equal.
    key_of(row.sources)
    return row.make()


def _drawn(template_name: str, row: object) -> SafeString:
    # Without the request, whose context processors would say who reads.
    return Engine.get_default().get_template(template_name).render(Context({"row": row}))
