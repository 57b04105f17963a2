"""Values as people read them: 民國 days, 是 and 否, and what an entry of the history says."""

import re
from datetime import date, datetime

from django.apps import apps
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator

from items.models import ChangeKind
from items.roc import format_roc

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
EMPTY = "（空白）"
NOTHING = "—"
"""For a value that is not there: Django shows None in lists as a dash, but in forms as the word None."""
SHOWN_IN_LIST = 3
SHORT = 60


def roc(day):
    """115年12月31日, or a dash where there is no day."""
    return format_roc(day) if day else NOTHING


def roc_time(moment):
    """115年11月22日 09:05 in Taipei, or a dash."""
    local = moment and timezone.localtime(moment)
    return f"{format_roc(local)} {local:%H:%M}" if local else NOTHING


def readable(value):
    """A value of the history; where it came through JSON, days and moments are texts."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    text = value.isoformat() if isinstance(value, date) else str(value)
    try:
        if DAY.fullmatch(text):
            return roc(date.fromisoformat(text))
        if MOMENT.fullmatch(text):
            return roc_time(datetime.fromisoformat(text))
    except ValueError:
        pass  # a text that only looks like a day
    return text


def subject(change):
    """資料類別 in words; a class that is no longer there keeps its name."""
    try:
        return apps.get_model("items", change.model)._meta.verbose_name
    except LookupError:
        return change.model


def lines(change):
    """[(field, old, new)]; old is None where the row was new, new is None where it was deleted."""
    found = []
    for name, (old, new) in change.fields.items():
        before = None if change.kind == ChangeKind.CREATED else readable(old)
        after = None if change.kind == ChangeKind.DELETED else readable(new)
        if (before or EMPTY) != EMPTY or (after or EMPTY) != EMPTY:
            found.append((name, before, after))
    return found


def from_to(change):
    """All lines, as a list."""
    items = format_html_join(
        "", "<li><b>{}</b>　{}</li>", ((name, arrow(old, new)) for name, old, new in lines(change))
    )
    return format_html('<ul class="from-to">{}</ul>', items) if items else ""


def from_to_in_brief(change):
    """For a list: the first lines of what changed; of a row that is new or gone, its values in one short line."""
    found = lines(change)
    if change.kind != ChangeKind.CHANGED:
        return Truncator("、".join(f"{name} {new or old}" for name, old, new in found)).chars(SHORT)
    shown = found[:SHOWN_IN_LIST]
    items = format_html_join(
        "",
        "<li><b>{}</b>　{}</li>",
        ((name, arrow(short(old), short(new))) for name, old, new in shown),
    )
    rest = (
        format_html("<li>另有 {} 項</li>", len(found) - len(shown))
        if len(found) > len(shown)
        else ""
    )
    return format_html('<ul class="from-to">{}{}</ul>', items, rest)


def short(text):
    return text and Truncator(text).chars(SHORT)


def arrow(old, new):
    if old is None:
        return new
    if new is None:
        return format_html("<del>{}</del>", old)
    return format_html("<del>{}</del> → <ins>{}</ins>", old, new)
