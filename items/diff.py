"""What changed between two texts, as plain data: the template marks it."""

import re
import time
from difflib import SequenceMatcher
from itertools import groupby

from diff_match_patch import diff_match_patch

KINDS = {-1: "del", 0: "same", 1: "ins"}
NUMBER = re.compile(r"\d{2,}")
LAST_PLANES = re.compile("[\U000f0000-\U0010ffff]")
"""Characters that no text has: they belong to nobody."""
FIRST_SIGN, MOST_SIGNS = 0xF0000, 0x10000
CLAUSE = re.compile(r"[^，。；：！？\n]*[，。；：！？\n]|[^，。；：！？\n]+")


def marked(old, new, seconds=0.2):
    """[(kind, text)] with kind "same", "ins" or "del"; joined without "del" it is `new`, without "ins" `old`.

    Where no common part is found in that time, as between two texts of 1,000 characters that have little in common,
    the one is taken out whole and the other put in. A number is one sign: 12月 does not become 11月 by its last figure.
    """
    engine = diff_match_patch()
    engine.Diff_Timeout = seconds
    signs = {}
    if not LAST_PLANES.search(old + new):
        old, new = (
            NUMBER.sub(lambda found: _sign(signs, found.group()), text) for text in (old, new)
        )
    pieces = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(pieces)
    numbers = {ord(sign): number for number, sign in signs.items()}
    return [(KINDS[kind], text.translate(numbers)) for kind, text in pieces]


def _sign(signs, number):
    """The character that stands for this number while two texts are compared; texts of more numbers than that end."""
    return (
        signs.setdefault(number, chr(FIRST_SIGN + len(signs)))
        if len(signs) < MOST_SIGNS
        else number
    )


def apart(old, new):
    """As `marked`, of short values such as days: each whole, since nobody can read figures exchanged one by one.

    Of several, as departments are, each on its line: the lines that stay are not said to be new.
    """
    if old and new and "\n" in old + new:
        return _lines_apart(old.split("\n"), new.split("\n"))
    was, now = (("del", old),) if old else (), (("ins", new),) if new else ()
    return [*was, *((("same", " "),) if was and now else ()), *now]


def _lines_apart(old, new):
    found = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", old[i:j]))
        else:
            found += [("del", old[i:j]), ("ins", new[k:m])]
    found = [(kind, "\n".join(lines)) for kind, lines in found if lines]
    return [(kind, f"{text}\n") for kind, text in found[:-1]] + found[-1:]


class Marker:
    """`marked` for all the texts of one page, which together take `seconds` at most: a hundred rewritten cells would
    take a minute one by one."""

    def __init__(self, seconds=2.0):
        self.left = seconds

    def __call__(self, old, new):
        started = time.monotonic()
        pieces = marked(old, new, min(max(self.left, 0.001), 0.2))
        self.left -= time.monotonic() - started
        return pieces


def new_clauses(old, new):
    """[(kind, text)] that joined is `new`, with kind "ins" for the clauses that `old` did not have.

    By clause, because two quarters' texts share stray characters and figures everywhere: marked one by one, nobody
    could read them. A look-up, not an alignment: two texts of repeated clauses would take minutes to align.
    """
    had = set(CLAUSE.findall(old))
    clauses = groupby(CLAUSE.findall(new), key=lambda clause: "same" if clause in had else "ins")
    return [(kind, "".join(group)) for kind, group in clauses]
