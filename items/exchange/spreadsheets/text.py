"""Text as people and office programs leave it: cleaning, keys for comparing, and the guard of csv cells."""

import re
import unicodedata

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, lone surrogates and non-characters, zero-width marks and the marks that turn the direction.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_INVISIBLE = re.compile(
    r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f-\x9f]+"
)
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def clean(text):
    """The text trimmed, with plain newlines and without what nobody can see; and whether such was taken out."""
    text = _NEWLINES.sub("\n", text)
    kept = _UNWANTED.sub("", text)
    return kept.strip(), kept != text


def key(text):
    """For comparing headings and names, never for showing: width and case folded, no white space, nothing invisible."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def join_cut(first, rest):
    """Two halves of a cell that the page cut: a space only where two Latin words or numbers would run together."""
    if first and rest and _is_latin(first[-1]) and _is_latin(rest[0]):
        return f"{first} {rest}"
    return first + rest


def guard(text):
    """A csv cell that no spreadsheet takes for a formula; `unguard` gives back exactly what went in."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguard(text):
    """Take off the one apostrophe that `guard` put on."""
    return text[1:] if _GUARDED.match(text) else text


def shorten(text, length=20):
    """For quoting a cell in a message."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length] + "…"


def _is_latin(character):
    return character.isascii() and character.isalnum()
