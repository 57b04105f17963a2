"""Text as people and office programs leave it: cleaning, comparing, and the guard of csv cells."""

import re
from typing import NamedTuple

from items.characters import (
    fold_width_and_case,
    with_plain_newlines,
    without_unseen,
    without_unwanted,
)

_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


class CleanText(NamedTuple):
    """A cleaned text, and whether anything invisible was taken out of it."""

    text: str
    was_cleaned: bool


def clean(text: str) -> CleanText:
    """The text trimmed, with plain newlines and without what nobody can see."""
    # Nearly every cell is of this kind: only characters that show, and the plain space between them.
    if text.isprintable():
        return CleanText(text.strip(), was_cleaned=False)
    plain = with_plain_newlines(text)
    kept = without_unwanted(plain)
    return CleanText(kept.strip(), was_cleaned=kept != plain)


def key(text: str) -> str:
    """For comparing headings and names, never for showing.

    Width and case are folded; white space and what is invisible are gone.
    """
    return without_unseen(fold_width_and_case(text))


def plain_number(text: str, longest: int) -> int | None:
    """The number that a text of figures means; none for any other text, and for a longer one."""
    # `isdigit` alone would take ² as well, of which `int` makes nothing.
    if text.isascii() and text.isdigit() and len(text) <= longest:
        return int(text)
    return None


def join_cut(first: str, rest: str) -> str:
    """Two halves of a cell that the page cut, joined.

    A space comes only where two Latin words or numbers would run together.
    """
    if first and rest and _is_latin(first[-1]) and _is_latin(rest[0]):
        return f"{first} {rest}"
    return first + rest


def guard(text: str) -> str:
    """A csv cell that no spreadsheet takes for a formula; `unguard` gives back what went in.

    Excel and LibreOffice run what begins with =, +, - or @ when they open the file. Apostrophes
    that stand there already get one more, so that exactly one can be taken off again.
    """
    if _DANGEROUS.match(text):
        return f"'{text}"
    return text


def unguard(text: str) -> str:
    """Take off the one apostrophe that `guard` put on."""
    if _GUARDED.match(text):
        return text[1:]
    return text


def shorten(text: str, length: int = 20) -> str:
    """For quoting a cell in a message."""
    one_line = " ".join(text.split())
    if len(one_line) <= length:
        return one_line
    return one_line[:length] + "…"


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
