"""燈號, bars, badges, marked texts and 民國 dates for templates; everything written is escaped."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from django import template
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from items.day_words import moment_words
from items.diff import DELETED, INSERTED, Piece
from items.fields import typed_day
from items.lights import Light
from items.roc import format_roc, format_roc_near
from plan_tracker.clock import day_of

if TYPE_CHECKING:
    # Tags draw what they are handed, and stand below the models: they ask nothing of the database.
    from items.models import Assignment, Period
    from items.models.earlier_deadlines import EarlierDeadline
    from items.worklists.grid_rows import GridPageCell
    from items.worklists.period_grid import StateCount
    from items.worklists.period_summary import SummaryPart
    from items.worklists.plan_rows import PlanPageRow

register = template.Library()

WEEKDAYS = "一二三四五六日"
BAR_WIDTH = 136
PLANNED_WIDTH = 2.5
"""How wide a bar and the mark of 預定 on it are, in the units of the drawing."""
LIGHT_WORDS: dict[str, SafeString] = {}
LIGHT_MARKS: dict[str, SafeString] = {}
"""The lights as pages show them, with and without their word: made once, for every line has some."""
for _light, _word in Light.choices:
    LIGHT_WORDS[_light] = format_html('<span class="light {}">{}</span>', _light, _word)
    LIGHT_MARKS[_light] = format_html(
        '<span class="light mark {}" title="{}"><span class="visually-hidden">{}</span></span>',
        _light,
        _word,
        _word,
    )


class Lit(Protocol):
    """A row with a light: an assignment that `with_light` annotated, or a line of the plan."""

    @property
    def light(self) -> str: ...

    @property
    def light_reason(self) -> str: ...


@register.filter
def count(number: int) -> str:
    """10,000 rather than 10000; the locale of Taiwan groups nothing in Django."""
    return f"{number:,}"


@register.filter
def percent_or(percent: int | None, otherwise: str) -> str:
    """「75%」, or other words where no percent was written."""
    if percent is None:
        return otherwise
    return f"{percent}%"


# Lights, bars and badges.


@register.simple_tag
def light(item: Lit, reason: str | None = None) -> SafeString:
    """The light of a row, with shape, word and the reason in words."""
    if reason is None:
        reason = item.light_reason
    # The reason stands behind the light, not in it: on a narrow page it wraps.
    mark = light_word(item.light)
    if not reason:
        return mark
    return format_html('{}<span class="why">{}</span>', mark, reason)


@register.simple_tag
def light_word(key: str) -> SafeString:
    """A light by its key: shape and word, without a reason."""
    return LIGHT_WORDS[key]


@register.simple_tag
def light_mark(item: Lit) -> SafeString:
    """The shape alone, for a list of departments; its word is there for those who cannot see it."""
    return LIGHT_MARKS[item.light]


@register.simple_tag
def bar(actual: float | None, planned: float | None) -> SafeString:
    """實際 as a bar and 預定 as a mark on it, 0 to 100; None counts as 0."""
    return _bar_of_percents(_between_0_and_100(actual), _between_0_and_100(planned))


# A table shows the same few pairs again and again, and what is drawn depends on the pair alone.
@lru_cache(maxsize=1000)
def _bar_of_percents(actual: int, planned: int) -> SafeString:
    """Drawn with presentational attributes: the security policy allows no inline style."""
    return format_html(
        '<svg class="bar" viewBox="0 0 {width} 14" role="img" '
        'aria-label="實際 {actual}%，預定 {planned}%" preserveAspectRatio="none">'
        '<rect class="track" width="{width}" height="14" rx="2"></rect>'
        '<rect class="actual" width="{actual_width}" height="14" rx="2"></rect>'
        '<rect class="planned" x="{planned_at}" width="{planned_width}" height="14"></rect></svg>',
        width=BAR_WIDTH,
        actual=actual,
        planned=planned,
        actual_width=round(BAR_WIDTH * actual / 100, 1),
        planned_at=round((BAR_WIDTH - PLANNED_WIDTH) * planned / 100, 1),
        planned_width=PLANNED_WIDTH,
    )


def _between_0_and_100(percent: float | None) -> int:
    if percent is None:
        return 0
    return min(max(round(percent), 0), 100)


# There are a dozen of them, and the grid of 填報審核 shows hundreds.
@register.simple_tag
@lru_cache(maxsize=100)
def state_badge(state: str, word: str) -> SafeString:
    """填報狀態 as a badge, distinct from the lights."""
    return format_html('<span class="badge state-{}">{}</span>', state, word)


@register.simple_tag
def state_figures(cell: "GridPageCell", department: int) -> SafeString:
    """A cell of the grid; `department` is the key, by which each figure leads to its list."""
    figures = [_state_figure(count, cell.period, department) for count in cell.state_counts]
    # Each is escaped already.
    return mark_safe("\n".join(figures))  # nosec B703


# Most figures of the grid are the same from one look at it to the next.
@lru_cache(maxsize=2_000)
def _state_figure(count: "StateCount", period: int, department: int) -> SafeString:
    age = ""
    # What came in today has no age to speak of.
    if count.oldest:
        age = format_html(' <span class="age">最久 {} 天</span>', count.oldest)
    return format_html(
        '<a class="state-count" href="?period={}&amp;department={}&amp;state={}#list">{} {}{}</a>',
        period,
        department,
        count.state,
        state_badge(count.state, count.word),
        count.number,
        age,
    )


@register.simple_tag
def linked_parts(parts: "Iterable[SummaryPart]", period: "Period") -> SafeString:
    """A sentence whose figures lead to what they count in the list of 填報審核."""
    shown = []
    for part in parts:
        words: str = part.words
        if part.state is not None:
            words = format_html(
                '<a href="?period={}&amp;state={}#list">{}</a>',
                period.number,
                part.state,
                part.words,
            )
        shown.append((words,))
    return format_html_join("", "{}", shown)


# Days and moments.


def _day(moment: date | datetime) -> date:
    if isinstance(moment, datetime):
        return day_of(moment)
    return moment


@register.filter
def roc(day: date | datetime | None) -> str:
    """115年11月22日."""
    return format_roc(_day(day)) if day else ""


@register.filter
def typed(day: date | datetime) -> str:
    """115/11/22, as the address of a list takes a day."""
    return typed_day(_day(day))


@register.filter
def roc_md(day: date | datetime | None, today: date) -> str:
    """11月22日, with the year where it is not that of today."""
    return format_roc_near(_day(day), today) if day else ""


@register.filter
def roc_weekday(day: date | datetime | None) -> str:
    """（一）."""
    return f"（{WEEKDAYS[_day(day).weekday()]}）" if day else ""


@register.filter
def clock(moment: datetime) -> str:
    """10:42, Taipei time."""
    return f"{timezone.localtime(moment):%H:%M}"


@register.filter
def roc_time(moment: datetime | None) -> str:
    """115年11月22日 10:42, Taipei time."""
    return moment_words(moment) if moment else ""


@register.filter
def deadline_day(assignment: "Assignment") -> str:
    """The day of a deadline, where its words (每季, 115年12月) say something else."""
    day = format_roc(assignment.deadline)
    return "" if day == assignment.deadline_text else day


# Cells of the plan table. On a phone their lines are one sentence, so no space stands between them.


@register.simple_tag
def deadline_lines(row: "PlanPageRow") -> SafeString:
    """完成期限 of a line, the departments before it where they differ."""
    lines = []
    for deadline in row.deadlines:
        departments: str = ""
        if deadline.departments:
            departments = format_html('<span class="hint">{}</span> ', deadline.departments)
        marks: str = ""
        if deadline.earlier:
            marks = earlier_marks(deadline.earlier)
        lines.append((departments, deadline.words, marks))
    return format_html_join("", '<span class="line">{}{}{}</span>', lines)


@register.simple_tag
def earlier_mark(assignment: "Assignment") -> SafeString:
    """原期限 behind the deadline of an assignment; empty where nobody extended it."""
    if assignment.earlier is None:
        return SafeString("")
    return earlier_marks([assignment.earlier])


@register.simple_tag
def earlier_marks(earlier: "Iterable[EarlierDeadline]") -> SafeString:
    """原期限, each a link to the application that says why it was extended."""
    links = []
    for one in earlier:
        address = reverse("control_request", args=[one.year, one.request_key])
        links.append((address, one.words))
    words = ' <a class="earlier" href="{}">原 <s>{}</s><span class="visually-hidden">，看展延的原因</span></a>'
    return format_html_join("", words, links)


@register.simple_tag
def lead_lines(row: "PlanPageRow") -> SafeString:
    """主辦單位 of a line, with a light beside the name where each has one of its own."""
    lines = []
    for lead in row.leads:
        mark: str = ""
        if lead.light is not None:
            mark = format_html(" {}", LIGHT_MARKS[lead.light])
        lines.append((lead.name, mark))
    return format_html_join("", '<span class="line">{}{}</span>', lines)


# Texts that people wrote.


@register.simple_tag
def marked(pieces: Iterable[Piece], without: str = "") -> SafeString:
    """The pieces of `items.diff` with what is new and what is gone marked.

    `without="ins"` gives the text as it was, `without="del"` as it is now.
    """
    shown = []
    for kind, text in pieces:
        # Escapes what it is given.
        words = linebreaksbr(text)
        if kind == without:
            continue
        if kind in (INSERTED, DELETED):
            words = format_html("<{kind}>{words}</{kind}>", kind=kind, words=words)
        shown.append((words,))
    return format_html_join("", "{}", shown)


@register.filter
def paragraphs(text: str | None) -> SafeString:
    """Text as people wrote it: blank lines make paragraphs, line breaks stay, markup is text."""
    # Browsers send a line break as two characters.
    plain = str(text or "").replace("\r\n", "\n")
    written = []
    for block in plain.split("\n\n"):
        # Two line breaks and more make one paragraph's end: empty paragraphs are left out.
        if block.strip():
            written.append((_lines(block),))
    return format_html_join("", "<p>{}</p>", written)


def _lines(block: str) -> SafeString:
    line_break = mark_safe("<br>")
    return format_html_join(line_break, "{}", [(line,) for line in block.split("\n")])
