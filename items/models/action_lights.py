"""The light of an action, which is that of its assignments."""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery

from items.models.actions import ActionQuerySet
from items.models.assignments import Assignment
from items.models.departments import Department
from items.models.light_basis import LightBasis


def with_worst_light(
    actions: ActionQuerySet, basis: LightBasis, department: Department | None = None
) -> ActionQuerySet:
    """Annotate `severity` of the worst lead assignment, or of one department's.

    `AssignmentQuerySet.with_light` says the rule; it is None where nothing is handed out. This is
    no method of the actions' queryset, since the plan would have to import its assignments.
    """
    assignments = Assignment.objects.filter(action=OuterRef("pk"))
    if department is None:
        assignments = assignments.lead()
    else:
        assignments = assignments.filter(department=department)
    # Any, since django-stubs looks for annotations among the fields.
    lit: models.QuerySet[Any] = assignments.with_light(basis)
    worst = lit.order_by("-severity", "position", "id")
    # As a mapping: django-stubs takes the keyword for a second definition of the attribute.
    return actions.annotate(**{"severity": Subquery(worst.values("severity")[:1])})
