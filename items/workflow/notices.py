"""通知: the one place where somebody is told of something, and where notices are read and swept.

A verb calls `tell` in its own transaction: what did not happen is told to nobody. Notices leave no
entry in the history: they tell of what stands there already.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import models, transaction

from items.models import (
    Assignment,
    ControlStatus,
    Department,
    Deputy,
    HistoryHome,
    Membership,
    Notice,
    NoticeEvent,
    Programme,
    Question,
    Role,
    User,
)
from items.models.notices import KIND_OF, NoticeQuerySet
from plan_tracker.clock import day_of

DAYS_KEPT = 180
"""After as many days a notice goes, whether it was read or not."""


def tell(
    people: Iterable[User],
    event: NoticeEvent,
    about: models.Model,
    *,
    by: User | None,
    at: datetime,
    until: date | None = None,
    what: str = "",
    home: HistoryHome | None = None,
) -> list[Notice]:
    """Tell these people, each once, what happened to `about`; `by` is not told what they did.

    Closed accounts are not told. A deputy is told beside the person who is away. `until` is the day
    that matters to the reader; `what` names the thing where its own name would say too little. A
    caller that knows the `home` of the row gives it, which saves queries.
    """
    people_to_tell: dict[int, User] = {}
    for person in people:
        if person.is_active and person != by:
            people_to_tell[person.pk] = person
    if not people_to_tell:
        return []
    if home is None:
        # Every model has the method, which a test watches over; django-stubs cannot know that.
        home = about.history_home()  # type: ignore[attr-defined]
    data = {"what": what or str(about)}
    if until is not None:
        data["until"] = until.isoformat()
    written = []
    for receiver in _receivers(people_to_tell, by=by, at=at):
        notice = Notice(
            person=receiver.person,
            for_whom=receiver.for_whom,
            kind=KIND_OF[event],
            event=event,
            programme=home.programme,
            action=home.action,
            about=str(about._meta.model_name),
            about_id=about.pk,
            data=data,
            at=at,
            by=by,
        )
        written.append(notice)
    return Notice.objects.bulk_create(written)


class _Receiver(NamedTuple):
    """Somebody who is told; `for_whom` is the person whom a deputy stands in for."""

    person: User
    for_whom: User | None = None


def _receivers(
    people_to_tell: dict[int, User], *, by: User | None, at: datetime
) -> list[_Receiver]:
    """The people themselves, then those who stand in for them today and are not told anyway."""
    receivers = [_Receiver(person) for person in people_to_tell.values()]
    in_force = Deputy.objects.in_force(day_of(at)).filter(person__in=list(people_to_tell))
    with_deputy = in_force.filter(deputy__is_active=True).select_related("deputy")
    # Somebody may stand in for several people, and reads of one thing once.
    keys_of_told = set(people_to_tell)
    for row in with_deputy.order_by("person__username", "pk"):
        if row.deputy_id in keys_of_told or row.deputy == by:
            continue
        keys_of_told.add(row.deputy_id)
        receivers.append(_Receiver(row.deputy, for_whom=people_to_tell[row.person_id]))
    return receivers


# Who is told.


def writers_of(departments: Iterable[Department | int]) -> list[User]:
    """Everybody who writes for one of these departments, heads as well."""
    memberships = Membership.objects.who_can_write().filter(department__in=list(departments))
    rows = memberships.select_related("user").order_by("user__username", "pk")
    return [membership.user for membership in rows]


def writers_of_year(programme: Programme) -> list[User]:
    """Everybody who writes for a department that has something under control in a year."""
    controlled = Assignment.objects.filter(
        action__control_status=ControlStatus.UNDER_CONTROL,
        action__plan__method__strategy__programme=programme,
    )
    keys = controlled.order_by().values_list("department", flat=True).distinct()
    return writers_of(keys)


def people_of(assignment: Assignment, *writers: User | None) -> list[User]:
    """The people nearest to an item in its department: the 承辦人, and those who wrote about it.

    Where all of them have left the department, everybody who writes for it: what is told to nobody
    would be done by nobody.
    """
    members = writers_of([assignment.department_id])
    keys = {writer.pk for writer in writers if writer is not None}
    if assignment.contact_id is not None:
        keys.add(assignment.contact_id)
    nearest = [member for member in members if member.pk in keys]
    return nearest or members


def people_to_answer(question: Question) -> list[User]:
    """The people whom a question is for; the plan office where the person has left."""
    if question.to_department_id is not None:
        return writers_of([question.to_department_id])
    person = question.to_person
    if person is not None and person.is_active:
        return [person]
    return plan_office()


def plan_office() -> list[User]:
    """Everybody of the plan office who can sign in."""
    return list(User.objects.filter(is_active=True, role=Role.COORDINATOR).order_by("username"))


# Reading, and sweeping.


@transaction.atomic
def mark_read(notices: NoticeQuerySet, *, at: datetime) -> int:
    """已讀 of those that are not yet; how many these were."""
    return notices.unread().update(read_at=at)


def sweep(*, at: datetime, days: int = DAYS_KEPT, dry_run: bool = False) -> int:
    """Delete the notices of long ago; how many these are."""
    old = Notice.objects.filter(at__lt=at - timedelta(days=days))
    if dry_run:
        return old.count()
    deleted, _ = old.delete()
    return deleted
