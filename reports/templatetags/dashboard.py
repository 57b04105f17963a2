"""What the dashboard's template would need a line of nested tags for."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from reports.bars import Bar, Segment
from reports.sentence import SentencePart

register = template.Library()


@register.simple_tag
def sentence_part(part: SentencePart, plan_address: str) -> SafeString:
    """One part of the answer, as a link where it leads somewhere.

    A tag and not a template: a line break between two parts would be a gap in the sentence.
    """
    if part.query:
        return format_html('<a href="{}?{}">{}</a>', plan_address, part.query, part.text)
    if part.anchor:
        return format_html('<a href="#{}">{}</a>', part.anchor, part.text)
    return format_html("{}", part.text)


SEGMENT = """
<a href="{address}?{query}" aria-label="{name} {word} {count} {unit}">
  <title>{word} {count} {unit}</title>
  <rect class="seg {light}" x="{x}%" y="1" width="{width}%" height="24" rx="2"{fill}></rect>
  <svg x="{middle}%" y="0" overflow="visible">{box}
    <text class="seg-text {light}" x="0" y="18" text-anchor="middle"><tspan
      class="mark">{mark}</tspan><tspan dx="3">{count}</tspan></text>
  </svg>
</a>"""

BOX = """
    <rect class="seg-box" x="{left}" y="4" width="{width}" height="18" rx="2"></rect>"""
"""Behind the words on hatching, which could not be read on it."""


@register.simple_tag
def stacked(bar: Bar, plan_address: str, unit: str) -> SafeString:
    """The segments of a bar, each a link to the list of what it counts.

    A tag and not a template: a hundred segments cost a quarter of the page as an include each.
    """
    # Escaped once for all segments; lights, shapes and places have nothing to escape.
    address = escape(plan_address)
    name = escape(bar.name)
    pieces = []
    for segment in bar.segments:
        pieces.append(_segment(segment, name=name, address=address, unit=escape(unit)))
    return mark_safe("".join(pieces))  # nosec B703


def _segment(segment: Segment, *, name: str, address: str, unit: str) -> str:
    """Every argument is escaped already."""
    fill = box = ""
    if segment.is_hatched:
        fill = f' fill="url(#hatch-{unit})"'
        box = BOX.format(left=segment.box_left, width=segment.box_width)
    return SEGMENT.format(
        address=address,
        query=escape(segment.query),
        name=name,
        word=segment.word,
        count=segment.count,
        unit=unit,
        light=segment.light.value,
        x=segment.x,
        width=segment.width,
        middle=segment.middle,
        mark=segment.mark,
        fill=fill,
        box=box,
    )
