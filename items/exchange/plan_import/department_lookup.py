"""The departments that the cells of a file name, and the names that are of none."""

from collections.abc import Iterable, Sequence
from itertools import islice, zip_longest
from typing import NamedTuple

from items.exchange.departments import Departments
from items.exchange.plan_import.findings import Finding, error
from items.exchange.plan_import.preview import UnknownDepartment
from items.exchange.plan_import.stored_rows import StoredAction
from items.exchange.plan_table.rows import Place, PlanRow
from items.models import Department

MOST_UNKNOWN = 100
"""As many unknown departments as the preview names: a hostile file has one in each cell."""


class KnownDepartments(NamedTuple):
    """The department of each name, None where no department may be used."""

    departments: list[Department | None]
    findings: list[Finding]


class DepartmentLookup:
    """Looks up the names of one row after the other, and remembers those that are unknown."""

    def __init__(self, departments: Iterable[Department]) -> None:
        self._departments = Departments(departments)
        # A dictionary keeps the order of the file.
        self._unknown_names: dict[str, None] = {}

    def is_every(self, names: Iterable[str]) -> bool:
        """Whether one of the names is 各單位."""
        return self._departments.is_every(names)

    def everybody(self, action: StoredAction | None) -> list[Department]:
        """The active departments, and those that have the item as part of 各單位.

        A department that is no longer active keeps what it has: the cell says nothing of its going.
        """
        had = set()
        if action is not None and action.every_department:
            had = {lead.department_id for lead in action.leads}
        everybody = []
        for department in self._departments.all:
            if department.is_active or department.pk in had:
                everybody.append(department)
        return everybody

    def look_up(
        self,
        row: PlanRow,
        heading: str,
        names: Sequence[str],
        action: StoredAction | None,
        *,
        places: Sequence[Place] = (),
    ) -> KnownDepartments:
        """The department of each name; `places` are the cells of the names, where known."""
        had = set()
        if action is not None:
            had = {assignment.department_id for assignment in action.assignments}
        departments = []
        findings = []
        for name, place in zip_longest(names, places):
            department = self._departments.find(name)
            if department is None:
                words = self._departments.why_unknown(name, heading)
                # The preview offers to make a department of it.
                self._unknown_names[name] = None
                findings.append(error(row, heading, words, place=place))
            elif not department.is_active and department.pk not in had:
                findings.append(error(row, heading, department.nothing_new_words(), place=place))
            departments.append(department)
        return KnownDepartments(departments, findings)

    def unknown_departments(self) -> list[UnknownDepartment]:
        """The unknown names that may be departments, and what each resembles."""
        unknown = []
        for name in islice(self._unknown_names, MOST_UNKNOWN):
            if self._departments.is_of_one(name):
                similar = self._departments.most_similar(name)
                similar_name = ""
                if similar is not None:
                    similar_name = similar.name
                unknown.append(UnknownDepartment(name, similar_name))
        return unknown
