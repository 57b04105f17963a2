"""What somebody may edit of a part of the plan: 實施策略, 推動方法 or 執行計畫."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from items.models import Method, Plan, Programme, Strategy
from items.models.labels import field_label
from items.plan_content import ContentDifference
from items.plan_merging import MergedFields, Versions, merge_fields

Part = Strategy | Method | Plan
LEVELS: Mapping[str, type[Part]] = {"strategy": Strategy, "method": Method, "plan": Plan}
"""The parts by their name in an address, from the top."""

FIELDS = ("parent_id", "place", "title")


@dataclass(frozen=True)
class PartContent:
    """`place` is the number of a strategy; of the others the place under their parent, from 1.

    `parent_id` is the key of the year, the strategy or the method that the part is under.
    """

    parent_id: int
    place: int
    title: str


def parent_field(model: type[Part]) -> str:
    """The field that leads to the row above."""
    return {Strategy: "programme", Method: "strategy", Plan: "method"}[model]


def parent_model(model: type[Part]) -> type[Programme | Strategy | Method]:
    """What a part stands under."""
    parents: dict[type[Part], type[Programme | Strategy | Method]] = {
        Strategy: Programme,
        Method: Strategy,
        Plan: Method,
    }
    return parents[model]


def siblings_of_part(model: type[Part], parent_id: int) -> list[int]:
    """The keys of the parts under one parent, in order."""
    order = "position"
    # A strategy has a number of its own in the document, and not only a place.
    if model is Strategy:
        order = "number"
    rows = model._default_manager.filter(**{f"{parent_field(model)}_id": parent_id})
    return list(rows.order_by(order, "id").values_list("pk", flat=True))


def part_content_of(part: Part) -> PartContent:
    """What the database holds of a part now."""
    model = type(part)
    parent_id = getattr(part, f"{parent_field(model)}_id")
    if isinstance(part, Strategy):
        place = part.number
    else:
        place = siblings_of_part(model, parent_id).index(part.pk) + 1
    return PartContent(parent_id=parent_id, place=place, title=part.title)


def packed_part(content: PartContent) -> str:
    """As one line of text, for a hidden field."""
    return json.dumps(asdict(content), ensure_ascii=False)


def unpacked_part(text: str) -> PartContent | None:
    """What `packed_part` has made; None for anything else."""
    try:
        values = json.loads(text)
        return PartContent(
            parent_id=int(values["parent_id"]),
            place=int(values["place"]),
            title=str(values["title"]),
        )
    except (ValueError, TypeError, KeyError):
        return None


# Words.


def label_of_part_field(model: type[Part], field: str) -> str:
    if field == "parent_id":
        return field_label(model, parent_field(model))
    if field == "place" and model is Strategy:
        return field_label(model, "number")
    if field == "place":
        return field_label(model, "position")
    return field_label(model, "title")


def part_field_in_words(model: type[Part], field: str, value: Any) -> str:
    if field == "parent_id":
        parents = parent_model(model)._default_manager.filter(pk=value)
        # Somebody may have deleted it while it stood in the form.
        return str(parents.first() or "")
    if field == "place" and model is not Strategy:
        return f"第 {value} 個"
    return str(value)


def part_differences(
    model: type[Part], old: PartContent, new: PartContent
) -> list[ContentDifference]:
    """All that differs, in the order of the page."""
    differences = []
    for field in FIELDS:
        if getattr(old, field) == getattr(new, field):
            continue
        # Under another parent the part gets another place, which says nothing more.
        if field == "place" and old.parent_id != new.parent_id:
            continue
        difference = ContentDifference(
            label=label_of_part_field(model, field),
            old=part_field_in_words(model, field, getattr(old, field)),
            new=part_field_in_words(model, field, getattr(new, field)),
        )
        differences.append(difference)
    return differences


def merge_parts(model: type[Part], versions: Versions[PartContent]) -> MergedFields:
    """Both people's changes together, in the same way as for an item."""
    as_values: Versions[Mapping[str, Any]] = Versions(
        seen=asdict(versions.seen),
        stored=asdict(versions.stored),
        wanted=asdict(versions.wanted),
    )
    label_of = partial(label_of_part_field, model)
    words_of = partial(part_field_in_words, model)
    return merge_fields(as_values, label_of, words_of)
