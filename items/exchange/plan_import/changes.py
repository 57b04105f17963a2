"""What `confirm` will write, as `plan_changes` works it out from a comparison."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Model

from items.exchange.columns import METHOD, PLAN, STRATEGY
from items.exchange.plan_import.known_nodes import KnownNodes
from items.exchange.plan_import.path_tree import PathNode
from items.exchange.plan_import.row_comparison import RowComparison
from items.exchange.plan_import.stored_rows import (
    StoredAction,
    StoredAssignment,
    StoredMethod,
    StoredNode,
    StoredPlan,
    StoredStrategy,
)
from items.exchange.plan_import.wanted_assignments import WantedAssignment
from items.models import Action, Assignment, AssignmentKind, Method, Plan, Strategy

LEVELS: dict[str, type[Strategy] | type[Method] | type[Plan]] = {
    STRATEGY: Strategy,
    METHOD: Method,
    PLAN: Plan,
}
MODELS: dict[type, type[Model]] = {
    StoredStrategy: Strategy,
    StoredMethod: Method,
    StoredPlan: Plan,
    StoredAction: Action,
    StoredAssignment: Assignment,
}


@dataclass(slots=True)
class RowEdit:
    """A stored row and the values that it gets, by the names of its columns.

    `new_plan` is given where an action goes to another plan, which may have no key yet; `origin` is
    the row of the file, where one asks for the edit.
    """

    stored: StoredNode | StoredAction | StoredAssignment
    values: dict[str, Any]
    new_plan: PathNode | None = None
    origin: RowComparison | None = None

    @property
    def model(self) -> type[Model]:
        return MODELS[type(self.stored)]

    @property
    def only_moves(self) -> bool:
        """Whether the row only changes its place among its siblings."""
        return self.values.keys() == {"position"} and self.new_plan is None


class NewNode(NamedTuple):
    """A strategy, method or plan to create; `order` is its number or position."""

    node: PathNode
    order: int

    @property
    def model(self) -> type[Strategy] | type[Method] | type[Plan]:
        return LEVELS[self.node.heading]


class NewAction(NamedTuple):
    """An item to create; its plan may have no key yet."""

    origin: RowComparison
    position: int


class NewAssignment(NamedTuple):
    """A department that gets an item, which may have no key yet."""

    origin: RowComparison
    wanted: WantedAssignment
    kind: AssignmentKind
    position: int


class RemovedAssignment(NamedTuple):
    """A department that the file no longer names; nothing has been reported on it."""

    origin: RowComparison
    stored: StoredAssignment


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """All that is to be written. `known` has the keys of the nodes that new rows may hang under."""

    known: KnownNodes
    new_nodes: list[NewNode]
    new_actions: list[NewAction]
    new_assignments: list[NewAssignment]
    edits: list[RowEdit]
    removed: list[RemovedAssignment]

    @property
    def is_empty(self) -> bool:
        has_new_rows = self.new_nodes or self.new_actions or self.new_assignments
        return not (has_new_rows or self.edits or self.removed)

    @property
    def reordered(self) -> int:
        """How many rows of the plan only change their place among their siblings."""
        moves = 0
        for edit in self.edits:
            # The order of an item's departments is no place in the plan.
            if edit.only_moves and not isinstance(edit.stored, StoredAssignment):
                moves += 1
        return moves
