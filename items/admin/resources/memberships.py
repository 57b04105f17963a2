"""What a file changes of who belongs where: one person's cell against the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from items.models import Department, Membership, User
from items.workflow import history
from items.workflow.history import Values


@dataclass(frozen=True)
class ChangedMembership:
    """A membership with its new role, and what it was `before` that."""

    membership: Membership
    before: Values


@dataclass
class MembershipChanges:
    """What becomes of memberships; nothing of it is written yet."""

    new: list[Membership] = field(default_factory=list)
    changed: list[ChangedMembership] = field(default_factory=list)
    removed: list[Membership] = field(default_factory=list)


def compare(
    user: User, memberships: Sequence[Membership], roles: Mapping[Department, str]
) -> MembershipChanges:
    """The `memberships` that a person has, against the {department: role} of the file."""
    changes = MembershipChanges()
    existing = {membership.department: membership for membership in memberships}
    for department, role in roles.items():
        membership = existing.get(department)
        if membership is None:
            changes.new.append(Membership(user=user, department=department, role=role))
        elif membership.role != role:
            before = history.values_of(membership)
            membership.role = role
            changes.changed.append(ChangedMembership(membership, before))
    for department, membership in existing.items():
        if department not in roles:
            changes.removed.append(membership)
    return changes
