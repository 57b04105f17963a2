"""What somebody looks after and has begun to write: what would go to another at 業務移交."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from items.models import (
    EDITABLE,
    Assignment,
    Department,
    Membership,
    MembershipRole,
    ProgressReport,
    ReportState,
    User,
)
from items.models.reopening import UNLOCKED


@dataclass(frozen=True)
class OpenItem:
    """An item that somebody looks after, with what that person has begun to write of it."""

    assignment: Assignment
    drafts: list[ProgressReport]

    @property
    def draft_words(self) -> str:
        """「115年第4季草稿」, 「115年第4季退回」 or empty."""
        return "、".join(f"{draft.period}{draft.get_state_display()}" for draft in self.drafts)


@dataclass(frozen=True)
class DepartmentLoad:
    """What one person has in one department. `membership` is None for somebody who has left it."""

    department: Department
    membership: Membership | None
    items: list[OpenItem]
    number_to_endorse: int

    @property
    def number_of_drafts(self) -> int:
        return sum(len(item.drafts) for item in self.items)


def loads_of(person: User, departments: Iterable[int]) -> list[DepartmentLoad]:
    """The open work of a person in these departments, in their order; four queries.

    An item belongs to its 承辦人. An item without one belongs to the person who has begun to write
    its report; where a colleague is named, the colleague goes on with the draft.
    """
    keys = list(departments)
    drafts = drafts_of(person, keys)
    assignments = (
        Assignment.objects.still_going_on()
        .filter(department__in=keys)
        .select_related("contact")
        .with_path()
        .in_order()
    )
    looked_after = assignments.filter(contact=person)
    begun = assignments.filter(contact=None, pk__in=drafts)
    items: dict[int, list[OpenItem]] = {}
    for assignment in [*looked_after, *begun]:
        item = OpenItem(assignment, drafts.get(assignment.pk, []))
        items.setdefault(assignment.department_id, []).append(item)
    membership_in = {}
    for membership in Membership.objects.filter(user=person, department__in=keys):
        membership_in[membership.department_id] = membership
    to_endorse = _numbers_to_endorse(membership_in.values())
    loads = []
    # Also a department without items: the membership itself may be handed over, or ended.
    for department in Department.objects.filter(pk__in={*items, *membership_in}):
        loads.append(
            DepartmentLoad(
                department=department,
                membership=membership_in.get(department.pk),
                items=items.get(department.pk, []),
                number_to_endorse=to_endorse.get(department.pk, 0),
            )
        )
    return loads


def drafts_of(person: User, departments: Iterable[int]) -> dict[int, list[ProgressReport]]:
    """{key of an assignment: reports that the person has begun or has to correct}"""
    reports = ProgressReport.objects.filter(
        UNLOCKED,
        written_by=person,
        state__in=EDITABLE,
        assignment__department__in=departments,
    )
    drafts: dict[int, list[ProgressReport]] = {}
    for report in reports.select_related("period__programme").order_by("period__ends_on"):
        drafts.setdefault(report.assignment_id, []).append(report)
    return drafts


def _numbers_to_endorse(held: Iterable[Membership]) -> dict[int, int]:
    """{key of a department that the person heads: reports that wait for a head there}"""
    headed = []
    for membership in held:
        if membership.role == MembershipRole.HEAD:
            headed.append(membership.department_id)
    numbers: dict[int, int] = {}
    if not headed:
        return numbers
    waiting = ProgressReport.objects.filter(
        UNLOCKED,
        state=ReportState.WITH_HEAD,
        assignment__department__in=headed,
    )
    for key in waiting.order_by().values_list("assignment__department", flat=True):
        numbers[key] = numbers.get(key, 0) + 1
    return numbers


def fingerprint_of(loads: Sequence[DepartmentLoad]) -> str:
    """A fingerprint of what a preview has shown; another one later says that it has changed."""
    shown = []
    for load in loads:
        role = ""
        if load.membership:
            role = load.membership.role
        shown.append(f"{load.department.pk} {role}")
        for item in load.items:
            # By keys and not by words: a text that somebody goes on writing changes no list.
            drafts = [draft.pk for draft in item.drafts]
            shown.append(f"{item.assignment.pk} {drafts}")
    digest = hashlib.sha256("\n".join(shown).encode()).hexdigest()
    # It travels in a hidden field, and guards against haste, not against forgers.
    return digest[:16]
