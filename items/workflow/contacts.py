"""承辦人: who looks after an item in its department."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from items.models import Assignment, Door, User
from items.models.assignment_queries import AssignmentQuerySet
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError


@dataclass(frozen=True)
class ContactWish:
    """Somebody chose `wanted` for an assignment on a page that showed `shown`."""

    assignment_id: int
    shown: User | None
    wanted: User | None


@dataclass(frozen=True)
class ContactChanges:
    """What became of the wishes; `refused` are sentences about those that were not carried out."""

    changed: list[Assignment]
    refused: list[str]


@transaction.atomic
def set_contacts(
    wishes: Iterable[ContactWish],
    within: AssignmentQuerySet,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> ContactChanges:
    """Give the assignments their 承辦人; `within` are those that the person may change.

    A wish for what somebody else has changed since the page was opened is refused, and the others
    are carried out. One that changes nothing leaves the row as it is.
    """
    # The page sends a choice for every row, most of them untouched.
    wish_of = {}
    for wish in wishes:
        if wish.wanted != wish.shown:
            wish_of[wish.assignment_id] = wish
    # By a query of its own: one with annotations and outer joins cannot be locked in PostgreSQL.
    allowed_keys = list(within.filter(pk__in=wish_of).values_list("pk", flat=True))
    rows = Assignment.objects.select_for_update(of=["self"]).filter(pk__in=allowed_keys)
    changed = []
    refused = []
    for assignment in rows.with_path().select_related("contact").in_order():
        wish = wish_of[assignment.pk]
        # A colleague has chosen the same person: nothing is left to do, and nothing to complain of.
        if assignment.contact == wish.wanted:
            continue
        if assignment.contact != wish.shown:
            refused.append(_overtaken(assignment))
            continue
        try:
            set_contact(assignment, wish.wanted, by=by, at=at, door=door)
        except WorkflowError as error:
            refused.append(str(error))
        else:
            changed.append(assignment)
    number_out_of_reach = len(wish_of) - len(allowed_keys)
    if number_out_of_reach:
        words = f"有 {number_out_of_reach:,} 項已不在列管中，或不是您能分工的項目，承辦人沒有變動。"
        refused.append(words)
    return ContactChanges(changed, refused)


def set_contact(
    assignment: Assignment,
    contact: User | None,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> Assignment:
    """Name the 承辦人 of one assignment, which the caller has locked; None is nobody."""
    assignment.contact = contact
    try:
        return history.save(assignment, by=by, at=at, door=door)
    except ValidationError as error:
        words = f"{assignment.action.code}：{''.join(error.messages)}"
        raise WorkflowError(words, Refusal.CONTACT_IS_NO_MEMBER) from error


def _overtaken(assignment: Assignment) -> str:
    now = "未指定"
    if assignment.contact is not None:
        now = f"「{assignment.contact}」"
    return (
        f"{assignment.action.code} {assignment.department}沒有儲存：您開啟這一頁之後，"
        f"承辦人已經有人改為{now}。請看過目前的分工，再選一次。"
    )
