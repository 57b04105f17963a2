"""業務移交: all open work of one person goes to another in one step, and can be handed back."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from items.models import (
    EDITABLE,
    READ_ONLY,
    Assignment,
    ChangeKind,
    Department,
    Door,
    Handover,
    Membership,
    MembershipRole,
    ProgressReport,
    User,
)
from items.models.handover import HANDOVER_VERSION
from items.workflow import history, memberships
from items.workflow.contacts import set_contact
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.open_work import DepartmentLoad, OpenItem, fingerprint_of, loads_of


@dataclass(frozen=True)
class DepartmentWish:
    """One department is handed over; `role` is what the receiver becomes there, empty to stay."""

    department_id: int
    role: str = ""


@dataclass(frozen=True)
class HandoverWish:
    """What somebody has confirmed, with the fingerprint of the preview that they saw."""

    giver: User
    receiver: User
    departments: list[DepartmentWish]
    ends_memberships: bool
    fingerprint: str


@dataclass(frozen=True)
class HandedItem:
    """An item on the list, as it was then; `was_contact` says who gets it back."""

    assignment: int
    year: int
    code: str
    title: str
    department: str
    deadline: str
    draft: str
    was_contact: bool


@dataclass(frozen=True)
class MovedMembership:
    """What a handover has done to a membership; `role_before` and `role` are empty for none."""

    user: int
    department: int
    department_name: str
    role_before: str
    role: str


@transaction.atomic
def hand_over(
    wish: HandoverWish, *, reach: Iterable[int], by: User, at: datetime, door: Door = Door.PAGE
) -> Handover:
    """Hand the chosen departments' open work over; `reach` are departments that `by` may touch."""
    _lock(wish.giver, wish.receiver)
    _require_two_people(wish.giver, wish.receiver)
    loads = loads_of(wish.giver, reach)
    # Otherwise people would sign another list than the one that they have seen: somebody may have
    # reported, or another 承辦人 may have been named, since the preview.
    if fingerprint_of(loads) != wish.fingerprint:
        words = "名單在您確認之前有變動，還沒有移交；請看過下面的新名單，再確認一次。"
        raise WorkflowError(words, Refusal.HANDOVER_CHANGED)
    wish_of = {one.department_id: one for one in wish.departments}
    chosen = [load for load in loads if load.department.pk in wish_of]
    if not chosen:
        words = f"請至少勾選一個單位，才知道要移交{wish.giver}的哪些業務。"
        raise WorkflowError(words, Refusal.NOTHING_TO_HAND_OVER)
    items: list[HandedItem] = []
    moved: list[MovedMembership] = []
    for load in chosen:
        # The receiver joins first: a 承辦人 has to be somebody who writes for the department.
        role = wish_of[load.department.pk].role
        moved += _admit(wish.receiver, load, role, by=by, at=at, door=door)
        for item in load.items:
            items.append(_handed(item, wish.giver))
            set_contact(item.assignment, wish.receiver, by=by, at=at, door=door)
        if wish.ends_memberships and load.membership is not None:
            moved.append(_moved(load.membership, role=""))
            memberships.leave(load.membership, by=by, at=at, door=door)
    if not items and not moved:
        words = f"{wish.giver}在勾選的單位沒有進行中的業務，沒有東西可以移交。"
        raise WorkflowError(words, Refusal.NOTHING_TO_HAND_OVER)
    content = {
        "version": HANDOVER_VERSION,
        "items": [asdict(item) for item in items],
        "memberships": [asdict(one) for one in moved],
    }
    handover = Handover(
        at=at,
        by=by,
        giver=wish.giver,
        receiver=wish.receiver,
        summary=_summary(wish, items, moved),
        content=content,
    )
    return history.save(handover, by=by, at=at, door=door)


def _lock(giver: User, receiver: User) -> None:
    """Let the second of two handovers of the same person see what the first one has left."""
    # In the order of the keys everywhere: two that lock the same rows in other orders would wait
    # for each other for ever.
    people = User.objects.filter(pk__in=[giver.pk, receiver.pk]).order_by("pk")
    list(people.select_for_update().values_list("pk", flat=True))
    begun = ProgressReport.objects.filter(written_by=giver, state__in=EDITABLE)
    keys_of_begun = begun.order_by().values("assignment")
    is_open_work = Q(contact=giver) | Q(pk__in=keys_of_begun)
    assignments = Assignment.objects.filter(is_open_work).order_by("pk")
    list(assignments.select_for_update().values_list("pk", flat=True))


def _require_two_people(giver: User, receiver: User) -> None:
    if giver == receiver:
        words = "移交人與接收人是同一個人，請另外選擇接收人。"
        raise WorkflowError(words, Refusal.NOTHING_TO_HAND_OVER)
    if not receiver.is_active or receiver.role in READ_ONLY:
        words = f"{receiver}不能填報（帳號已停用，或只能查閱），請另外選擇接收人。"
        raise WorkflowError(words, Refusal.PERSON_CANNOT_WRITE)


def _admit(
    receiver: User, load: DepartmentLoad, role: str, *, by: User, at: datetime, door: Door
) -> list[MovedMembership]:
    """Make the receiver what was asked for in the department of the load."""
    held = Membership.objects.filter(user=receiver, department=load.department).first()
    if held is None and not role:
        if not load.items:
            return []
        words = (
            f"{receiver}還不是{load.department}的人員，不能接{load.department}的項目；"
            "請選擇加入的身分，或不要勾選這個單位。"
        )
        raise WorkflowError(words, Refusal.CONTACT_IS_NO_MEMBER)
    if held is None:
        joined = memberships.join(receiver, load.department, role, by=by, at=at, door=door)
        return [_moved(joined, role=joined.role, role_before="")]
    if not role or held.role == role:
        return []
    # Before the change, while the row still has the role of before.
    change = _moved(held, role=role)
    memberships.change_role(held, role, by=by, at=at, door=door)
    return [change]


def _moved(membership: Membership, *, role: str, role_before: str | None = None) -> MovedMembership:
    if role_before is None:
        role_before = membership.role
    return MovedMembership(
        user=membership.user_id,
        department=membership.department_id,
        department_name=str(membership.department),
        role_before=role_before,
        role=role,
    )


def _handed(item: OpenItem, giver: User) -> HandedItem:
    assignment = item.assignment
    return HandedItem(
        assignment=assignment.pk,
        year=assignment.action.programme.year,
        code=assignment.action.code,
        title=assignment.action.title,
        department=str(assignment.department),
        deadline=assignment.deadline_text,
        draft=item.draft_words,
        was_contact=assignment.contact_id == giver.pk,
    )


def _summary(
    wish: HandoverWish, items: Sequence[HandedItem], moved: Sequence[MovedMembership]
) -> str:
    """「王美玲移交 2 項給吳雅雯：115-01、115-04；吳雅雯加入政風室（承辦人）」"""
    sentence = f"{wish.giver}移交 {len(items):,} 項給{wish.receiver}"
    if items:
        codes = [item.code for item in items]
        sentence += f"：{'、'.join(codes)}"
    for one in moved:
        person = wish.receiver
        if one.user == wish.giver.pk:
            person = wish.giver
        words = membership_words(one.role_before, one.role, one.department_name)
        sentence += f"；{person}{words}"
    return sentence


def membership_words(role_before: str, role: str, department: str) -> str:
    """「加入政風室（承辦人）」, 「在政風室改為單位主管」 or 「離開政風室」."""
    if not role:
        return f"離開{department}"
    label = MembershipRole(role).label
    if not role_before:
        return f"加入{department}（{label}）"
    return f"在{department}改為{label}"


@transaction.atomic
def hand_back(handover: Handover, *, by: User, at: datetime, door: Door = Door.PAGE) -> list[str]:
    """Give back what is still as the handover left it; return sentences about the rest.

    What was given to a third person since then stays there.
    """
    handover.refresh_from_db(from_queryset=Handover.objects.select_for_update())
    if handover.undone_at is not None:
        words = "這次移交已經交還過了，沒有變動。"
        raise WorkflowError(words, Refusal.HANDED_BACK_ALREADY)
    left = _restore_memberships(handover, by=by, at=at, door=door)
    # Of some items only the draft moved, because they had no 承辦人: they have none again.
    was_contact = {}
    for item in handover.items:
        was_contact[item["assignment"]] = item["was_contact"]
    rows = Assignment.objects.select_for_update(of=["self"]).filter(pk__in=was_contact)
    for assignment in rows.with_path().select_related("contact").in_order():
        if assignment.contact_id != handover.receiver_id:
            left.append(f"{assignment.action.code}已另外指定承辦人，維持不變。")
            continue
        contact = None
        if was_contact[assignment.pk]:
            contact = handover.giver
        before = history.values_of(assignment)
        # Past `full_clean`, which demands a member of the department: the giver may have left it,
        # and is named again all the same, as before the handover.
        Assignment.objects.filter(pk=assignment.pk).update(contact=contact)
        assignment.contact = contact
        fields = history.differences(before, history.values_of(assignment))
        entry = history.entry(assignment, ChangeKind.CHANGED, fields, by=by, at=at, door=door)
        entry.save()
    handover.undone_at = at
    handover.undone_by = by
    history.save(handover, by=by, at=at, door=door)
    return left


def _restore_memberships(handover: Handover, *, by: User, at: datetime, door: Door) -> list[str]:
    """What it was before, where nobody has changed it since."""
    left = []
    for moved in handover.memberships:
        person = User.objects.get(pk=moved["user"])
        department = Department.objects.get(pk=moved["department"])
        held = Membership.objects.filter(user=person, department=department).first()
        role_now = ""
        if held is not None:
            role_now = held.role
        # Somebody has decided otherwise since: that is not taken back beside.
        if role_now != moved["role"]:
            left.append(f"{person}在{department}的身分後來有變動，維持不變。")
        elif held is None:
            membership = Membership(user=person, department=department, role=moved["role_before"])
            history.save(membership, by=by, at=at, door=door)
        elif moved["role_before"]:
            memberships.change_role(held, moved["role_before"], by=by, at=at, door=door)
        else:
            memberships.leave(held, by=by, at=at, door=door)
    return left
