"""A walk through all pages that links lead to, as a person with patience would make it."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

LINK = re.compile(r"<a\b[^>]*?\shref=\"(?P<address>[^\"]*)\"", re.S)
MARKUP = re.compile(r"<(script|style)\b[\s\S]*?</\1>|<[^>]+>")


@dataclass(frozen=True)
class Visit:
    """A page or file that a link led to, and the page where the link stood."""

    address: str
    came_from: str
    status: int
    text: str

    @property
    def words(self):
        """What stands on the page, without markup."""
        return re.sub(r"\s+", " ", unescape(MARKUP.sub(" ", self.text)))


def crawl(client, *starts, under="/", leave_out=(), most=600):
    """Every answer that can be reached from `starts` by links to addresses `under` a prefix.

    A page with a query (a filter, an order, a page of a list) is looked at, but only plain
    addresses are followed from it: else filters of filters would never end.
    """
    waiting = [(start, "") for start in starts]
    seen = set(starts)
    visits = []
    while waiting:
        address, came_from = waiting.pop(0)
        response = client.get(address)
        hops = 0
        while response.status_code in (301, 302) and hops < 5:
            response = client.get(urljoin(address, response.url))
            hops += 1
        visit = Visit(address, came_from, response.status_code, text_of(response))
        visits.append(visit)
        assert len(visits) <= most, f"more than {most} pages, the last from {came_from}"
        has_query = bool(urlsplit(address).query)
        for found in LINK.finditer(visit.text):
            target = urljoin(address, unescape(found["address"])).partition("#")[0]
            parts = urlsplit(target)
            is_ours = not parts.netloc and parts.path.startswith(under)
            if not is_ours or target in seen or parts.path.startswith(("/static/", *leave_out)):
                continue
            if has_query and parts.query:
                continue
            seen.add(target)
            waiting.append((target, address))
    return visits


def text_of(response):
    """The text of a page; a file has none that could be read here."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if response.streaming or not is_page:
        return ""
    return response.content.decode()
