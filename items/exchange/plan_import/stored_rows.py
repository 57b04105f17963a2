"""Rows of the plan as the database holds them: plain values, of which an import compares thousands."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from items.models import Action, Assignment, Method, Plan, Strategy
from items.models.actions import GONE_INTO_OTHERS

# The classes below name their fields as the columns of the models are named (`plan_id`, not
# `plan`): one list of names serves for reading, comparing, writing and undoing.


class StoredStrategy(NamedTuple):
    """A strategy as the database holds it."""

    pk: int
    programme_id: int
    number: int
    title: str

    @property
    def parent_id(self) -> int:
        return self.programme_id

    @property
    def order(self) -> int:
        return self.number

    def as_row(self) -> Strategy:
        return Strategy(**self._asdict())


class StoredMethod(NamedTuple):
    """A method as the database holds it."""

    pk: int
    strategy_id: int
    position: int
    title: str

    @property
    def parent_id(self) -> int:
        return self.strategy_id

    @property
    def order(self) -> int:
        return self.position

    def as_row(self) -> Method:
        return Method(**self._asdict())


class StoredPlan(NamedTuple):
    """A plan as the database holds it."""

    pk: int
    method_id: int
    position: int
    title: str

    @property
    def parent_id(self) -> int:
        return self.method_id

    @property
    def order(self) -> int:
        return self.position

    def as_row(self) -> Plan:
        return Plan(**self._asdict())


StoredNode = StoredStrategy | StoredMethod | StoredPlan
"""One of the three levels above the actions; `order` is its number or position."""


class StoredAssignment(NamedTuple):
    """An assignment as the database holds it: what files say of one.

    A day costs as much as all other values of a row, and of 10,000 items there are 20,000 rows:
    分辦日 and 承辦人, which no file says, are fetched of removed rows alone.
    """

    pk: int
    action_id: int
    department_id: int
    kind: str
    position: int
    deadline: date
    deadline_text: str
    # No file says it, but no row is written without it, also where it is only changed.
    of_year_id: int

    def as_row(self) -> Assignment:
        return Assignment(**self._asdict())


@dataclass(slots=True)
class StoredAction:
    """An action as the database holds it, with its assignments in order."""

    pk: int
    plan_id: int
    position: int
    code: str
    title: str
    expected_benefit: str
    every_department: bool
    separate_deadlines: bool
    # No file says it, and no import writes it.
    control_status: str
    leads: list[StoredAssignment] = field(default_factory=list)
    supports: list[StoredAssignment] = field(default_factory=list)

    @property
    def assignments(self) -> list[StoredAssignment]:
        return self.leads + self.supports

    @property
    def has_gone_into_others(self) -> bool:
        """Whether other items stand for it (併案, 分案)."""
        return self.control_status in GONE_INTO_OTHERS

    def as_row(self) -> Action:
        """An instance with all that an import may write."""
        return Action(
            pk=self.pk,
            plan_id=self.plan_id,
            position=self.position,
            code=self.code,
            title=self.title,
            expected_benefit=self.expected_benefit,
            every_department=self.every_department,
            separate_deadlines=self.separate_deadlines,
        )


class StoredPath(NamedTuple):
    """The rows above an action."""

    strategy: StoredStrategy
    method: StoredMethod
    plan: StoredPlan
