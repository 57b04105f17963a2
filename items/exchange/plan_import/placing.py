"""Where strategies, methods, plans and items stand, so that their order is that of the file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from items.exchange.plan_import.changes import (
    NewAction,
    RowEdit,
)
from items.exchange.plan_import.known_nodes import KnownNodes
from items.exchange.plan_import.path_tree import PathNode, PathTree
from items.exchange.plan_import.plan_now import PlanNow
from items.exchange.plan_import.row_comparison import RowComparison
from items.exchange.plan_import.sibling_order import Sibling, arrange
from items.exchange.plan_import.stored_rows import StoredAction, StoredNode


@dataclass(slots=True)
class PlacedNodes:
    """The positions of new nodes, and the stored ones that have to move."""

    positions: dict[PathNode, int] = field(default_factory=dict)
    edits: list[RowEdit] = field(default_factory=list)


def place_nodes(
    parents: Iterable[PathNode],
    known: KnownNodes,
    stored_children: Mapping[int, Iterable[StoredNode]],
) -> PlacedNodes:
    """Bring the children of each parent into the order of the file."""
    placed = PlacedNodes()
    for parent in parents:
        stored_parent = known.get(parent)
        # Those of the plan and not of the file alone: what the file lacks keeps its place among them.
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
            if stored_node is not None:
                wanted.append(stored_node.pk)
            else:
                wanted.append(node)
        for move in arrange(siblings, wanted):
            if isinstance(move.key, PathNode):
                placed.positions[move.key] = move.position
            else:
                placed.edits.append(RowEdit(stored_by_pk[move.key], {"position": move.position}))
    return placed


ActionKey = int | RowComparison
"""An item that stays is known by its key; one that comes, or is new, by its row."""


@dataclass(slots=True)
class PlacedActions:
    """New items with their positions, and stored ones that have to move."""

    new: list[NewAction] = field(default_factory=list)
    edits: list[RowEdit] = field(default_factory=list)


def place_actions(
    comparisons: Iterable[RowComparison], tree: PathTree, known: KnownNodes, plan_now: PlanNow
) -> PlacedActions:
    """Bring the items of each plan into the order of the file."""
    of_plan: dict[PathNode, list[RowComparison]] = defaultdict(list)
    leaving: set[int] = set()
    # Items that go to another plan are found first: they hold no place in their old one.
    for comparison in comparisons:
        of_plan[comparison.plan].append(comparison)
        action = comparison.action
        if action is not None and _is_under_other_plan(comparison.plan, action, known):
            leaving.add(action.pk)
    staying = _staying_in_plans(plan_now, leaving)

    placed = PlacedActions()
    for plan in tree.plans:
        stored_plan = known.plans.get(plan)
        siblings: list[Sibling[ActionKey]] = []
        if stored_plan is not None:
            siblings = staying[stored_plan.pk]
        for move in arrange(siblings, _wanted_order(of_plan[plan], leaving)):
            position = {"position": move.position}
            if isinstance(move.key, int):
                placed.edits.append(RowEdit(plan_now.actions[move.key], position))
            elif move.key.action is None:
                placed.new.append(NewAction(move.key, move.position))
            else:
                edit = RowEdit(move.key.action, position, new_plan=plan, origin=move.key)
                placed.edits.append(edit)
    return placed


def _is_under_other_plan(plan: PathNode, action: StoredAction, known: KnownNodes) -> bool:
    """Whether the file has the item below another plan than the one that it stands below now."""
    stored_plan = known.plans.get(plan)
    return stored_plan is None or stored_plan.pk != action.plan_id


def _staying_in_plans(
    plan_now: PlanNow, leaving: AbstractSet[int]
) -> dict[int, list[Sibling[ActionKey]]]:
    """The items that stay, by the key of their plan; also those that the file lacks."""
    staying: dict[int, list[Sibling[ActionKey]]] = defaultdict(list)
    for action in plan_now.actions.values():
        if action.pk in leaving:
            continue
        sibling: Sibling[ActionKey] = Sibling(key=action.pk, position=action.position, pk=action.pk)
        staying[action.plan_id].append(sibling)
    return staying


def _wanted_order(
    comparisons: Iterable[RowComparison], leaving: AbstractSet[int]
) -> list[ActionKey]:
    """The items of one plan in the order of the file."""
    wanted: list[ActionKey] = []
    for comparison in comparisons:
        if comparison.action is not None and comparison.action.pk not in leaving:
            wanted.append(comparison.action.pk)
        else:
            wanted.append(comparison)
    return wanted
