"""管理: what has to be set up before others can work."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from items.models import Assignment, Department, Membership, MembershipRole, Programme, Role, User
from items.models.light_rules import PROGRAMME


@dataclass(frozen=True)
class OfficeChecks:
    """What needs a hand: accounts and departments that are not yet as they must be."""

    has_departments: bool
    has_periods: bool
    number_without_password: int
    has_coordinator: bool
    departments_without_members: list[Department]
    departments_without_head: list[Department]
    users_without_department: list[User]

    @property
    def number_unfinished(self) -> int:
        """A department without a head is no fault: its reports go straight to the plan office."""
        number = len(self.departments_without_members) + len(self.users_without_department)
        if not self.has_departments:
            number += 1
        if not self.has_periods:
            number += 1
        if self.number_without_password:
            number += 1
        # Nothing can be opened or accepted without one.
        if not self.has_coordinator:
            number += 1
        return number

    @property
    def says_anything(self) -> bool:
        return self.number_unfinished > 0 or bool(self.departments_without_head)


def office_checks(programme: Programme | None, today: date) -> OfficeChecks:
    """Seven queries; asked only for the plan office and the information office.

    `programme` is None while the list of first steps is shown, which says the first three itself.
    """
    if programme is None:
        has_departments = True
        has_periods = True
        number_without_password = 0
    else:
        has_departments = Department.objects.filter(is_active=True).exists()
        has_periods = programme.periods.exists()
        number_without_password = User.objects.without_password().count()
    users = User.objects.filter(is_active=True)
    in_order = Department.objects.order_by("position", "id")
    departments = in_order.filter(is_active=True)
    # A department that is no longer used is missed only while work of a running year is left there.
    open_work = Assignment.objects.controlled().filter(**{f"{PROGRAMME}__ends_on__gte": today})
    with_open_work = open_work.order_by().values("department")
    needed = in_order.filter(Q(is_active=True) | Q(pk__in=with_open_work))
    memberships = Membership.objects.filter(user__is_active=True)
    staffed = memberships.order_by().values("department")
    headed = memberships.filter(role=MembershipRole.HEAD).order_by().values("department")
    # A department without anybody is named once, as that, and not also as one without a head.
    without_head = departments.filter(pk__in=staffed).exclude(pk__in=headed)
    return OfficeChecks(
        has_departments=has_departments,
        has_periods=has_periods,
        number_without_password=number_without_password,
        has_coordinator=users.filter(role=Role.COORDINATOR).exists(),
        departments_without_members=list(needed.exclude(pk__in=staffed)),
        departments_without_head=list(without_head),
        # Staff alone: whoever has a role of the whole office needs no department.
        users_without_department=list(users.filter(role=Role.STAFF, memberships=None)),
    )
