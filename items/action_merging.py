"""Two people on one item: the changes of both together, the departments row by row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from items.models import AssignmentKind
from items.plan_content import (
    ActionContent,
    ContentNames,
    ShareContent,
    deadline_in_words,
    field_in_words,
    label_of_field,
)
from items.plan_merging import Versions, merge_fields


@dataclass(frozen=True)
class MergedContent:
    """What the form goes on with, and a sentence for each thing that somebody else has changed."""

    content: ActionContent
    sentences: list[str]


def merge(
    seen: ActionContent, stored: ActionContent, wanted: ActionContent, names: ContentNames
) -> MergedContent:
    """Both people's changes together: `seen` is what the second began with, `stored` what is there.

    Where both have changed one thing the second's wish stands in the form, beside a sentence with
    what is stored.
    """
    versions: Versions[Mapping[str, Any]] = Versions(
        seen.own_fields(), stored.own_fields(), wanted.own_fields()
    )
    words_of = partial(field_in_words, names=names)
    merged = merge_fields(versions, label_of_field, words_of)
    merged_shares = _merge_shares(seen, stored, wanted, names)
    content = ActionContent(**merged.values, shares=tuple(merged_shares.shares))
    sentences = merged.sentences + merged_shares.sentences
    return MergedContent(_without_departments_twice(content), sentences)


@dataclass(frozen=True)
class MergedShares:
    """The rows of the departments, and what is to be said about them."""

    shares: list[ShareContent]
    sentences: list[str]


def _merge_shares(
    seen: ActionContent, stored: ActionContent, wanted: ActionContent, names: ContentNames
) -> MergedShares:
    seen_by_key = seen.by_key()
    stored_by_key = stored.by_key()
    shares = []
    sentences = []
    for share in wanted.shares:
        if share.key is None:
            shares.append(share)
            continue
        shown_then = seen_by_key.get(share.key)
        stored_share = stored_by_key.pop(share.key, None)
        if stored_share is None:
            words = _share_in_words(share, names)
            sentences.append(f"分辦：{words}已經由別人移除；還需要的話，請重新加一列。")
        elif share == shown_then:
            if stored_share != shown_then:
                words = _share_in_words(stored_share, names)
                sentences.append(f"分辦：已經改成{words}；您沒有改這一列，下面是新的內容。")
            shares.append(stored_share)
        else:
            # With the wish to remove it, too: it stays ticked, and saving once more removes it.
            if stored_share not in (shown_then, share):
                stored_words = _share_in_words(stored_share, names)
                sentences.append(f"分辦：現在是{stored_words}；下面是您的內容。")
            shares.append(share)
    # What is left is not on the page: somebody has added it.
    for stored_share in stored_by_key.values():
        if stored_share.key not in seen_by_key:
            words = _share_in_words(stored_share, names)
            sentences.append(f"分辦：別人加了{words}。")
        shares.append(stored_share)
    return MergedShares(shares, sentences)


def _share_in_words(share: ShareContent, names: ContentNames) -> str:
    department = names.departments[share.department_id]
    kind = AssignmentKind(share.kind).label
    return f"「{department}（{kind}，{deadline_in_words(share)}）」"


def _without_departments_twice(content: ActionContent) -> ActionContent:
    """A new row for a department that the item has got meanwhile becomes a change of that row."""
    key_of = {}
    new_row_of = {}
    for share in content.shares:
        if share.key is None:
            new_row_of[share.department_id] = share
        elif not share.removed:
            key_of[share.department_id] = share.key
    shares = []
    for share in content.shares:
        is_new = share.key is None
        # Left out here: it takes the place of the row that is there.
        if is_new and share.department_id in key_of:
            continue
        new_row = new_row_of.get(share.department_id)
        if not is_new and not share.removed and new_row is not None:
            share = replace(new_row, key=share.key)
        shares.append(share)
    return replace(content, shares=tuple(shares))
