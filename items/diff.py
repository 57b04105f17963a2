"""What changed between two texts, as plain data: the template marks it."""

import re
from difflib import SequenceMatcher

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
    could read them.
    """
    before, after = CLAUSE.findall(old), CLAUSE.findall(new)
    return [
        ("same" if kind == "equal" else "ins", "".join(after[start:end]))
        for kind, _, _, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if end > start
    ]
