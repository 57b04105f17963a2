"""What the back office shows in cells: 民國 days, a dash for nothing, and the history as HTML."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from items.day_words import moment_words
from items.first_names import first_names
from items.models import Change, User
from items.models.history_words import FieldChange
from items.roc import format_roc

NOTHING = "—"
"""A value that is not there: Django shows None as a dash in lists, but as "None" in forms."""
SHOWN_IN_LIST = 3
SHOWN_IN_MESSAGE = 10
SHORT = 60


def roc(day: date | None) -> str:
    """115年12月31日, or a dash where there is no day."""
    if day is None:
        return NOTHING
    return format_roc(day)


def roc_time(moment: datetime | None) -> str:
    """115年11月22日 09:05 in Taipei, or a dash."""
    if moment is None:
        return NOTHING
    return moment_words(moment)


def step_in_words(at: datetime | None, by: User | None) -> str:
    """When something was done and by whom, or a dash where it was not: 115年11月22日 09:05 王美玲."""
    if at is None:
        return NOTHING
    return f"{roc_time(at)} {by}"


def names_in_words(rows: Iterable[models.Model]) -> str:
    """林芬芬、王美玲: what was done to whom; of many the first ones, since a message is short."""
    names = [str(row) for row in rows]
    return first_names(names, SHOWN_IN_MESSAGE, "個")


def from_to(change: Change) -> str:
    """All fields of an entry, as a list."""
    fields = change.differences()
    if not fields:
        return ""
    return _list([_item(field.label, field.old, field.new) for field in fields])


def from_to_in_brief(change: Change) -> str:
    """For a list: the first fields that changed, or all values of a row in one short line."""
    fields = change.differences()
    if not change.is_change:
        return short(_values_in_one_line(fields))
    items = []
    for field in fields[:SHOWN_IN_LIST]:
        items.append(_item(field.label, _short_or_none(field.old), _short_or_none(field.new)))
    hidden = len(fields) - len(items)
    if hidden > 0:
        items.append(format_html("<li>另有 {} 項</li>", hidden))
    return _list(items)


def short(text: str) -> str:
    """The beginning of a long text, for a cell of a list."""
    return Truncator(text).chars(SHORT)


def _short_or_none(text: str | None) -> str | None:
    if text is None:
        return None
    return short(text)


def _values_in_one_line(fields: list[FieldChange]) -> str:
    """The values of a row that is new or gone; only one side of an entry has them."""
    values = []
    for field in fields:
        value = field.new or field.old
        values.append(f"{field.label} {value}")
    return "、".join(values)


def _item(label: str, old: str | None, new: str | None) -> SafeString:
    return format_html("<li><b>{}</b>　{}</li>", label, _arrow(old, new))


def _list(items: list[SafeString]) -> SafeString:
    lines = format_html_join("", "{}", [(item,) for item in items])
    return format_html('<ul class="from-to">{}</ul>', lines)


def _arrow(old: str | None, new: str | None) -> str:
    """What was, crossed out, and what is; one of the two where the row was new or is gone."""
    if old is None:
        return new or ""
    if new is None:
        return format_html("<del>{}</del>", old)
    return format_html("<del>{}</del> → <ins>{}</ins>", old, new)
