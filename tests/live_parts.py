"""What is alive in an answer that should show texts as texts: elements, events, formulas."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from html.parser import HTMLParser
from xml.etree import ElementTree

from tests.hostile import EVALUATED

LEADS = ("href", "src", "action", "formaction", "hx-get", "hx-post", "poster", "data", "srcset")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]\d+(\.\d+)?%?")
LINE_OF_CALENDAR = re.compile(r"[A-Z-]+[;:]")


class LiveReader(HTMLParser):
    """Everything of a page that a text has become instead of standing there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.is_json = False
        self.data: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if "hostile" in tag:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith(("on", "hx-on", "style")) or not re.fullmatch(r"[\w:.-]+", name):
                self.faults.append(f"<{tag} {name}>")
            if name in LEADS:
                self._look_at_address(tag, (value or "").strip())
        if tag == "script":
            self._begin_script(attributes)

    def _look_at_address(self, tag: str, address: str) -> None:
        scheme = re.match(r"[\w+.-]*:", address)
        is_known = scheme is None or scheme[0] in ("http:", "https:", "mailto:", "webcal:")
        if not is_known or address.startswith(("//", "hostile")):
            self.faults.append(f"<{tag}> leads to {address[:60]}")
        if tag in ("script", "img", "link", "iframe", "object", "embed") and scheme:
            self.faults.append(f"<{tag}> fetches {address[:60]}")

    def _begin_script(self, attributes: dict[str, str | None]) -> None:
        self.is_json = attributes.get("type") == "application/json"
        if not self.is_json and "src" not in attributes:
            self.faults.append("<script> without an address")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.is_json:
            json.loads("".join(self.data))
            self.is_json = False
            self.data = []

    def handle_comment(self, data: str) -> None:
        if "hostile" in data:
            self.faults.append("a comment")

    def handle_data(self, data: str) -> None:
        if self.is_json:
            self.data.append(data)
        if EVALUATED in data:
            self.faults.append("a template that was read")


def live_in_page(text: str) -> list[str]:
    reader = LiveReader()
    reader.feed(text)
    reader.close()
    return reader.faults


def live_in_answer(headers: Mapping[str, str], content: bytes) -> list[str]:
    """What a text has become in a page or a file, other than a text."""
    if headers["Content-Type"].startswith("text/html"):
        return live_in_page(content.decode())
    name = headers.get("Content-Disposition", "").rstrip('"')
    return _live_in_file(name.rpartition(".")[2], content)


def _live_in_file(ending: str, content: bytes) -> list[str]:
    """The formulas, macros and ways out of a file."""
    if ending == "csv":
        return _live_in_csv(content.decode("utf-8-sig"))
    if ending == "ics":
        lines = re.sub(r"\r\n[ \t]", "", content.decode()).split("\r\n")
        return [line for line in lines if line and not LINE_OF_CALENDAR.match(line)]
    if ending in ("xlsx", "ods", "odt", "docx"):
        return _live_in_office_file(content)
    if ending == "zip":
        return _live_in_zip(content)
    if ending == "pdf":
        return re.findall(r"/(?:JavaScript|JS|Launch)\b", content.decode("latin-1"))
    return []


def _live_in_csv(text: str) -> list[str]:
    live = []
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            is_number = NUMBER.fullmatch(cell) is not None
            if cell.lstrip(" \u200b\ufeff\u202e\u2066\u3000").startswith(FORMULA) and not is_number:
                live.append(f"cell {cell[:40]!r}")
    return live


def _live_in_office_file(content: bytes) -> list[str]:
    """A part with a formula, a field that computes, a macro, or an address that is fetched."""
    live = []
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for part in packed.namelist():
            # Some that every program writes are empty, and nothing can stand in them.
            text = packed.read(part).decode() if part.endswith((".xml", ".rels")) else ""
            if text:
                ElementTree.fromstring(text.encode())  # the texts have broken nothing
                found = re.findall(
                    r"<f[ >/]|table:formula|text:formula|w:fldSimple|w:instrText|TargetMode", text
                )
                live += [f"{part}: {piece}" for piece in found]
            if re.search(r"vba|macro|script", part, re.IGNORECASE):
                live.append(part)
    return live


def _live_in_zip(content: bytes) -> list[str]:
    live = []
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if name.startswith("/") or ".." in name.split("/") or "\\" in name:
                live.append(f"way out {name}")
            live += _live_in_file(name.rpartition(".")[2], packed.read(name))
    return live
