"""The other departments of an item, beside the form of one of them."""

from dataclasses import dataclass

from items.models import Assignment, Period, ProgressReport, User
from items.models.light_basis import LightBasis
from items.worklists.official_text import sent_parts
from items.worklists.report_page import other_departments


@dataclass(frozen=True)
class DepartmentBeside:
    """Another department's share of the item; `report` is what it has sent for the period."""

    assignment: Assignment
    report: ProgressReport | None


def departments_beside(
    user: User, assignment: Assignment, period: Period, basis: LightBasis
) -> list[DepartmentBeside]:
    """The others of the same action, leads first, with what this person may read of them."""
    others = other_departments(user, assignment, basis)
    if not others:
        return []
    reports = sent_parts(user, others, period)
    return [DepartmentBeside(other, reports.get(other.pk)) for other in others]
