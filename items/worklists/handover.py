"""業務移交 as pages show it: who may give to whom, what would move, and the list to sign."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, Q, QuerySet

from items import access
from items.day_words import moment_words
from items.models import (
    EDITABLE,
    READ_ONLY,
    Handover,
    Membership,
    MembershipRole,
    ProgressReport,
    User,
)
from items.models.memberships import memberships_in_words
from items.models.prepared import Prepared, Slot
from items.models.reopening import UNLOCKED
from items.workflow.handover import membership_words
from items.workflow.open_work import DepartmentLoad, fingerprint_of, loads_of
from items.worklists.people import left_behind

TOLD_FOR_DAYS = 14
"""How long 我的填報 tells the receiver of a handover."""

STAY = ""
"""The choice of a receiver's role that changes nothing."""


@dataclass(frozen=True)
class PersonChoice:
    """Somebody in a list, with the departments that tell namesakes apart."""

    person: User
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class ChoiceGroup:
    """People under one heading of a list."""

    heading: str
    choices: list[PersonChoice]


@dataclass(frozen=True)
class RoleChoice:
    """What the receiver becomes in a department."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class PreviewDepartment:
    """What would move of one department, and what the receiver is or becomes there."""

    load: DepartmentLoad
    receiver_words: str
    roles: list[RoleChoice]
    is_possible: bool

    @property
    def number_words(self) -> str:
        """「4 項，其中草稿或退回 1 件；等主管核可 2 件」"""
        words = f"{len(self.load.items):,} 項"
        if self.load.number_of_drafts:
            words += f"，其中草稿或退回 {self.load.number_of_drafts:,} 件"
        if self.load.number_to_endorse:
            words += f"；等主管核可 {self.load.number_to_endorse:,} 件"
        return words


@dataclass(frozen=True)
class HandoverPreview:
    """What would move from one person to another."""

    giver: User
    receiver: User
    departments: list[PreviewDepartment]
    fingerprint: str
    may_end_memberships: bool

    @property
    def number_of_items(self) -> int:
        return sum(len(one.load.items) for one in self.departments)

    @property
    def heading(self) -> str:
        return f"{self.giver} → {self.receiver}：{self.number_of_items:,} 項"

    @property
    def ends_by_default(self) -> bool:
        """Somebody whose account is closed does not come back to the department."""
        return not self.giver.is_active


def givers(user: User, chosen: User | None) -> list[ChoiceGroup]:
    """Whose work the reader may hand over: first the people who have left something behind."""
    reach = access.departments_to_hand_over(user).values("pk")
    is_named = Q(contact_of__department__in=reach)
    is_member = Q(memberships__department__in=reach)
    begun = ProgressReport.objects.filter(
        UNLOCKED, state__in=EDITABLE, assignment__department__in=reach
    )
    has_begun = Q(pk__in=begun.values("written_by"))
    # Three ways to have work in a department: somebody who was moved away is no member any more,
    # but is still named as 承辦人 or has a draft there.
    people = User.objects.filter(is_named | is_member | has_begun)
    gone = {left.person.pk for left in left_behind()}
    not_handed_over = []
    others = []
    for choice in _choices(people.distinct(), chosen):
        if choice.person.pk in gone:
            not_handed_over.append(choice)
        else:
            others.append(choice)
    return _not_empty(ChoiceGroup("尚未移交", not_handed_over), ChoiceGroup("其他人員", others))


def receivers(user: User, chosen: User | None) -> list[ChoiceGroup]:
    """Who may receive: people who can write; for a head only those of the own departments."""
    people = User.objects.filter(is_active=True).exclude(role__in=READ_ONLY)
    if not access.can_run_people(user):
        reach = access.departments_to_hand_over(user).values("pk")
        # Once, however many of these departments somebody belongs to.
        people = people.filter(memberships__department__in=reach).distinct()
    choices = _choices(people, chosen)
    return _not_empty(ChoiceGroup("人員", choices))


def _choices(people: Any, chosen: User | None) -> list[PersonChoice]:
    choices = []
    in_order = people.order_by("username").prefetch_related("memberships__department")
    for person in in_order:
        belongs_to = memberships_in_words(person.memberships.all())
        words = f"{person} {person.username}・{belongs_to or '沒有單位'}"
        if not person.is_active:
            words += "・已停用"
        choices.append(PersonChoice(person, words, is_chosen=person == chosen))
    return choices


def _not_empty(*groups: ChoiceGroup) -> list[ChoiceGroup]:
    return [group for group in groups if group.choices]


def preview_of(user: User, giver: User, receiver: User) -> HandoverPreview:
    """What would move, of the departments that the reader may touch; six queries."""
    reach = access.departments_to_hand_over(user).values_list("pk", flat=True)
    loads = loads_of(giver, reach)
    may_change = access.can_run_people(user)
    memberships_of_receiver = {}
    for membership in Membership.objects.filter(user=receiver):
        memberships_of_receiver[membership.department_id] = membership
    departments = []
    for load in loads:
        membership_there = memberships_of_receiver.get(load.department.pk)
        departments.append(_preview_department(load, membership_there, may_change))
    return HandoverPreview(
        giver=giver,
        receiver=receiver,
        departments=departments,
        # What is confirmed is what was seen: work that came meanwhile has another one.
        fingerprint=fingerprint_of(loads),
        may_end_memberships=may_change,
    )


def _preview_department(
    load: DepartmentLoad, membership: Membership | None, may_change: bool
) -> PreviewDepartment:
    # A head moves work between the people of a department, but takes nobody into it.
    is_possible = membership is not None or may_change
    receiver_words = "還不是這個單位的人員"
    if membership is not None:
        receiver_words = f"已是{membership.get_role_display()}"
    roles = []
    if may_change:
        roles = _roles(load, membership)
    return PreviewDepartment(load, receiver_words, roles, is_possible)


def _roles(load: DepartmentLoad, held: Membership | None) -> list[RoleChoice]:
    """What the receiver may become: by default what is needed, and not more."""
    default = STAY
    roles = []
    if held is None:
        # A successor becomes what the predecessor was.
        default = MembershipRole.REPORTER.value
        if load.membership is not None:
            default = load.membership.role
        # Who takes items over has to belong to their department.
        if not load.items:
            roles.append(RoleChoice(STAY, "不加入", is_chosen=False))
    else:
        roles.append(RoleChoice(STAY, f"維持{held.get_role_display()}", is_chosen=True))
    for role in MembershipRole:
        if held is not None and held.role == role:
            continue
        words = f"改為{role.label}"
        if held is None:
            words = f"加入為{role.label}"
        roles.append(RoleChoice(role.value, words, is_chosen=role.value == default))
    return roles


@dataclass(frozen=True)
class HandoverList:
    """The list of a handover as people sign it."""

    handover: Handover
    items: list[dict[str, Any]]
    memberships: list[str]

    @property
    def undone_words(self) -> str:
        """「115年11月23日 10:00 由顏佳慧交還」, empty where it stands."""
        if self.handover.undone_at is None:
            return ""
        return f"{moment_words(self.handover.undone_at)} 由{self.handover.undone_by}交還"

    @property
    def signatures(self) -> list[str]:
        return ["移交人", "接收人", "監交人（單位主管）"]


def received_since_slot() -> QuerySet[Handover]:
    """What was handed over and not back; slots stand for `receiver` and for the day `since` when."""
    since = Slot("since", DateField())
    return Handover.objects.filter(receiver=Slot("receiver"), undone_at=None, at__date__gte=since)


_RECEIVED = Prepared(lambda: received_since_slot().select_related("giver"))


def received_lately(user: User, today: date) -> list[Handover]:
    """What was handed to somebody in the last days, and not handed back; one query."""
    return _RECEIVED(receiver=user.pk, since=first_day_told(today))


def first_day_told(today: date) -> date:
    """Of what was handed over from this day on, the page still tells."""
    return today - timedelta(days=TOLD_FOR_DAYS)


def list_of(handover: Handover) -> HandoverList:
    """What was handed over, in the words of then."""
    names = {
        handover.giver_id: str(handover.giver),
        handover.receiver_id: str(handover.receiver),
    }
    sentences = []
    # From what was kept with the handover: names and roles may have changed since it was signed.
    for moved in handover.memberships:
        words = membership_words(moved["role_before"], moved["role"], moved["department_name"])
        sentences.append(f"{names[moved['user']]}{words}")
    return HandoverList(handover, handover.items, sentences)


def open_work_words(people: Iterable[User] | None = None) -> str:
    """「王美玲（已停用；承辦 3 項）還有業務尚未移交。」, of these people or of everybody."""
    parts = [f"{left.person}（{left.words}）" for left in left_behind(people)]
    if not parts:
        return ""
    return f"{'、'.join(parts)}還有業務尚未移交。"
