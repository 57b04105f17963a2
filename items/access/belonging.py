"""Whom somebody writes for: every right of a department starts from here."""

from typing import Any

from django.db.models import QuerySet

from items.models import READ_ONLY, Membership, MembershipRole, User


def departments_of(user: User, role: MembershipRole | None = None) -> QuerySet[Any]:
    """The departments that somebody writes for, as keys; none for those who only read.

    With a `role`, only those for which the person has that role.
    """
    memberships = Membership.objects.all()
    if not user.is_active or user.role in READ_ONLY:
        memberships = memberships.none()
    if role is not None:
        memberships = memberships.filter(role=role)
    # Named, so that the sub-query has one column, and so that callers may ask for the keys.
    return memberships.filter(user=user).values("department")


def is_head(user: User) -> bool:
    return departments_of(user, role=MembershipRole.HEAD).exists()
