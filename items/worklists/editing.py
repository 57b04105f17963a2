"""What the pages of editing say afterwards: what has changed, and what somebody else has done."""

from dataclasses import dataclass

from items.day_words import moment_words
from items.exchange.spreadsheets.text import shorten
from items.models import Change
from items.plan_content import ContentDifference

SHOWN_CHANGES = 4
"""Changes that a message names; the others it counts."""
SHOWN_CHARACTERS = 24


@dataclass(frozen=True)
class EditConflict:
    """Somebody has saved the item while it was being edited."""

    headline: str
    sentences: list[str]


def conflict_of(newest: Change | None, sentences: list[str]) -> EditConflict:
    who = "別人"
    if newest is not None:
        who = f"{newest.by}在 {moment_words(newest.at)} "
    return EditConflict(f"還沒有儲存：您開啟這一頁之後，{who}改過這一項。", sentences)


def summary_of(code: str, differences: list[ContentDifference]) -> str:
    """「115-01 已修改 2 處：預期效益、行政處的完成期限（115年12月 → 115年9月）。」"""
    if not differences:
        return f"{code} 沒有更動。"
    parts = []
    for difference in differences[:SHOWN_CHANGES]:
        # Whole texts would fill the page: 異動紀錄 below has them.
        old = shorten(difference.old, SHOWN_CHARACTERS)
        new = shorten(difference.new, SHOWN_CHARACTERS)
        parts.append(f"{difference.label}「{old}」→「{new}」")
    words = "；".join(parts)
    hidden = len(differences) - len(parts)
    if hidden:
        words += f"；另有 {hidden} 處"
    return f"{code} 已修改 {len(differences)} 處：{words}。"
