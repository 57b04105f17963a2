"""What changed between two texts, as plain data: the template marks it."""

import re
import time
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from diff_match_patch import diff_match_patch

SAME, INSERTED, DELETED = "same", "ins", "del"
"""What became of a piece of text; the latter two are the names of HTML's elements for it."""

KINDS = {-1: DELETED, 0: SAME, 1: INSERTED}
"""The same as diff-match-patch counts them."""

NUMBER = re.compile(r"\d{2,}")
LAST_PLANES = re.compile("[\U000f0000-\U0010ffff]")
"""Characters that no text has: Unicode gives them to nobody."""
FIRST_SIGN, MOST_SIGNS = 0xF0000, 0x10000
CLAUSE = re.compile(r"[^，。；：！？\n]*[，。；：！？\n]|[^，。；：！？\n]+")
LONGEST_SEARCH = 0.2
SHORTEST_SEARCH = 0.001
"""In seconds: 0 would tell diff-match-patch to take all the time it wants."""


class Piece(NamedTuple):
    """A piece of text and what became of it: SAME, INSERTED or DELETED."""

    kind: str
    text: str


def marked(old: str, new: str, seconds: float = LONGEST_SEARCH) -> list[Piece]:
    """The pieces of both texts: without the deleted ones `new`, without the inserted ones `old`.

    Where no common part is found in that time, as between two texts of 1,000 characters that have
    little in common, the one is taken out whole and the other put in. A number is one sign: 12月
    does not become 11月 by its last figure.
    """
    engine = diff_match_patch()
    engine.Diff_Timeout = seconds
    signs: dict[str, str] = {}
    # A text that has such characters itself is compared as it is: its numbers may be cut.
    if not LAST_PLANES.search(old + new):
        old = _with_signs(old, signs)
        new = _with_signs(new, signs)
    differences = engine.diff_main(old, new)
    # Otherwise single characters that both texts happen to have would be left standing between marks.
    engine.diff_cleanupSemantic(differences)
    number_of_sign = {ord(sign): number for number, sign in signs.items()}
    return [Piece(KINDS[kind], text.translate(number_of_sign)) for kind, text in differences]


def _with_signs(text: str, signs: dict[str, str]) -> str:
    """The text with one character for each number; `signs` grows by the numbers new to it."""

    def sign_of(match: re.Match[str]) -> str:
        number = match.group()
        if number not in signs:
            if len(signs) == MOST_SIGNS:
                return number
            signs[number] = chr(FIRST_SIGN + len(signs))
        return signs[number]

    return NUMBER.sub(sign_of, text)


def apart(old: str, new: str) -> list[Piece]:
    """As `marked`, for short values such as days, which are shown whole.

    Nobody can read figures that were exchanged one by one. Of several values, as departments are,
    each on its line, the lines that stay are not said to be new.
    """
    if old and new and "\n" in old + new:
        return _lines_apart(old.split("\n"), new.split("\n"))
    pieces = []
    if old:
        pieces.append(Piece(DELETED, old))
    if old and new:
        pieces.append(Piece(SAME, " "))
    if new:
        pieces.append(Piece(INSERTED, new))
    return pieces


def _lines_apart(old: list[str], new: list[str]) -> list[Piece]:
    """Whole lines, each piece on lines of its own."""
    pieces = []
    # Autojunk takes lines that repeat in a long list for noise, and would miss what stays.
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        old_text = "\n".join(old[old_start:old_end])
        new_text = "\n".join(new[new_start:new_end])
        if operation == "equal":
            pieces.append(Piece(SAME, old_text))
            continue
        # By the numbers of lines: a line may be empty, and was taken out or put in all the same.
        if old_end > old_start:
            pieces.append(Piece(DELETED, old_text))
        if new_end > new_start:
            pieces.append(Piece(INSERTED, new_text))
    # A line break after each piece but the last, so that the pieces can be joined as they are.
    broken = [Piece(piece.kind, f"{piece.text}\n") for piece in pieces[:-1]]
    return broken + pieces[-1:]


class Marker:
    """`marked` for all the texts of one page, which together take `seconds` at most.

    A hundred rewritten cells would take a minute one by one.
    """

    def __init__(self, seconds: float = 2.0) -> None:
        self.seconds_left = seconds

    def __call__(self, old: str, new: str) -> list[Piece]:
        # No text may use up what the others of the page need.
        seconds = min(self.seconds_left, LONGEST_SEARCH)
        seconds = max(seconds, SHORTEST_SEARCH)
        started = time.monotonic()
        pieces = marked(old, new, seconds)
        self.seconds_left -= time.monotonic() - started
        return pieces


def new_clauses(old: str, new: str) -> list[Piece]:
    """The pieces of `new`, INSERTED for the clauses that `old` did not have.

    By clause, because two quarters' texts share stray characters and figures everywhere: marked one
    by one, nobody could read them. A look-up, not an alignment: two texts of repeated clauses would
    take minutes to align.
    """
    old_clauses = set(CLAUSE.findall(old))

    def kind_of(clause: str) -> str:
        if clause in old_clauses:
            return SAME
        return INSERTED

    pieces = []
    for kind, clauses in groupby(CLAUSE.findall(new), key=kind_of):
        pieces.append(Piece(kind, "".join(clauses)))
    return pieces


def has_common_words(pieces: list[Piece]) -> bool:
    """Whether any clause stands in both texts; punctuation alone is none."""
    kept_text = "".join(piece.text for piece in pieces if piece.kind == SAME)
    return any(character.isalnum() for character in kept_text)
