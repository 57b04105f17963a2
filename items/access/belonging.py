"""Whom somebody writes for: every right of a department starts from here."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from items.access.prepared import PreparedForPerson
from items.access.standing_in import principals_of
from items.models import (
    READ_ONLY,
    Assignment,
    ControlRequest,
    Membership,
    MembershipRole,
    ProgressReport,
    User,
)
from items.models.memberships import MembershipQuerySet
from items.models.prepared import PreparedForKeys


def memberships_of(user: User) -> MembershipQuerySet:
    """Where somebody may act: the own memberships, and those of the people they stand in for."""
    # 首長 and 稽核 write nothing, whatever memberships they have (decision 0003).
    if not user.is_active or user.role in READ_ONLY:
        return Membership.objects.none()
    principals = principals_of(user)
    if not principals:
        return Membership.objects.filter(user=user)
    return Membership.objects.filter(user__in=[user, *principals])


def departments_of(user: User, role: MembershipRole | None = None) -> QuerySet[Any]:
    """The departments that somebody writes for, as keys; none for those who only read.

    With a `role`, only those for which the person, or somebody they stand in for, has that role.
    """
    memberships = memberships_of(user)
    if role is not None:
        memberships = memberships.filter(role=role)
    # Named, so that the sub-query has one column, and so that callers may ask for the keys.
    departments = memberships.order_by().values("department")
    if principals_of(user):
        # Both may belong to one department, which is counted once.
        departments = departments.distinct()
    return departments


_OF_PEOPLE = PreparedForKeys(
    lambda keys: Membership.objects.filter(user__in=keys).select_related("department")
)


def memberships_behind(user: User) -> Sequence[Membership]:
    """With their departments: the own ones, also of somebody who only reads, and the principals'.

    Asked once in a request that only reads.
    """
    people = [user, *principals_of(user)]
    keys = [person.pk for person in people]
    if not user.only_reads:
        return _OF_PEOPLE(keys)
    if user.memberships_behind is None:
        user.memberships_behind = tuple(_OF_PEOPLE(keys))
    return user.memberships_behind


def _at_hand(user: User) -> Sequence[Membership] | None:
    """The rows of `memberships_of` in a request that only reads; None where they are to be asked."""
    if not user.only_reads:
        return None
    if not user.is_active or user.role in READ_ONLY:
        return ()
    return memberships_behind(user)


def _any_headed(user: User) -> QuerySet[Membership]:
    headed = memberships_of(user).filter(role=MembershipRole.HEAD)
    return headed.order_by().only("pk")[:1]


_ANY_HEADED = PreparedForPerson(_any_headed)
_DEPARTMENTS = PreparedForPerson[Any](departments_of)


def is_head(user: User) -> bool:
    at_hand = _at_hand(user)
    if at_hand is None:
        return bool(_ANY_HEADED(user))
    return any(membership.role == MembershipRole.HEAD for membership in at_hand)


def department_keys_of(user: User) -> list[int]:
    """The keys of `departments_of`, fetched."""
    at_hand = _at_hand(user)
    if at_hand is None:
        return [row["department"] for row in _DEPARTMENTS(user)]
    keys: dict[int, None] = {}
    for membership in at_hand:
        # Both a deputy and the principal may belong to one department, which is counted once.
        keys[membership.department_id] = None
    return list(keys)


# What waits for a head.


def endorses(user: User) -> Q:
    """Endorse reports and applications: those of the department that somebody heads.

    Never what they wrote themselves: that waits for another head. A deputy endorses neither what
    they wrote nor what the absent head wrote. The plan office steps in where the last head has left
    while something waited, so that nothing is stuck for ever.
    """
    by_somebody_else = ~Q(written_by=user)
    is_head_of_it = _is_head_of_it(user)
    if not user.is_coordinator:
        return by_somebody_else & is_head_of_it
    heads = Membership.objects.who_can_endorse(
        department=OuterRef("assignment__department"), writer=OuterRef("written_by")
    )
    has_no_head = ~Q(Exists(heads))
    return by_somebody_else & (is_head_of_it | has_no_head)


def _is_head_of_it(user: User) -> Q:
    """What departments wrote that somebody heads, also for another head who did not write it."""
    principals = principals_of(user)
    if not principals:
        headed = departments_of(user, role=MembershipRole.HEAD)
        return Q(assignment__department__in=headed)
    # Holds of no row, so that each person adds what is theirs.
    right = Q(pk__in=[])
    for person in (user, *principals):
        heads = Membership.objects.filter(user=person, role=MembershipRole.HEAD)
        is_head = Q(assignment__department__in=heads.order_by().values("department"))
        right |= is_head & ~Q(written_by=person)
    return right


# In whose name somebody acts.


def writes_for(user: User, assignment: Assignment) -> User | None:
    """Whom somebody stands in for when they write for this assignment; None for themselves.

    What the absent person looks after is written in that name, also by a colleague who belongs to
    the department as well.
    """
    principals = principals_of(user)
    if not principals:
        return None
    members = _members_among(user, principals, assignment)
    for principal in principals:
        is_contact = principal.pk == assignment.contact_id
        # A 承辦人 who has left the department lends nothing of it.
        if is_contact and principal.pk in members:
            return principal
    return _first_of(members, user, principals)


def endorses_for(user: User, report: ProgressReport | ControlRequest) -> User | None:
    """Whom somebody stands in for when they endorse or return this report; None for themselves.

    The same of an application. Never the writer of it, who may not endorse it either, as long as there is another.
    """
    principals = principals_of(user)
    if not principals:
        return None
    heads = _members_among(user, principals, report.assignment, role=MembershipRole.HEAD)
    # The last head of a department may be the writer: then the plan office steps in (`endorses`).
    others = heads - {report.written_by_id}
    return _first_of(others or heads, user, principals)


def _members_among(
    user: User,
    principals: Sequence[User],
    assignment: Assignment,
    *,
    role: MembershipRole | None = None,
) -> set[int]:
    """The keys of those of them who belong to the department, in this role where one is given."""
    memberships = Membership.objects.filter(
        department=assignment.department_id, user__in=[user, *principals]
    )
    if role is not None:
        memberships = memberships.filter(role=role)
    return set(memberships.order_by().values_list("user_id", flat=True))


def _first_of(members: set[int], user: User, principals: Sequence[User]) -> User | None:
    """The first whom they stand in for; None where they act for themselves, who come first."""
    if user.pk in members:
        return None
    for principal in principals:
        if principal.pk in members:
            return principal
    return None
