"""A speed trick: `{% url %}`, which works an address out once and keeps it while the process runs.

A page has thirty to sixty addresses, and to look for the pattern of each anew took a twenty-fifth of
its processor time. In all templates in the place of Django's own tag (TEMPLATES in the settings).
"""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

register = template.Library()

MOST_KEPT = 8192
"""Enough for half of an office's items, reports and assignments; each takes some 300 bytes."""
PLAIN = frozenset({int, str, SafeString})
"""Arguments that stand in an address as they are, and of which equal ones do so alike."""
NAMESPACE = ":"
"""In the names of the back office alone, whose addresses depend on the page that asks."""


class KeptUrlNode(URLNode):
    """Asks Django wherever the address depends on more than its name and plain arguments."""

    def render(self, context: Context) -> str:
        name = self.view_name.resolve(context)
        arguments = tuple([argument.resolve(context) for argument in self.args])
        is_plain = type(name) in PLAIN and PLAIN.issuperset(map(type, arguments))
        if self.kwargs or not is_plain or NAMESPACE in name:
            return super().render(context)
        try:
            address = _address(settings.ROOT_URLCONF, get_script_prefix(), name, *arguments)
        except NoReverseMatch:
            # Django knows whether that is an error.
            return super().render(context)
        if self.asvar:
            context[self.asvar] = address
            return ""
        if context.autoescape:
            return escape(address)
        return address


@lru_cache(MOST_KEPT)
def _address(addresses: str, prefix: str, name: str, *arguments: int | str) -> str:
    """`addresses` and `prefix` are those by which Django finds it."""
    return reverse(name, args=arguments)


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """As Django's own."""
    node = parse_url(parser, token)
    return KeptUrlNode(node.view_name, node.args, node.kwargs, node.asvar)
