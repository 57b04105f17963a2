"""What the dashboard's template would need a line of nested tags for."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

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
