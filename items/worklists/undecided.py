"""Why reports that somebody wanted to decide on are not theirs to decide on by now."""

from collections.abc import Collection

from items import access
from items.first_names import first_names
from items.models import ProgressReport, User
from items.worklists.locks import CLOSED_NOW

NAMES_SHOWN = 5
"""How many items are named before the rest is counted."""


def undecided_words(user: User, keys: Collection[int], *, done: str) -> list[str]:
    """A sentence for each reason: 「115-04 行政處沒有同意：115年第4季已經關閉……」; two queries.

    `done` is what was asked for, as in 「同意」. The page that somebody pressed a button on may be
    old: meanwhile the period was closed, or somebody else was faster.
    """
    if not keys:
        return []
    names_of: dict[str, list[str]] = {}
    number_seen = 0
    for report in access.readable_reports(user).with_path().filter(pk__in=keys):
        number_seen += 1
        names_of.setdefault(_reason(report), []).append(str(report.assignment))
    sentences = []
    for reason, names in names_of.items():
        named = first_names(names, NAMES_SHOWN, "件")
        sentences.append(f"{named}沒有{done}：{reason}")
    # Of what this person may not see no more is said than that, not even which item it is.
    number_unseen = len(keys) - number_seen
    if number_unseen:
        sentences.append(f"{number_unseen:,} 件沒有{done}：已退回或由單位撤回，或不在您的權限內。")
    return sentences


def _reason(report: ProgressReport) -> str:
    if report.is_locked:
        return f"{report.period}{CLOSED_NOW}"
    return f"目前是「{report.state_words}」，已經由別人處理，或不在您的權限內。"
