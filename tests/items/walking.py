"""Walk through the product as somebody who follows its links and presses its buttons.

`crawling.py` reads every page of a part, such as the back office; this one opens a few pages of each
kind and presses what it finds there.
"""

from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve

BACK_OFFICE = "/admin/"
NOT_FOLLOWED = ("/logout/", "/static/")
VISITS = 3
"""How many pages of one kind are opened: a list of 200 items has 200 links of one kind."""
FILTERED_VISITS = 1
"""The same for pages with a filter in their address, of which a dashboard alone has dozens."""


class PageReader(HTMLParser):
    """The addresses that a page leads to, and those that its buttons post to."""

    def __init__(self):
        super().__init__()
        self.links = []
        self.posts = []
        self.form = None

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        for name in ("href", "hx-get"):
            if tag in ("a", "button", "form", "input", "div", "span") and values.get(name):
                self.links.append(values[name])
        if values.get("hx-post"):
            self.posts.append((values["hx-post"], {}))
        if tag == "form":
            self.form = None
            if values.get("method", "get").lower() == "post":
                self.form = (values.get("action", ""), {})
                self.posts.append(self.form)
        # What the form sends by itself, such as the version that the reader saw.
        if tag == "input" and values.get("type") == "hidden" and self.form:
            self.form[1][values.get("name", "")] = values.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


@dataclass
class Walk:
    """What was opened, and every address that did not answer as it should."""

    opened: Counter = field(default_factory=Counter)
    wrong: list = field(default_factory=list)


def kind_of(address):
    """The name of the page with the names of what is asked for: one of such is like the other."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    kind = f"{match.namespace}:{match.url_name}:{match.kwargs.get('year', '')}"
    # Of a list as a file, one is like the other, whatever the filter.
    if str(match.url_name).endswith("_export"):
        return kind
    asked = sorted({name for name, _ in parse_qsl(parts.query)})
    return "?".join([kind, *asked])


def walk(client, start="/"):
    """Open what can be reached from `start`, and press each button without keeping what it did."""
    done = Walk()
    waiting = [(start, "(start)")]
    seen = set()
    while waiting:
        address, origin = waiting.pop(0)
        parts = urlsplit(address)
        is_ours = not parts.netloc and not parts.path.startswith(NOT_FOLLOWED)
        if address in seen or not is_ours:
            continue
        seen.add(address)
        kind = kind_of(address)
        if kind is None:
            done.wrong.append((origin, address, "no such page"))
            continue
        visits = FILTERED_VISITS if "?" in kind else VISITS
        if done.opened[kind] >= visits:
            continue
        done.opened[kind] += 1
        response = client.get(address)
        if response.status_code in (301, 302):
            waiting.append((urljoin(address, response.url), address))
            continue
        if response.status_code != 200:
            done.wrong.append((origin, address, response.status_code))
            continue
        is_page = response.headers["Content-Type"].startswith("text/html")
        # The back office has a walk of its own.
        if not is_page or parts.path.startswith(BACK_OFFICE):
            continue
        reader = PageReader()
        reader.feed(response.content.decode())
        for link in reader.links:
            target = urljoin(address, unescape(link)).partition("#")[0]
            waiting.append((target, address))
        for action, data in reader.posts:
            press(client, done, urljoin(address, unescape(action) or address), data, address)
    return done


def press(client, done, address, data, origin):
    """Post what the form has hidden; whatever that does is taken back."""
    parts = urlsplit(address)
    kind = f"POST {kind_of(address)}"
    if parts.path.startswith(NOT_FOLLOWED) or done.opened[kind] >= VISITS:
        return
    done.opened[kind] += 1
    with transaction.atomic():
        response = client.post(address, data)
        transaction.set_rollback(True)
    if response.status_code not in (200, 204, 302):
        done.wrong.append((origin, f"POST {address}", response.status_code))
