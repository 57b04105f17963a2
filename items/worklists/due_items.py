"""即將到期: what falls due soon in the departments that somebody heads, beside 待我核可."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from items import access
from items.access.prepared import PreparedForPerson
from items.lights import SEVERITY, Light
from items.models import (
    Assignment,
    MembershipRole,
    Programme,
    User,
)
from items.models.assignment_queries import AssignmentQuerySet
from items.models.earlier_deadlines import show_earlier
from items.models.light_basis import LightBasis
from items.worklists.waiting import WINDOW


@dataclass(frozen=True)
class DueItem:
    """An assignment that falls due soon; its light and progress are annotated."""

    assignment: Assignment

    @property
    def progress_words(self) -> str:
        """「最近填報 72%／當時預定 78%」: the report's own page has the same two figures."""
        assignment = self.assignment
        if assignment.reported_until is None:
            return f"還沒有填報，到今天預定 {assignment.planned}%"
        return f"最近填報 {assignment.actual}%／當時預定 {assignment.planned}%"


def due_soon(
    user: User, programme: Programme, today: date, basis: LightBasis | None = None
) -> AssignmentQuerySet:
    """What falls due within the programme's 即將到期 days in the departments that one heads."""
    if basis is None:
        basis = LightBasis.of(programme, today)
    return (
        access.assignments_to_report(user)
        .for_programme(programme)
        .filter(department__in=access.departments_of(user, role=MembershipRole.HEAD))
        .with_light(basis)
        # From today on: what is past is 逾期, which a head sees by its light.
        .filter(Q(light_days__range=(0, programme.soon_days)))
        # Nobody reports any more on what is 已解除.
        .exclude(Q(severity=SEVERITY[Light.DONE]))
        .select_related("action", "department")
        .order_by("deadline", "action__code", "pk")
    )


_DUE_SOON = PreparedForPerson(
    lambda user, basis, number: due_soon(user, basis.programme, basis.today, basis)[:number]
)


def due_items(user: User, basis: LightBasis) -> list[DueItem]:
    """The first `WINDOW` of `due_soon`."""
    items = []
    shown = _DUE_SOON(user, basis, WINDOW)
    if shown:
        show_earlier(shown, basis.programme)
    for assignment in shown:
        # They are of the reader's own departments.
        assignment.reportable = True
        items.append(DueItem(assignment))
    return items
