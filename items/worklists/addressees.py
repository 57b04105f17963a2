"""Who can be reminded of a department's work: those who write for it, and those who endorse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from items.models import Department, Membership, MembershipRole
from items.models.prepared import Prepared
from items.worklists.deputy_names import DeputyNames


@dataclass(frozen=True)
class Member:
    """Somebody who can write for a department."""

    pk: int
    name: str
    """With the deputy, as 「陳志明（蔡淑芬代理）」: the deputy is the one who is there."""
    is_head: bool


@dataclass(frozen=True)
class Addressees:
    """The departments in their order, and who can write for each."""

    departments: Sequence[Department]
    members: Mapping[int, Sequence[Member]]
    """{key of a department: its members in the order of their accounts}"""


def other_heads(heads: Sequence[Member], writer: int | None) -> list[Member]:
    """The heads that may endorse what somebody has written."""
    return [head for head in heads if head.pk != writer]


# Values: of a thousand people, instances took ten times as long.
_MEMBERS = Prepared[Any](
    lambda: (
        Membership.objects.who_can_write()
        .order_by("user__username")
        .values_list("department_id", "role", "user_id", "user__full_name", "user__username")
    )
)


def members_by_department(deputies: DeputyNames) -> dict[int, list[Member]]:
    """{key of a department: those who can write for it}"""
    members: dict[int, list[Member]] = {}
    for department, role, user, full_name, username in _MEMBERS():
        member = Member(
            pk=user,
            # As `str` of the account has it: some have no name yet.
            name=deputies.words_for(user, full_name or username),
            is_head=role == MembershipRole.HEAD,
        )
        members.setdefault(department, []).append(member)
    return members
