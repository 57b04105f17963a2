"""What changed between two texts, as plain data: the template marks it."""

import re
from itertools import groupby

from diff_match_patch import diff_match_patch

KINDS = {-1: "del", 0: "same", 1: "ins"}
CLAUSE = re.compile(r"[^，。；：！？\n]*[，。；：！？\n]|[^，。；：！？\n]+")


def marked(old, new):
    """[(kind, text)] with kind "same", "ins" or "del"; joined without "del" it is `new`, without "ins" `old`."""
    engine = diff_match_patch()
    pieces = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(pieces)
    return [(KINDS[kind], text) for kind, text in pieces]


def new_clauses(old, new):
    """[(kind, text)] that joined is `new`, with kind "ins" for the clauses that `old` did not have.

    By clause, because two quarters' texts share stray characters and figures everywhere: marked one by one, nobody
    could read them. A look-up, not an alignment: two texts of repeated clauses would take minutes to align.
    """
    had = set(CLAUSE.findall(old))
    clauses = groupby(CLAUSE.findall(new), key=lambda clause: "same" if clause in had else "ins")
    return [(kind, "".join(group)) for kind, group in clauses]
