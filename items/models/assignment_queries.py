"""分辦, asked for by the many: which of them, in which order, and with what beside them."""

from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from items.models.actions import GONE_INTO_OTHERS, Action, ControlStatus
from items.models.assignment_lights import AssignmentLights
from items.models.light_rules import PROGRAMME
from items.models.memberships import Membership
from items.models.planned_progress import PlannedProgress
from items.models.prepared import Slot
from items.models.programme import Programme
from items.models.progress import ProgressReport


class AssignmentKind(models.TextChoices):
    """主協辦: whether a department leads (主辦) or supports (協辦)."""

    LEAD = "lead", "主辦"
    SUPPORT = "support", "協辦"


OFFICIAL_ORDER = (
    # Two rows may stand at the same position: their keys keep what belongs together together.
    "action__plan__method__strategy__number",
    "action__plan__method__position",
    "action__plan__method_id",
    "action__plan__position",
    "action__plan_id",
    "action__position",
    "action_id",
    "kind",
    "position",
    "id",
)
"""What assignments are sorted by as the official table prints them."""


class AssignmentQuerySet(AssignmentLights):
    """Which assignments, in which order, and with what beside them."""

    def for_programme(self, programme: Programme) -> Self:
        return self.filter(**{PROGRAMME: programme})

    def of_own_year(self, programme: int | Slot) -> Self:
        """As `for_programme`, by the copy in the row: for a part of a year, or its columns alone.

        Where all items of a year are read with their path, SQLite takes twice as long this way.
        """
        return self.filter(of_year=programme)

    def not_released(self) -> Self:
        """As `controlled`, without a look at the action of each row.

        The others are few, and a small index has their keys: all assignments of a year are then
        counted in 20 ms instead of 130 (100,000 of them).
        """
        released = Action.objects.filter(~Q(control_status=ControlStatus.UNDER_CONTROL))
        return self.exclude(action__in=released.order_by().values("pk"))

    def lead(self) -> Self:
        return self.filter(kind=AssignmentKind.LEAD)

    def with_contact(self) -> Self:
        """With the 承辦人, and `contact_can_write`: whether that person still can write it.

        Somebody who has left the department or the office stays named until the work is handed
        over, so that nobody has to remember what it was.
        """
        memberships = Membership.objects.who_can_write().filter(
            user=OuterRef("contact"), department=OuterRef("department")
        )
        return self.select_related("contact").annotate(contact_can_write=Exists(memberships))

    def with_past(self) -> Self:
        """Annotate `has_past`: it has reports, 預定進度 or applications, and stays where it is.

        So do all departments of an item that others took over: they are its record.
        """
        reports = ProgressReport.objects.filter(assignment=OuterRef("pk"))
        planned_entries = PlannedProgress.objects.filter(assignment=OuterRef("pk"))
        # By name and not by import: the module of applications imports this one.
        control_requests = apps.get_model("items", "ControlRequest")
        requests = control_requests._default_manager.filter(assignment=OuterRef("pk"))
        is_over = Q(action__control_status__in=GONE_INTO_OTHERS)
        has_past = Exists(reports) | Exists(planned_entries) | Exists(requests) | is_over
        return self.annotate(has_past=has_past)

    def with_path(self) -> Self:
        """With everything from the programme down to the action, in the same query."""
        return self.select_related("department", PROGRAMME)

    def in_order(self) -> Self:
        """By action as the official table prints them, then by department as written."""
        return self.order_by(*OFFICIAL_ORDER)
