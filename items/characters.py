"""Characters that nobody sees, and those that people take for the same: said once, for all rooms.

What is invisible comes with text that is pasted from Word, web pages and messengers. How much of it
is passed over differs on purpose: each function says how much, and why.
"""

import re
import unicodedata

# Parts of character classes. Zero-width space, direction marks, word joiner and byte order mark:
_MARKS = "\u200b\u200e\u200f\u2060\ufeff"
# Zero-width joiners shape emoji and some scripts, so that a text without them looks different.
_JOINERS = "\u200c\u200d"
# The soft hyphen, which shows only at a line's end, and the invisible operators of formulas.
_SOFT = "\u00ad\u2061-\u2064"
# What turns the direction of writing: a text with such can be shown as another one.
_DIRECTIONS = "\u202a-\u202e\u2066-\u2069"
# Without tab and newlines.
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
# Halves of surrogate pairs and code points that Unicode gives no character.
_NO_CHARACTERS = "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_RARE = "\u180e\u2065"

_UNWANTED = re.compile(f"[{_CONTROLS}{_NO_CHARACTERS}{_SOFT}{_MARKS}{_DIRECTIONS}]")
_UNSEEN = re.compile(rf"[\s{_CONTROLS}{_SOFT}{_MARKS}{_JOINERS}{_DIRECTIONS}{_RARE}]+")
_UNSEEN_IN_NAMES = re.compile(f"[{_SOFT}{_MARKS}{_JOINERS}]+")
_UNSEEN_IN_DATES = re.compile(rf"[\s{_MARKS}{_JOINERS}]+")

SAME_CHARACTER = {"臺": "台"}
"""Characters that people write for each other, and the one that stands for both."""

LONGEST_NAME_SHOWN = 60
"""How much of a file's name a sentence quotes."""

_WIDE_PUNCTUATION = {"，": ",", "（": "(", "）": ")", "：": ":", "；": ";"}
"""The commonest characters that NFKC changes, and what it makes of them."""


# Line breaks of old Macs, of Word and PowerPoint (vertical tab, form feed) and of Unicode.
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def with_plain_newlines(text: str) -> str:
    """Every kind of line break as one: others are boxes on a page, or nothing in a spreadsheet."""
    return _NEWLINES.sub("\n", text)


def without_unwanted(text: str) -> str:
    """For text that is kept: all that shows stays, joiners too; NUL cannot even be stored."""
    return _UNWANTED.sub("", text)


def without_unseen(text: str) -> str:
    """For text that is only compared: no white space either, and nothing that could hide."""
    return _UNSEEN.sub("", text)


def without_unseen_in_names(text: str) -> str:
    """For a list of names, which spaces and newlines keep apart."""
    return _UNSEEN_IN_NAMES.sub("", text)


def without_unseen_in_dates(text: str) -> str:
    """For a date, in which spaces mean nothing; a direction that turns might hide another date."""
    return _UNSEEN_IN_DATES.sub("", text)


def fold_width_and_case(text: str) -> str:
    """One spelling for full and half width, upper and lower case; for comparing only."""
    if not unicodedata.is_normalized("NFKC", text):
        # Nearly every Chinese sentence has such a comma, and nothing else to change. Without these
        # characters `normalize` is done at its first look: 2 µs for a title instead of 12, which is
        # a fifth of the time in which an import is read and compared.
        for wide, plain in _WIDE_PUNCTUATION.items():
            text = text.replace(wide, plain)
        # Line by line, since nothing is joined across a line's end: one ㎡ in a long text does not
        # make all of it be written anew.
        lines = [unicodedata.normalize("NFKC", line) for line in text.split("\n")]
        text = "\n".join(lines)
    return text.casefold()


def fold_name(text: str) -> str:
    """One spelling for names that people take for the same: width, case, spaces, 臺 and 台."""
    return fold_same_characters(without_unseen(fold_width_and_case(text)))


def fold_same_characters(text: str) -> str:
    """One spelling for 臺 and 台; for comparing only."""
    # A handful of replacements is ten times as fast as `str.translate`.
    for written, stands_for_both in SAME_CHARACTER.items():
        text = text.replace(written, stands_for_both)
    return text


def shown_name(name: str) -> str:
    """The name of a file as a sentence may quote it: printable, and not endless."""
    printable = ""
    for character in name:
        if character.isprintable():
            printable += character
    if len(printable) <= LONGEST_NAME_SHOWN:
        return printable
    return f"{printable[:LONGEST_NAME_SHOWN]}…"
