"""What somebody may edit of one item, as plain values: to compare, to merge and to say in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    Department,
    Plan,
    SuccessorShare,
)
from items.models.history_words import EMPTY
from items.models.labels import field_label
from items.roc import format_roc


@dataclass(frozen=True)
class ShareContent:
    """One department of an item; `key` is that of its assignment, None for one to be made.

    `removed` is somebody's wish: what the database holds is never removed.
    """

    key: int | None
    department_id: int
    kind: str
    deadline_text: str
    deadline: date
    removed: bool = False

    @classmethod
    def of(cls, row: Assignment | SuccessorShare, *, key: int | None = None) -> Self:
        """What a row says of a department; without a key, as one that another item is to get."""
        return cls(
            key=key,
            department_id=row.department_id,
            kind=row.kind,
            deadline_text=row.deadline_text,
            deadline=row.deadline,
        )

    @property
    def is_lead(self) -> bool:
        return self.kind == AssignmentKind.LEAD


@dataclass(frozen=True)
class ActionContent:
    """All that the page of editing shows of an item.

    `place` is where the item stands among those of its 執行計畫, counted from 1.
    """

    plan_id: int
    place: int
    title: str
    expected_benefit: str
    every_department: bool
    shares: tuple[ShareContent, ...]

    def by_key(self) -> dict[int, ShareContent]:
        """The departments that the item has already, by the key of the assignment."""
        return {share.key: share for share in self.shares if share.key is not None}

    def own_fields(self) -> dict[str, Any]:
        """The fields of the item itself, by name."""
        return {field: getattr(self, field) for field in FIELDS}

    def kept(self) -> list[ShareContent]:
        """The departments that the item shall have."""
        return [share for share in self.shares if not share.removed]


FIELDS = ("plan_id", "place", "title", "expected_benefit", "every_department")
"""The fields of an item beside its departments."""


def siblings_of(plan_id: int) -> list[int]:
    """The keys of the items of an 執行計畫, in order."""
    actions = Action.objects.filter(plan_id=plan_id).order_by("position", "id")
    return list(actions.values_list("pk", flat=True))


def content_of(action: Action) -> ActionContent:
    """What the database holds of an item now."""
    assignments = Assignment.objects.filter(action=action).order_by("kind", "position", "id")
    shares = []
    for assignment in assignments:
        shares.append(ShareContent.of(assignment, key=assignment.pk))
    return ActionContent(
        plan_id=action.plan_id,
        place=siblings_of(action.plan_id).index(action.pk) + 1,
        title=action.title,
        expected_benefit=action.expected_benefit,
        every_department=action.every_department,
        shares=tuple(shares),
    )


# The page carries what it showed, so that the second of two who save is compared with it.


def packed(content: ActionContent) -> str:
    """As one line of text, for a hidden field."""
    return json.dumps(asdict(content), default=str, ensure_ascii=False)


def unpacked(text: str) -> ActionContent | None:
    """What `packed` has made; None for anything else, such as a request by a script."""
    try:
        values = json.loads(text)
        shares = [_share_of(share) for share in values["shares"]]
        return ActionContent(
            plan_id=int(values["plan_id"]),
            place=int(values["place"]),
            title=str(values["title"]),
            expected_benefit=str(values["expected_benefit"]),
            every_department=bool(values["every_department"]),
            shares=tuple(shares),
        )
    except (ValueError, TypeError, KeyError):
        return None


def _share_of(values: dict[str, Any]) -> ShareContent:
    return ShareContent(
        key=int(values["key"]),
        department_id=int(values["department_id"]),
        kind=str(AssignmentKind(values["kind"])),
        deadline_text=str(values["deadline_text"]),
        deadline=date.fromisoformat(values["deadline"]),
    )


# Words.


@dataclass(frozen=True)
class ContentNames:
    """The names behind the keys of a content."""

    departments: Mapping[int, str]
    plans: Mapping[int, str]


def names_for(*contents: ActionContent) -> ContentNames:
    """The names that these contents need, in two queries."""
    plan_keys = {content.plan_id for content in contents}
    plans = Plan.objects.filter(pk__in=plan_keys).values_list("pk", "title")
    # All of them, which are few: a content names most departments anyway.
    departments = Department.objects.values_list("pk", "name")
    return ContentNames(departments=dict(departments), plans=dict(plans))


@dataclass(frozen=True)
class ContentDifference:
    """One thing that differs between two contents: 預期效益, 行政處的完成期限."""

    label: str
    old: str
    new: str


def differences_between(
    old: ActionContent, new: ActionContent, names: ContentNames
) -> list[ContentDifference]:
    """All that differs, in the order of the page."""
    differences = []
    for field in FIELDS:
        if getattr(old, field) != getattr(new, field):
            # An item that goes to another plan gets another place there, which says nothing more.
            if field == "place" and old.plan_id != new.plan_id:
                continue
            difference = ContentDifference(
                label=label_of_field(field),
                old=field_in_words(field, getattr(old, field), names),
                new=field_in_words(field, getattr(new, field), names),
            )
            differences.append(difference)
    shares_before = old.by_key()
    for share in new.shares:
        before = None
        # A new row has no key, and nothing that it could be held against.
        if share.key is not None:
            before = shares_before.pop(share.key, None)
        differences += _share_differences(before, share, names)
    for share in shares_before.values():
        differences += _share_differences(share, None, names)
    return differences


def _share_differences(
    old: ShareContent | None, new: ShareContent | None, names: ContentNames
) -> list[ContentDifference]:
    if new is None or new.removed:
        if old is None:
            return []
        return [_whole_share(old, names, is_new=False)]
    if old is None:
        return [_whole_share(new, names, is_new=True)]
    department = names.departments[new.department_id]
    differences = []
    if old.department_id != new.department_id:
        old_department = names.departments[old.department_id]
        label = field_label(Assignment, "department")
        differences.append(ContentDifference(label, old_department, department))
    if old.kind != new.kind:
        label = f"{department}的{field_label(Assignment, 'kind')}"
        old_kind = AssignmentKind(old.kind).label
        new_kind = AssignmentKind(new.kind).label
        differences.append(ContentDifference(label, old_kind, new_kind))
    old_deadline = deadline_in_words(old)
    new_deadline = deadline_in_words(new)
    if old_deadline != new_deadline:
        label = f"{department}的{field_label(Assignment, 'deadline')}"
        differences.append(ContentDifference(label, old_deadline, new_deadline))
    return differences


def _whole_share(share: ShareContent, names: ContentNames, *, is_new: bool) -> ContentDifference:
    department = names.departments[share.department_id]
    kind = AssignmentKind(share.kind).label
    words = f"{department}（{deadline_in_words(share)}）"
    old = words
    new = EMPTY
    if is_new:
        old = EMPTY
        new = words
    return ContentDifference(label=f"{kind}單位", old=old, new=new)


def deadline_in_words(share: ShareContent) -> str:
    """「115年12月（115年12月31日）」; the words alone where they are the day."""
    day = format_roc(share.deadline)
    if share.deadline_text == day:
        return day
    return f"{share.deadline_text}（{day}）"


def label_of_field(field: str) -> str:
    if field == "place":
        return field_label(Action, "position")
    return field_label(Action, field)


def field_in_words(field: str, value: Any, names: ContentNames) -> str:
    if field == "plan_id":
        return names.plans.get(value, EMPTY)
    if field == "place":
        return f"第 {value} 項"
    if field == "every_department":
        if value:
            return "是"
        return "否"
    return value or EMPTY
