"""What changed between two texts, as plain data: the template marks it."""

from diff_match_patch import diff_match_patch

KINDS = {-1: "del", 0: "same", 1: "ins"}


def marked(old, new):
    """[(kind, text)] with kind "same", "ins" or "del"; joined without "del" it is `new`, without "ins" `old`."""
    engine = diff_match_patch()
    pieces = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(pieces)
    return [(KINDS[kind], text) for kind, text in pieces]
