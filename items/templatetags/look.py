"""燈號, bars, badges and 民國 dates for the templates; everything written is escaped."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from items.lights import Light
from items.roc import format_roc, format_roc_month_day

register = template.Library()

WEEKDAYS = "一二三四五六日"
BAR_WIDTH = 136
WORDS = dict(Light.choices)


@register.filter
def count(number):
    """10,000 rather than 10000; the locale of Taiwan groups nothing in Django."""
    return f"{number:,}"


@register.simple_tag
def light(item, reason=None):
    """The light of a row that `with_light` annotated, with shape, word and the reason in words."""
    reason = item.light_reason if reason is None else reason
    why = format_html('<span class="why">{}</span>', reason) if reason else ""
    return format_html('<span class="light {}">{}</span>{}', item.light, WORDS[item.light], why)


@register.simple_tag
def light_word(key):
    """A light by its key: shape and word, without a reason."""
    return format_html('<span class="light {}">{}</span>', key, WORDS[key])


@register.simple_tag
def light_mark(item):
    """The shape alone, for a list of departments; its word is there for who cannot see it."""
    return format_html(
        '<span class="light mark {}" title="{}"><span class="visually-hidden">{}</span></span>',
        item.light,
        WORDS[item.light],
        WORDS[item.light],
    )


@register.simple_tag
def bar(actual, planned):
    """實際 as a bar and 預定 as a mark on it, 0 to 100, in presentational attributes: the policy has no inline style."""
    actual, planned = (min(max(round(value or 0), 0), 100) for value in (actual, planned))
    return format_html(
        '<svg class="bar" viewBox="0 0 {} 14" role="img" aria-label="實際 {}%，預定 {}%" preserveAspectRatio="none">'
        '<rect class="track" width="{}" height="14" rx="2"></rect>'
        '<rect class="actual" width="{}" height="14" rx="2"></rect>'
        '<rect class="planned" x="{}" width="2.5" height="14"></rect></svg>',
        BAR_WIDTH,
        actual,
        planned,
        BAR_WIDTH,
        round(BAR_WIDTH * actual / 100, 1),
        round((BAR_WIDTH - 2.5) * planned / 100, 1),
    )


@register.simple_tag
def state_badge(state, word):
    """填報狀態 as a badge, distinct from the lights."""
    return format_html('<span class="badge state-{}">{}</span>', state or "missing", word)


def _day(moment):
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


@register.filter
def roc(day):
    """115年11月22日."""
    return format_roc(_day(day)) if day else ""


@register.filter
def roc_md(day):
    """11月22日."""
    return format_roc_month_day(_day(day)) if day else ""


@register.filter
def roc_weekday(day):
    """（一）."""
    return f"（{WEEKDAYS[_day(day).weekday()]}）" if day else ""


@register.filter
def roc_time(moment):
    """115年11月22日 10:42, Taipei time."""
    return f"{format_roc(_day(moment))} {timezone.localtime(moment):%H:%M}" if moment else ""


@register.filter
def paragraphs(text):
    """Text as people wrote it: blank lines make paragraphs, line breaks stay, markup is shown as text."""
    blocks = [
        block for block in str(text or "").replace("\r\n", "\n").split("\n\n") if block.strip()
    ]
    return format_html_join("", "<p>{}</p>", ((_lines(block),) for block in blocks))


def _lines(block):
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in block.split("\n")))
