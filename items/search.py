"""Search words as patterns that find a text however it was typed: either width, 臺 or 台, upper or lower case."""

import re
import unicodedata

from django.db.models import Q

FOLDED = {"臺": "台"}


def fold(text):
    """One spelling for what people take for the same word; for comparing only, never for what is stored or shown."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(FOLDED.get(character, character) for character in folded)


def _spellings():
    """{folded character: every character that folds to it} for what a keyboard types in two widths, and for 臺."""
    found = {}
    typed = [
        *range(0x20, 0x7F),
        *range(0xFF01, 0xFF5F),
        *map(ord, FOLDED),
        *map(ord, FOLDED.values()),
    ]
    for character in map(chr, typed):
        found.setdefault(fold(character), []).append(character)
    return found


SPELLINGS = _spellings()


def pattern(word):
    """A regular expression that both SQLite (Python's `re`) and PostgreSQL read alike."""
    return "".join(map(_ways, word))


def _ways(character):
    """Every way in which a typed character may stand in a text: ① folds to 1, and is still found where it says ①."""
    folded = "".join(
        "(?:" + "|".join(re.escape(spelling) for spelling in SPELLINGS.get(one, [one])) + ")"
        for one in fold(character)
    )
    return folded if re.fullmatch(folded, character) else f"(?:{re.escape(character)}|{folded})"


def patterns(text):
    """One pattern for each word of what was typed; words stand apart by any space, the full-width one too."""
    return [pattern(word) for word in text.split()]


def in_any(fields, word_pattern):
    """A `Q`: one of the fields holds the word."""
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__regex": word_pattern})
    return found
