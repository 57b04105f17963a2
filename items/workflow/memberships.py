"""所屬單位: who joins a department, in which role, and who leaves it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from items.models import READ_ONLY, Department, Door, Membership, MembershipRole, User
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError


def _require_writer(person: User) -> None:
    if not person.is_active:
        words = f"{person}的帳號已停用，不能加入單位；要恢復使用請洽系統管理。"
        raise WorkflowError(words, Refusal.PERSON_CANNOT_WRITE)
    if person.role in READ_ONLY:
        words = f"{person}是{person.get_role_display()}，只能查閱，不能填報或核可。"
        raise WorkflowError(words, Refusal.PERSON_CANNOT_WRITE)


def _require_known(role: str) -> None:
    if role not in MembershipRole.values:
        words = f"請選擇身分：{'或'.join(MembershipRole.labels)}。"
        raise WorkflowError(words, Refusal.ROLE_UNKNOWN)


@transaction.atomic
def join(
    person: User,
    department: Department,
    role: str,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> Membership:
    """Make somebody a member of a department."""
    _require_known(role)
    _require_writer(person)
    membership = Membership(user=person, department=department, role=role)
    try:
        return history.save(membership, by=by, at=at, door=door)
    except ValidationError as error:
        # Person, role and department are known by now: only the pair can be there already.
        words = f"{person}已經是{department}的人員；要改身分，請在名單上按「變更」。"
        raise WorkflowError(words, Refusal.MEMBER_ALREADY) from error


@transaction.atomic
def change_role(
    membership: Membership, role: str, *, by: User, at: datetime, door: Door = Door.PAGE
) -> Membership:
    """Make a member 承辦人 or 單位主管."""
    _require_known(role)
    membership.role = role
    return history.save(membership, by=by, at=at, door=door)


@transaction.atomic
def leave(membership: Membership, *, by: User, at: datetime, door: Door = Door.PAGE) -> None:
    """End a membership. What the person wrote stays, and so does the name at open work."""
    history.delete(membership, by=by, at=at, door=door)
