"""Values as people read them: 民國 days, 是 and 否, and what an entry of the history says."""

from django.apps import apps
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator

from items.models import ChangeKind
from items.roc import format_roc

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


def subject(change):
    """資料類別 in words; a class that is no longer there keeps its name."""
    try:
        return apps.get_model("items", change.model)._meta.verbose_name
    except LookupError:
        return change.model


def from_to(change):
    """All lines, as a list."""
    items = format_html_join(
        "",
        "<li><b>{}</b>　{}</li>",
        ((one.label, arrow(one.old, one.new)) for one in change.differences()),
    )
    return format_html('<ul class="from-to">{}</ul>', items) if items else ""


def from_to_in_brief(change):
    """For a list: the first lines of what changed; of a row that is new or gone, its values in one short line."""
    found = change.differences()
    if change.kind != ChangeKind.CHANGED:
        brief = "、".join(f"{one.label} {one.new or one.old}" for one in found)
        return Truncator(brief).chars(SHORT)
    shown = found[:SHOWN_IN_LIST]
    items = format_html_join(
        "",
        "<li><b>{}</b>　{}</li>",
        ((one.label, arrow(short(one.old), short(one.new))) for one in shown),
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
