"""Departments and deadlines listed in one cell, and the numbers of strategies."""

import re
import unicodedata

from items.exchange.spreadsheets.text import key
from items.models import EVERY_DEPARTMENT

_SEPARATORS = re.compile(r"[、､﹑，,／/；;\n]+")
_DEADLINE_SEPARATORS = (re.compile(r"\n+"), re.compile(r"[、､﹑，,；;\n]+"), re.compile(r"\s+"))
_BEFORE_A_YEAR = re.compile(r"(?<=\S)(?=(?:民國)?\d{3}年)")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+")
_FIGURES = "0123456789"
_CHINESE = "〇一二三四五六七八九"
_FORMAL = str.maketrans("壹貳參肆伍陸柒捌玖拾", "一二三四五六七八九十")
_STRATEGY = re.compile(
    r"\s*(?:(?:實施)?策略)?第?[(（]?\s*(?P<number>[0-9０-９]{1,3}|[一二三四五六七八九十壹貳參肆伍陸柒捌玖拾]{1,3})\s*"
    r"(?:[)）](?:[、.．]\s*)?|[.．、:：](?![0-9０-９]))\s*(?P<title>.+)",
    re.DOTALL,
)
# One character that holds the whole number: ① ⑴ ⒈ ㈠ ㊀.
_ENCLOSED = re.compile(
    r"\s*(?:(?:實施)?策略)?\s*(?P<number>[①-⑳⑴-⒇⒈-⒛㈠-㈩㊀-㊉])\s*[、.．:：]?\s*(?P<title>.+)",
    re.DOTALL,
)


def split_names(text):
    """The departments in a cell, in order; a name spaced out over the cell (業　務　處) is put together."""
    names = []
    for part in _SEPARATORS.split(_INVISIBLE.sub("", text)):
        words = part.split()
        names += ["".join(words)] if words and all(len(word) == 1 for word in words) else words
    return [
        EVERY_DEPARTMENT if "各" in name and key(name) == EVERY_DEPARTMENT else name
        for name in names
    ]


def deadline_pieces(text):
    """The ways of cutting a cell into several deadlines, the surest first; each has at least two pieces."""
    for separator in _DEADLINE_SEPARATORS:
        pieces = [piece.strip() for piece in separator.split(text) if piece.strip()]
        if len(pieces) > 1:
            yield pieces
    pieces = _BEFORE_A_YEAR.split("".join(text.split()))
    if len(pieces) > 1:
        yield pieces


def split_strategy(text):
    """(number or None, title) of 「1. 完備…」, 「一、…」, 「（一）…」 or 「①…」."""
    if match := _ENCLOSED.fullmatch(text):
        return int(unicodedata.numeric(match["number"])), match["title"].strip()
    match = _STRATEGY.fullmatch(text)
    if not match:
        return None, text
    number = _number(unicodedata.normalize("NFKC", match["number"]).translate(_FORMAL))
    return (number, match["title"].strip()) if number else (None, text)


def _number(figures):
    if figures[0] in _FIGURES:
        return int(figures)
    tens, ten, ones = figures.rpartition("十")
    if not ten:
        return _CHINESE.index(ones) if len(ones) == 1 else 0
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    return 10 * (_CHINESE.index(tens) if tens else 1) + (_CHINESE.index(ones) if ones else 0)
