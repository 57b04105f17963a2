"""Walk through the product as somebody who follows its links and presses its buttons."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve

MARKUP = re.compile(r"<(script|style)\b[\s\S]*?</\1>|<[^>]+>")
BACK_OFFICE = "/admin/"
NOT_FOLLOWED = ("/logout/", "/static/")
VISITS = 3
"""How many pages of one kind are opened: a list of 200 items has 200 links of one kind."""
FILTERED_VISITS = 1
"""The same for pages with a filter in their address, of which a dashboard alone has dozens."""
VISITS_OF_ANOTHER_YEAR = 1
"""The same for the pages of all other years together: test_every_page.py walks a closed year and a
draft whole, here they only have to answer beside the running one."""
RUNNING_YEAR = "115"
ANOTHER_YEAR = "another year"
MOST = 600
"""No office of these tests has so many pages: a walk that opens more would never end."""


class PageReader(HTMLParser):
    """The addresses that a page leads to, and those that its buttons post to."""

    def __init__(self):
        super().__init__()
        self.links = []
        self.posts = []
        self.form = None
        self.is_written_in = False
        self.nobodys = []
        """Addresses of forms with a text area that do not say who opened them."""

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        for name in ("href", "hx-get"):
            if tag in ("a", "button", "form", "input", "div", "span") and values.get(name):
                self.links.append(values[name])
        if values.get("hx-post"):
            self.posts.append((values["hx-post"], {}))
        if tag == "form":
            self.form = None
            self.is_written_in = False
            if values.get("method", "get").lower() == "post":
                self.form = (values.get("action", ""), {})
                self.posts.append(self.form)
        if tag == "textarea" and "readonly" not in values:
            self.is_written_in = True
        # What the form sends by itself, such as the version that the reader saw.
        if tag == "input" and values.get("type") == "hidden" and self.form:
            self.form[1][values.get("name", "")] = values.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            if self.form and self.is_written_in and "writer" not in self.form[1]:
                self.nobodys.append(self.form[0])
            self.form = None


@dataclass
class Walk:
    """What was opened, and every address that did not answer as it should."""

    opened: Counter = field(default_factory=Counter)
    """{kind of page: how many of it}."""
    pages: dict = field(default_factory=dict)
    """{address: its text}; a file has none that could be read here."""
    wrong: list = field(default_factory=list)
    """(where it was linked, address, what is wrong with it)."""


@cache
def kind_of(address):
    """The name of the page with the names of what is asked for: one of such is like the other.

    Walks ask it about the same links of the bar of every page: kept, that takes nothing.
    """
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    kind = f"{match.namespace}:{match.url_name}:{whose_year(match.kwargs)}"
    # Of a list as a file, one is like the other, whatever the filter.
    if str(match.url_name).endswith("_export"):
        return kind
    asked = sorted({name for name, _ in parse_qsl(parts.query)})
    return "?".join([kind, *asked])


def whose_year(arguments):
    year = str(arguments.get("year", ""))
    if year in ("", RUNNING_YEAR):
        return year
    return ANOTHER_YEAR


def visits_of(kind):
    """How many pages of a kind are opened, and how many of its buttons are pressed."""
    if kind is None:
        return VISITS
    if ANOTHER_YEAR in kind:
        return VISITS_OF_ANOTHER_YEAR
    return VISITS


@dataclass(frozen=True)
class VisitedPage:
    """Where a page leads; a file and a page that refuses lead nowhere."""

    links: list = field(default_factory=list)
    """(target, the page's own address)."""
    posts: list = field(default_factory=list)
    """(address as the page writes it, what the form sends by itself)."""


def visit(client, done, address, origin):
    """Open one address, and note in `done` what came."""
    kind = kind_of(address)
    if kind is None:
        done.wrong.append((origin, address, "no such page"))
        return VisitedPage()
    done.opened[kind] += 1
    assert done.opened.total() <= MOST, f"more than {MOST} pages, the last from {origin}"
    response = client.get(address)
    if response.status_code in (301, 302):
        return VisitedPage(links=[(urljoin(address, response.url), address)])
    if response.status_code != 200:
        done.wrong.append((origin, address, response.status_code))
        return VisitedPage()
    is_page = response.headers["Content-Type"].startswith("text/html")
    if not is_page:
        return VisitedPage()
    done.pages[address] = response.content.decode()
    reader = PageReader()
    reader.feed(done.pages[address])
    for form in reader.nobodys:
        done.wrong.append((address, form, "a text in it is lost where the session ends: no writer"))
    links = []
    for link in reader.links:
        target = urljoin(address, unescape(link)).partition("#")[0]
        links.append((target, address))
    return VisitedPage(links, reader.posts)


def walk(client, start="/"):
    """Open a few pages of each kind that can be reached from `start`, and press their buttons.

    The back office is opened, but its links are not followed: `walk_all` reads it.
    """
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
        visits = visits_of(kind)
        if kind is not None and "?" in kind:
            visits = FILTERED_VISITS
        if kind is not None and done.opened[kind] >= visits:
            continue
        page = visit(client, done, address, origin)
        if parts.path.startswith(BACK_OFFICE):
            continue
        waiting += page.links
        for action, data in page.posts:
            press(client, done, urljoin(address, unescape(action) or address), data, address)
    return done


def walk_all(client, start):
    """Open every page below `start`, without pressing anything.

    A page with a query (a filter, an order, a page of a list) is opened, but only plain addresses
    are followed from it: else filters of filters would never end.
    """
    done = Walk()
    waiting = [(start, "(start)")]
    seen = {start}
    while waiting:
        address, origin = waiting.pop(0)
        has_query = bool(urlsplit(address).query)
        for target, came_from in visit(client, done, address, origin).links:
            parts = urlsplit(target)
            is_below = not parts.netloc and parts.path.startswith(start)
            if not is_below or target in seen or (has_query and parts.query):
                continue
            seen.add(target)
            waiting.append((target, came_from))
    return done


def press(client, done, address, data, origin):
    """Post what the form has hidden; whatever that does is taken back."""
    parts = urlsplit(address)
    page = kind_of(address)
    kind = f"POST {page}"
    if parts.path.startswith(NOT_FOLLOWED) or done.opened[kind] >= visits_of(page):
        return
    done.opened[kind] += 1
    with transaction.atomic():
        response = client.post(address, data)
        transaction.set_rollback(True)
    if response.status_code not in (200, 204, 302):
        done.wrong.append((origin, f"POST {address}", response.status_code))
