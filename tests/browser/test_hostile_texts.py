"""Texts with markup, formulas and turned lines stand in the whole demonstration: nothing of them runs."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

from playwright.sync_api import Error as PlaywrightError

from items.models import Membership, User
from tests.browser.signing_in import enter
from tests.hostile import MARK, fill_every_text
from tests.items.walking import kind_of
from tests.live_parts import live_in_answer

LISTEN = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
RAN = "[window.hostile, ...window.violations].filter(Boolean)"
LINKS = """() => [...document.querySelectorAll('a[href]')].map(
  link => new URL(link.getAttribute('href'), location.href).href)"""


def people():
    """One of each role, those of departments first: they have the most pages of their own."""
    reporter = Membership.objects.filter(role="reporter", user__is_active=True).first().user
    head = Membership.objects.filter(role="head", user__is_active=True).first().user
    yield reporter
    yield head
    for role in ("coordinator", "manager", "auditor", "admin"):
        yield User.objects.filter(role=role, is_active=True).first()


class Shapes(HTMLParser):
    """The kinds of elements of a page: whatever its texts, a browser and our scripts do the same with them."""

    def __init__(self):
        super().__init__()
        self.kinds = set()
        self.links = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.kinds.add((tag, values.get("class"), *sorted(values)))
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])


class Crawl:
    """One page of each kind for each role, in the browser where it has an element of a new kind.

    Files are fetched beside it and opened.
    """

    def __init__(self, page, base_url):
        self.page = page
        self.base_url = base_url
        self.opened = set()
        self.shapes = set()
        self.read = set()
        self.wrong = []
        self.asked = []
        page.on("request", self.note_request)

    def note_request(self, request):
        if not request.url.startswith((self.base_url, "data:", "blob:")):
            self.asked.append(request.url)

    def walk_from_home(self):
        """The kinds of pages that somebody gets to from their first one, and has visited."""
        visited = set()
        waiting = self.open_page("/")
        while waiting:
            address = waiting.pop(0)
            is_ours = address.startswith((self.base_url, "/"))
            kind = template_of(address)
            if not is_ours or kind is None or kind in visited:
                continue
            visited.add(kind)
            if kind in self.opened:
                waiting += self.visit_again(address)
            else:
                self.opened.add(kind)
                waiting += self.open_page(address)
        return visited

    def visit_again(self, address):
        """What this role sees of a page that another one has opened."""
        answer = self.page.context.request.get(address)
        self.look(answer, address)
        if not answer.headers["content-type"].startswith("text/html"):
            return []
        shapes = Shapes()
        shapes.feed(answer.text())
        if not shapes.kinds <= self.shapes:
            return self.open_page(address)
        return [urljoin(answer.url, link).partition("#")[0] for link in shapes.links]

    def open_page(self, address):
        """The addresses that the page leads to; a file leads nowhere."""
        try:
            answer = self.page.goto(address)
        except PlaywrightError as error:
            if "Download is starting" not in error.message:
                raise
            return self.open_file(address)
        self.look(answer, address)
        shapes = Shapes()
        shapes.feed(answer.text())
        self.shapes |= shapes.kinds
        for fault in self.page.evaluate(RAN):
            self.wrong.append((address, fault))
        return [link.partition("#")[0] for link in self.page.evaluate(LINKS)]

    def open_file(self, address):
        self.look(self.page.context.request.get(address), address)
        return []

    def look(self, answer, address):
        if answer.status >= 500:
            self.wrong.append((address, answer.status))
        content = answer.body()
        self.read |= set(MARK.findall(content.decode(errors="ignore")))
        headers = {name.title(): value for name, value in answer.headers.items()}
        for fault in live_in_answer(headers, content):
            self.wrong.append((address, fault))


def template_of(address):
    """The page's kind; of the back office that of one model stands for those of all models."""
    kind = kind_of(address)
    if kind is None or "logout" in kind:
        return None
    name, _, _ = kind.partition("?")
    if name.startswith("admin:"):
        return re.sub(r"items_[a-z]+_", "", name)
    return name


def test_no_text_runs_asks_elsewhere_or_breaks_a_page(page, complaints, demonstration, base_url):
    chosen = list(people())
    marks = fill_every_text()
    page.add_init_script(LISTEN)
    crawl = Crawl(page, base_url)
    for person in chosen:
        page.context.clear_cookies()
        enter(page, person, demonstration)
        visited = crawl.walk_from_home()
        assert len(visited) > 20, f"{person} gets nowhere"
    assert len(crawl.opened) > 70, "links that lead to most of the pages were lost"
    # What the first page of each kind shows; all of them are asked for in tests/items/test_hostile_texts.py.
    assert len(crawl.read & set(marks)) > 40
    assert crawl.wrong == []
    assert crawl.asked == []
    assert complaints == []
