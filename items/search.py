"""Search words as patterns that match a text however it was typed.

Either width, 臺 or 台, upper or lower case.
"""

import re
from collections.abc import Iterable

from django.db.models import Q

from items.characters import SAME_CHARACTER, fold_same_characters, fold_width_and_case


def fold(text: str) -> str:
    """One spelling for what people take for the same word; for comparing only."""
    return fold_same_characters(fold_width_and_case(text))


def _spellings() -> dict[str, list[str]]:
    """By folded character, every character that folds to it, of those that a keyboard types."""
    half_width = range(0x20, 0x7F)
    full_width = range(0xFF01, 0xFF5F)
    typed = [chr(code) for code in (*half_width, *full_width)]
    typed += [*SAME_CHARACTER.keys(), *SAME_CHARACTER.values()]
    spellings: dict[str, list[str]] = {}
    for character in typed:
        spellings.setdefault(fold(character), []).append(character)
    return spellings


SPELLINGS = _spellings()


def pattern(word: str) -> str:
    """A regular expression that both SQLite (Python's `re`) and PostgreSQL read alike."""
    return "".join(_ways(character) for character in word)


def _ways(character: str) -> str:
    """Every way in which a typed character may stand in a text."""
    folded_pattern = ""
    for folded_character in fold(character):
        spellings = SPELLINGS.get(folded_character, [folded_character])
        escaped = [re.escape(spelling) for spelling in spellings]
        folded_pattern += "(?:" + "|".join(escaped) + ")"
    if re.fullmatch(folded_pattern, character):
        return folded_pattern
    # ① folds to 1, and still has to be matched where the text says ①.
    return f"(?:{re.escape(character)}|{folded_pattern})"


def patterns(text: str) -> list[str]:
    """One pattern for each typed word; any space keeps words apart, the full-width one too."""
    return [pattern(word) for word in text.split()]


def in_any(fields: Iterable[str], word_pattern: str) -> Q:
    """A `Q`: one of the fields holds the word."""
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__regex": word_pattern})
    return condition
