"""Two people on one row: what both have changed, put together and said in sentences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Content = TypeVar("Content")
Values = Mapping[str, Any]
"""{name of a field: value}."""


@dataclass(frozen=True)
class Versions(Generic[Content]):
    """What somebody began with, what is stored by now, and what they want to have."""

    seen: Content
    stored: Content
    wanted: Content


@dataclass(frozen=True)
class MergedFields:
    """The values that the form goes on with, and a sentence for each that somebody else changed."""

    values: dict[str, Any]
    sentences: list[str]


def merge_fields(
    versions: Versions[Values],
    label_of: Callable[[str], str],
    words_of: Callable[[str, Any], str],
) -> MergedFields:
    """Where both have changed a field, the wish stands in the form, beside what is stored.

    `words_of` says a value of a field in words; a field that one of the three lacks is empty there.
    """
    values = {}
    sentences = []
    for field in versions.wanted:
        shown_then = versions.seen.get(field)
        stored = versions.stored.get(field)
        value = versions.wanted[field]
        label = label_of(field)
        stored_words = words_of(field, stored)
        if value == shown_then:
            value = stored
            if stored != shown_then:
                sentences.append(
                    f"{label}：已經改成「{stored_words}」；您沒有改這一欄，下面是新的內容。"
                )
        elif stored not in (shown_then, value):
            wanted_words = words_of(field, value)
            sentences.append(
                f"{label}：現在是「{stored_words}」，您要改成「{wanted_words}」；下面是您的內容。"
            )
        values[field] = value
    return MergedFields(values, sentences)
