"""Departments and deadlines listed in one cell, and the numbers of strategies."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from items.characters import without_unseen_in_names
from items.exchange.columns import EVERY_DEPARTMENT
from items.exchange.spreadsheets.text import key

_SEPARATING = r"、､﹑，,／/；;\n"
_SEPARATORS = re.compile(f"[{_SEPARATING}]+")
# The surest first: a line is one deadline, while a space may as well stand within one.
_DEADLINE_SEPARATORS = (
    re.compile(r"\n+"),
    re.compile(r"[、､﹑，,；;\n]+"),
    re.compile(r"\s+"),
)
_BEFORE_A_YEAR = re.compile(r"(?<=\S)(?=(?:民國)?\d{3}年)")
_FIGURES = "0123456789"
_CHINESE = "〇一二三四五六七八九"
_FORMAL = str.maketrans("壹貳參肆伍陸柒捌玖拾", "一二三四五六七八九十")
_STRATEGY = re.compile(
    r"\s*(?:(?:實施)?策略)?第?[(（]?\s*"
    r"(?P<number>[0-9０-９]{1,3}|[一二三四五六七八九十壹貳參肆伍陸柒捌玖拾]{1,3})\s*"
    r"(?:[)）](?:[、.．]\s*)?|[.．、:：](?![0-9０-９]))\s*(?P<title>.+)",
    re.DOTALL,
)
# One character that holds the whole number: ① ⑴ ⒈ ㈠ ㊀.
_ENCLOSED = re.compile(
    r"\s*(?:(?:實施)?策略)?\s*(?P<number>[①-⑳⑴-⒇⒈-⒛㈠-㈩㊀-㊉])\s*[、.．:：]?\s*(?P<title>.+)",
    re.DOTALL,
)


class StrategyParts(NamedTuple):
    """A strategy's number and title; `number` is None where none is written."""

    number: int | None
    title: str


def names_that_split(names: Iterable[str]) -> tuple[str, ...]:
    """The names that would be taken apart in a cell, such as 人事、政風室 or Port Office.

    Offices gave such names before they were forbidden. The longest come first: one of them may
    begin with another.
    """
    splitting = [name for name in names if split_names(name) != (name,)]
    return tuple(sorted(splitting, key=len, reverse=True))


# A plan of 10,000 rows names the same few departments again and again.
@lru_cache(maxsize=4096)
def split_names(text: str, whole_names: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The departments in a cell, in order.

    A name spaced out over the cell (業　務　處) is put together. `whole_names` are looked for first,
    and are not split.
    """
    text = without_unseen_in_names(text)
    names: list[str] = []
    end_of_last = 0
    if whole_names:
        for match in _pattern_of(whole_names).finditer(text):
            names += _split(text[end_of_last : match.start()])
            names.append(_as_known(match.group(), whole_names))
            end_of_last = match.end()
    names += _split(text[end_of_last:])
    return tuple(_plain_every(name) for name in names)


@lru_cache(maxsize=16)
def _pattern_of(whole_names: tuple[str, ...]) -> re.Pattern[str]:
    """One of the names, with nothing but separators around it; any white space is as good."""
    patterns = []
    for name in whole_names:
        words = [re.escape(word) for word in name.split()]
        patterns.append(r"\s+".join(words))
    # "Not behind anything else than a separator": at the beginning of a text this holds as well.
    before = rf"(?<![^{_SEPARATING}\s])"
    behind = rf"(?![^{_SEPARATING}\s])"
    any_name = "|".join(patterns)
    return re.compile(f"{before}(?:{any_name}){behind}")


def _as_known(written: str, whole_names: tuple[str, ...]) -> str:
    """The name as the department bears it."""
    for name in whole_names:
        if name.split() == written.split():
            return name
    return written


def _split(text: str) -> list[str]:
    """The names in a text without `whole_names`."""
    names: list[str] = []
    for part in _SEPARATORS.split(text):
        # Forms are often filled so that every name takes the width of the column.
        words = part.split()
        is_spaced_out = bool(words) and all(len(word) == 1 for word in words)
        if is_spaced_out:
            names.append("".join(words))
        else:
            names += words
    return names


def _plain_every(name: str) -> str:
    """各單位 however it is typed; other names stay as written."""
    # Folding is slow, and nearly every name in a file has no 各.
    if "各" in name and key(name) == EVERY_DEPARTMENT:
        return EVERY_DEPARTMENT
    return name


def deadline_pieces(text: str) -> Iterator[list[str]]:
    """The ways of cutting a cell into several deadlines, the surest first; two pieces at least."""
    for separator in _DEADLINE_SEPARATORS:
        pieces = [piece.strip() for piece in separator.split(text) if piece.strip()]
        if len(pieces) > 1:
            yield pieces
    # 115年6月115年9月: nothing stands between two deadlines but the second one's year.
    pieces = _BEFORE_A_YEAR.split("".join(text.split()))
    if len(pieces) > 1:
        yield pieces


def split_strategy(text: str) -> StrategyParts:
    """Number and title of 「1. 完備…」, 「一、…」, 「（一）…」 or 「①…」."""
    enclosed = _ENCLOSED.fullmatch(text)
    if enclosed:
        number = int(unicodedata.numeric(enclosed["number"]))
        return StrategyParts(number, enclosed["title"].strip())
    match = _STRATEGY.fullmatch(text)
    if match:
        number = _number(unicodedata.normalize("NFKC", match["number"]).translate(_FORMAL))
        if number:
            return StrategyParts(number, match["title"].strip())
    return StrategyParts(None, text)


def _number(figures: str) -> int:
    """The number that figures or Chinese numerals up to 九十九 write; 0 if they write none."""
    if figures[0] in _FIGURES:
        return int(figures)
    tens, ten, ones = figures.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    number_of_ones = 0
    if ones:
        number_of_ones = _CHINESE.index(ones)
    if not ten:
        return number_of_ones
    # 十二 has no figure before its 十, and means one ten.
    number_of_tens = 1
    if tens:
        number_of_tens = _CHINESE.index(tens)
    return 10 * number_of_tens + number_of_ones
