"""Search words as patterns that match a text however it was typed, or copied from a PDF.

Either width, 臺 or 台, upper or lower case, any dash, composed or decomposed letters; radicals and
compatibility characters, which many PDF files hold instead of the characters that they look like;
with or without a space between Latin and Chinese.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.db.models import Q

from items.characters import (
    SAME_CHARACTER,
    fold_same_characters,
    fold_width_and_case,
    without_unseen_in_names,
)

DASHES = "‐‑‒–—―−─﹘"
"""What Word, PDF files and keyboards write for a hyphen; NFKC folds only some of them."""

RADICALS = {
    "⺠": "民",
    "⻄": "西",
    "⻑": "長",
    "⻘": "青",
    "⻝": "食",
    "⻣": "骨",
    "⻩": "黄",
    "⻆": "角",
    "⻁": "虎",
    "⻲": "龜",
}
"""Radicals of the CJK supplement that PDF files hold for characters; NFKC leaves them alone."""

_ONE_FOR_ALL = str.maketrans(RADICALS | dict.fromkeys(DASHES, "-"))
_SOME_OF_ALL = re.compile("[" + re.escape("".join(map(chr, _ONE_FOR_ALL))) + "]")

VARIANTS = (
    range(0x20, 0x7F),
    # Superscript digits, as in m².
    (0xB2, 0xB3, 0xB9),
    # Kangxi radicals.
    range(0x2F00, 0x2FD6),
    # Compatibility ideographs, those of the supplementary plane too.
    range(0xF900, 0xFB00),
    range(0x2F800, 0x2FA1E),
    # Vertical and small forms of punctuation.
    range(0xFE30, 0xFE70),
    # Full width, and half-width kana with the two marks that stand behind them.
    range(0xFF01, 0xFFA0),
)
"""Code points that may stand in a text for a character that somebody types."""

SPACES = "[ \u00a0\u3000]*"
"""Between Latin and Chinese: offices write 「TPNet 系統」 and 「TPNet系統」 for the same."""

SPACES_FOLDED = re.compile(" +")
"""The same in a folded text, which has one kind of space."""

HALF_WIDTH_KANA = range(0xFF65, 0xFFA0)
_FULL_WIDTH_KANA = {code: unicodedata.normalize("NFKC", chr(code)) for code in HALF_WIDTH_KANA}

MARKS = {"\u0300", "\u0301", "\u0302", "\u0303", "\u0304", "\u0308", "\u3099", "\u309a"}
"""Accents and the marks of kana, which stand behind their letter in decomposed text."""


def fold(text: str) -> str:
    """One spelling for what people take for the same word; for comparing only."""
    # Few texts hold any: to look for one costs a fourteenth of `translate`, and an import of 10,000
    # rows folds 35,000 texts.
    if _SOME_OF_ALL.search(text):
        text = text.translate(_ONE_FOR_ALL)
    return fold_same_characters(fold_width_and_case(text))


def searchable(text: str) -> str:
    """A text, or a typed word, so that plain comparing finds the one in the other."""
    return SPACES_FOLDED.sub(_space_to_keep, fold(text))


_BETWEEN_TEXTS = "\x00"
"""No database takes it, no folding changes it, and nothing is joined across it."""


def all_searchable(texts: Sequence[str]) -> list[str]:
    """`searchable` of each text, as one long text: a call for each takes four times as long."""
    folded_texts = searchable(_BETWEEN_TEXTS.join(texts)).split(_BETWEEN_TEXTS)
    if len(folded_texts) == len(texts):
        return folded_texts
    # A text that no database takes, or no text at all.
    return [searchable(text) for text in texts]


def _space_to_keep(spaces: re.Match[str]) -> str:
    """Nothing between Latin and Chinese, where a space may stand or not."""
    text = spaces.string
    # Slices, since there may be nothing before the first space or behind the last.
    before = text[: spaces.start()][-1:]
    behind = text[spaces.end() :][:1]
    if behind and _changes_script(before, behind):
        return ""
    return spaces[0]


def _spellings() -> dict[str, list[str]]:
    """By folded character, every character that folds to it and that a text may hold."""
    variants = []
    for codes in VARIANTS:
        variants += [chr(code) for code in codes]
    variants += [*SAME_CHARACTER.keys(), *SAME_CHARACTER.values()]
    variants += [*RADICALS.keys(), *RADICALS.values(), *DASHES, *MARKS]
    spellings: dict[str, list[str]] = {}
    for character in variants:
        folded_character = fold(character)
        # First the character that all of them fold to: it stands in no list of variants.
        spellings_of_it = spellings.setdefault(folded_character, [])
        for spelling in (folded_character, character):
            if spelling not in spellings_of_it:
                spellings_of_it.append(spelling)
    return spellings


SPELLINGS = _spellings()


def pattern(word: str) -> str:
    """A regular expression that both SQLite (Python's `re`) and PostgreSQL read alike."""
    # Composed first: a typed e with an accent behind it is one letter, and so is ｶ with ﾞ.
    characters = unicodedata.normalize("NFC", word.translate(_FULL_WIDTH_KANA))
    whole = ""
    before = ""
    for character in characters:
        if _changes_script(before, character):
            whole += SPACES
        whole += _ways(character)
        before = character
    return whole


def _changes_script(before: str, character: str) -> bool:
    """Whether the two stand on either side of the border of Latin and Chinese."""
    if not before:
        return False
    if _is_latin(before):
        return _is_chinese(character)
    return _is_chinese(before) and _is_latin(character)


def _is_latin(character: str) -> bool:
    """Letters and digits that are written from ASCII ones, in either width."""
    folded = fold(character)
    return folded.isascii() and folded.isalnum()


def _is_chinese(character: str) -> bool:
    """Han characters and kana, not punctuation."""
    return not _is_latin(character) and unicodedata.category(character) == "Lo"


def _ways(character: str) -> str:
    """Every way in which a typed character may stand in a text."""
    folded_pattern = "".join(_ways_of_folded(folded) for folded in fold(character))
    if re.fullmatch(folded_pattern, character):
        return folded_pattern
    # ① folds to 1, and still has to be matched where the text says ①.
    return f"(?:{re.escape(character)}|{folded_pattern})"


def _ways_of_folded(folded_character: str) -> str:
    spellings = SPELLINGS.get(folded_character, [folded_character])
    ways = [re.escape(spelling) for spelling in spellings]
    # É has no variant among the spellings but the capital letter, which folding took away.
    capital = folded_character.upper()
    if len(capital) == 1 and capital not in spellings:
        ways.append(re.escape(capital))
    decomposed = unicodedata.normalize("NFD", folded_character)
    if len(decomposed) > 1:
        # As macOS names files, and as half-width kana are written: the mark behind the letter.
        ways.append("".join(_ways_of_folded(part) for part in decomposed))
    return "(?:" + "|".join(ways) + ")"


def words(text: str) -> list[str]:
    """The typed words; any space keeps them apart, the full-width one too."""
    # A word that is pasted brings marks along that nobody sees.
    return without_unseen_in_names(text).split()


def patterns(text: str) -> list[str]:
    """One pattern for each typed word."""
    return [pattern(word) for word in words(text)]


def in_any(fields: Iterable[str], word_pattern: str) -> Q:
    """A `Q`: one of the fields holds the word."""
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__regex": word_pattern})
    return condition


def in_some_field(fields: Iterable[str], text: str) -> Q:
    """A `Q`: each typed word stands in one of the fields."""
    field_names = list(fields)
    condition = Q()
    for word_pattern in patterns(text):
        condition &= in_any(field_names, word_pattern)
    return condition
