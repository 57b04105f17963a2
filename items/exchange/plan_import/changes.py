"""What `confirm` will write, worked out from a comparison without errors."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Model

from items.exchange.columns import ACTION, BENEFIT, DEADLINE, LEAD, METHOD, PLAN, STRATEGY
from items.exchange.plan_import.handing_out import HandingOut, WantedAssignment
from items.exchange.plan_import.path_tree import KnownNodes, PathNode, PathTree, same
from items.exchange.plan_import.plan_now import (
    PlanNow,
    StoredAction,
    StoredAssignment,
    StoredMethod,
    StoredNode,
    StoredPlan,
    StoredStrategy,
    by_parent,
)
from items.exchange.plan_import.row_comparison import RowComparison
from items.exchange.plan_import.sibling_order import Sibling, arrange
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
        return not (
            self.new_nodes or self.new_actions or self.new_assignments or self.edits or self.removed
        )

    @property
    def reordered(self) -> int:
        """How many rows of the plan only change their place among their siblings."""
        moves = [
            edit
            for edit in self.edits
            if edit.only_moves and not isinstance(edit.stored, StoredAssignment)
        ]
        return len(moves)


def plan_changes(
    comparisons: Iterable[RowComparison], tree: PathTree, known: KnownNodes, plan_now: PlanNow
) -> PlanChanges:
    """The changes of rows without errors, under a tree whose nodes have been recognised."""
    comparisons = list(comparisons)
    methods = _place_nodes(tree.strategies, known, by_parent(plan_now.methods))
    plans = _place_nodes(tree.methods, known, by_parent(plan_now.plans))
    actions = _place_actions(comparisons, tree, known, plan_now)
    assignments = _hand_out(comparisons, plan_now)
    edits = [
        *_new_titles(tree, known),
        *methods.edits,
        *plans.edits,
        *actions.edits,
        *_new_cells(comparisons),
        *assignments.edits,
    ]
    return PlanChanges(
        known=known,
        new_nodes=_new_nodes(tree, known, methods.positions | plans.positions),
        new_actions=actions.new,
        new_assignments=assignments.new,
        edits=_merged(edits),
        removed=assignments.removed,
    )


def _merged(edits: Iterable[RowEdit]) -> list[RowEdit]:
    """One edit for each stored row, whichever passes ask for it."""
    by_row: dict[tuple[type, int], RowEdit] = {}
    for edit in edits:
        earlier = by_row.setdefault((edit.model, edit.stored.pk), edit)
        if earlier is not edit:
            earlier.values.update(edit.values)
            earlier.new_plan = earlier.new_plan or edit.new_plan
            earlier.origin = earlier.origin or edit.origin
    return list(by_row.values())


def _new_nodes(
    tree: PathTree, known: KnownNodes, positions: Mapping[PathNode, int]
) -> list[NewNode]:
    """From the top down, and of one level in the order of the file."""
    new_nodes = []
    for node in tree.nodes():
        if known.get(node) is None:
            # A strategy's number stands in the file; it has no position beside it.
            new_nodes.append(NewNode(node, positions.get(node, node.number)))
    return new_nodes


def _new_titles(tree: PathTree, known: KnownNodes) -> list[RowEdit]:
    edits = []
    for node in tree.nodes():
        stored = known.get(node)
        if stored is not None and not same(stored.title, node.title):
            edits.append(RowEdit(stored, {"title": node.title}))
    return edits


@dataclass(slots=True)
class _PlacedNodes:
    """The positions of new nodes, and the stored ones that have to move."""

    positions: dict[PathNode, int] = field(default_factory=dict)
    edits: list[RowEdit] = field(default_factory=list)


def _place_nodes(
    parents: Iterable[PathNode],
    known: KnownNodes,
    stored_children: Mapping[int, Iterable[StoredNode]],
) -> _PlacedNodes:
    """Bring the children of each parent into the order of the file."""
    placed = _PlacedNodes()
    for parent in parents:
        stored_parent = known.get(parent)
        stored_by_pk = {}
        if stored_parent is not None:
            for stored in stored_children.get(stored_parent.pk, ()):
                stored_by_pk[stored.pk] = stored
        siblings: list[Sibling[int | PathNode]] = [
            Sibling(key=stored.pk, position=stored.order, pk=stored.pk)
            for stored in stored_by_pk.values()
        ]
        wanted: list[int | PathNode] = []
        for node in parent.children.values():
            stored_node = known.get(node)
            wanted.append(node if stored_node is None else stored_node.pk)
        for move in arrange(siblings, wanted):
            if isinstance(move.key, PathNode):
                placed.positions[move.key] = move.position
            else:
                placed.edits.append(RowEdit(stored_by_pk[move.key], {"position": move.position}))
    return placed


@dataclass(slots=True)
class _PlacedActions:
    """New items with their positions, and stored ones that have to move."""

    new: list[NewAction] = field(default_factory=list)
    edits: list[RowEdit] = field(default_factory=list)


def _place_actions(
    comparisons: Iterable[RowComparison], tree: PathTree, known: KnownNodes, plan_now: PlanNow
) -> _PlacedActions:
    """Bring the items of each plan into the order of the file."""
    of_plan: dict[PathNode, list[RowComparison]] = defaultdict(list)
    leaving = set()
    for comparison in comparisons:
        of_plan[comparison.plan].append(comparison)
        if comparison.action is not None:
            stored_plan = known.plans.get(comparison.plan)
            if stored_plan is None or stored_plan.pk != comparison.action.plan_id:
                leaving.add(comparison.action.pk)
    staying: dict[int, list[Sibling[int | RowComparison]]] = defaultdict(list)
    for action in plan_now.actions.values():
        if action.pk not in leaving:
            sibling: Sibling[int | RowComparison] = Sibling(
                key=action.pk, position=action.position, pk=action.pk
            )
            staying[action.plan_id].append(sibling)

    placed = _PlacedActions()
    for plan in tree.plans:
        stored_plan = known.plans.get(plan)
        siblings = [] if stored_plan is None else staying[stored_plan.pk]
        # An item that stays is known by its key; one that comes, or is new, by its row.
        wanted: list[int | RowComparison] = []
        for comparison in of_plan[plan]:
            if comparison.action is not None and comparison.action.pk not in leaving:
                wanted.append(comparison.action.pk)
            else:
                wanted.append(comparison)
        for move in arrange(siblings, wanted):
            if isinstance(move.key, int):
                edit = RowEdit(plan_now.actions[move.key], {"position": move.position})
                placed.edits.append(edit)
            elif move.key.action is None:
                placed.new.append(NewAction(move.key, move.position))
            else:
                edit = RowEdit(
                    move.key.action,
                    {"position": move.position},
                    new_plan=plan,
                    origin=move.key,
                )
                placed.edits.append(edit)
    return placed


def _new_cells(comparisons: Iterable[RowComparison]) -> list[RowEdit]:
    """The fields of items that the file changes."""
    edits = []
    for comparison in comparisons:
        if comparison.action is not None and comparison.changes:
            values = _values_of_item(comparison, comparison.action)
            if values:
                edits.append(RowEdit(comparison.action, values, origin=comparison))
    return edits


def _values_of_item(comparison: RowComparison, action: StoredAction) -> dict[str, Any]:
    row, handing_out = comparison.row, comparison.handing_out
    headings = comparison.changed_headings
    values: dict[str, Any] = {}
    if ACTION in headings:
        values["title"] = row.action
    if BENEFIT in headings:
        values["expected_benefit"] = row.benefit
    if handing_out is not None and (LEAD in headings or DEADLINE in headings):
        if handing_out.every_department != action.every_department:
            values["every_department"] = handing_out.every_department
        if handing_out.separate_deadlines != action.separate_deadlines:
            values["separate_deadlines"] = handing_out.separate_deadlines
    return values


@dataclass(slots=True)
class _HandedOut:
    """Departments that get an item, keep it in another way, or lose it."""

    new: list[NewAssignment] = field(default_factory=list)
    edits: list[RowEdit] = field(default_factory=list)
    removed: list[RemovedAssignment] = field(default_factory=list)


def _hand_out(comparisons: Iterable[RowComparison], plan_now: PlanNow) -> _HandedOut:
    handed_out = _HandedOut()
    for comparison in comparisons:
        handing_out = comparison.handing_out
        if handing_out is None:
            continue
        if comparison.action is None:
            handed_out.new += _wanted(comparison, handing_out, plan_now)
        elif comparison.changes_departments:
            again = _hand_out_again(comparison, handing_out, comparison.action, plan_now)
            handed_out.new += again.new
            handed_out.edits += again.edits
            handed_out.removed += again.removed
    return handed_out


def _wanted(
    comparison: RowComparison, handing_out: HandingOut, plan_now: PlanNow
) -> list[NewAssignment]:
    """The departments of the row as if they all were new, leads first, in the order of the file."""
    wanted = []
    for place, lead in enumerate(handing_out.leads, start=1):
        position = place
        if handing_out.every_department:
            # 各單位 stand in the order of the office, whatever the file says.
            position = plan_now.departments[lead.department_id].position
        wanted.append(NewAssignment(comparison, lead, AssignmentKind.LEAD, position))
    for place, support in enumerate(handing_out.supports or (), start=1):
        wanted.append(NewAssignment(comparison, support, AssignmentKind.SUPPORT, place))
    return wanted


def _hand_out_again(
    comparison: RowComparison, handing_out: HandingOut, action: StoredAction, plan_now: PlanNow
) -> _HandedOut:
    """What changes for the departments of an item that exists."""
    handed_out = _HandedOut()
    by_department = {stored.department_id: stored for stored in action.assignments}
    reordered = _reordered_kinds(handing_out, action)
    for new in _wanted(comparison, handing_out, plan_now):
        stored = by_department.get(new.wanted.department_id)
        if stored is None:
            handed_out.new.append(new)
            continue
        values = _values_of_assignment(comparison, stored, new.wanted, new.kind)
        if new.kind in reordered and stored.position != new.position:
            values["position"] = new.position
        if values:
            handed_out.edits.append(RowEdit(stored, values, origin=comparison))
    handed_out.removed = _removed(comparison, handing_out, action)
    return handed_out


def _reordered_kinds(handing_out: HandingOut, action: StoredAction) -> set[AssignmentKind]:
    """The kinds of assignment whose departments, or their order, are not those of before."""
    reordered = set()
    if _departments(handing_out.leads) != _departments(action.leads):
        reordered.add(AssignmentKind.LEAD)
    supports = handing_out.supports or ()
    if _departments(supports) != _departments(action.supports):
        reordered.add(AssignmentKind.SUPPORT)
    return reordered


def _departments(assignments: Iterable[WantedAssignment | StoredAssignment]) -> list[int]:
    return [assignment.department_id for assignment in assignments]


def _values_of_assignment(
    comparison: RowComparison,
    stored: StoredAssignment,
    wanted: WantedAssignment,
    kind: AssignmentKind,
) -> dict[str, Any]:
    """The fields of an assignment that the file changes."""
    values: dict[str, Any] = {}
    if stored.kind != kind:
        values["kind"] = kind
    takes_deadline = kind == AssignmentKind.LEAD or _follows_the_leads(comparison, stored)
    if takes_deadline and not same(stored.deadline_text, wanted.deadline_text):
        values["deadline"] = wanted.deadline
        values["deadline_text"] = wanted.deadline_text
    return values


def _follows_the_leads(comparison: RowComparison, support: StoredAssignment) -> bool:
    """協辦 gets a new deadline of the leads only where it had theirs before."""
    if comparison.action is None or DEADLINE not in comparison.changed_headings:
        return False
    lead_texts = {lead.deadline_text for lead in comparison.action.leads}
    return support.deadline_text in lead_texts


def _removed(
    comparison: RowComparison, handing_out: HandingOut, action: StoredAction
) -> list[RemovedAssignment]:
    """What the file no longer names; the comparison has made sure that nothing was reported on it."""
    named = handing_out.department_ids
    removed = []
    for stored in action.assignments:
        has_column = stored.kind == AssignmentKind.LEAD or handing_out.supports is not None
        if has_column and stored.department_id not in named:
            removed.append(RemovedAssignment(comparison, stored))
    return removed
