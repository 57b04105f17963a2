"""From a comparison without errors to what is to be written: one list of changes from each pass."""

from collections.abc import Iterable, Mapping
from typing import Any

from items.exchange.columns import ACTION, BENEFIT, DEADLINE, LEAD
from items.exchange.plan_import import department_changes, placing
from items.exchange.plan_import.changes import NewNode, PlanChanges, RowEdit
from items.exchange.plan_import.known_nodes import KnownNodes
from items.exchange.plan_import.path_tree import PathNode, PathTree, same
from items.exchange.plan_import.plan_now import PlanNow, by_parent
from items.exchange.plan_import.row_comparison import RowComparison
from items.exchange.plan_import.stored_rows import StoredAction


def plan_changes(
    comparisons: Iterable[RowComparison], tree: PathTree, known: KnownNodes, plan_now: PlanNow
) -> PlanChanges:
    """The changes of rows without errors, under a tree whose nodes have been recognised."""
    comparisons = list(comparisons)
    methods = placing.place_nodes(tree.strategies, known, by_parent(plan_now.methods))
    plans = placing.place_nodes(tree.methods, known, by_parent(plan_now.plans))
    actions = placing.place_actions(comparisons, tree, known, plan_now=plan_now)
    assignments = department_changes.hand_out(comparisons, plan_now)
    # The history has its entries in this order: from the top of the plan down.
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
        row = (edit.model, edit.stored.pk)
        earlier = by_row.get(row)
        if earlier is None:
            by_row[row] = edit
            continue
        # PostgreSQL refuses a statement that writes one row twice.
        earlier.values.update(edit.values)
        earlier.new_plan = earlier.new_plan or edit.new_plan
        earlier.origin = earlier.origin or edit.origin
    return list(by_row.values())


def _new_nodes(
    tree: PathTree, known: KnownNodes, positions: Mapping[PathNode, int]
) -> list[NewNode]:
    """New nodes from the top down, each level in the order of the file."""
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
    row = comparison.row
    handing_out = comparison.handing_out
    headings = comparison.changed_headings
    values: dict[str, Any] = {}
    if ACTION in headings:
        values["title"] = row.action
    if BENEFIT in headings:
        values["expected_benefit"] = row.benefit
    names_others = LEAD in headings or DEADLINE in headings
    if handing_out is not None and names_others:
        if handing_out.every_department != action.every_department:
            values["every_department"] = handing_out.every_department
        if handing_out.separate_deadlines != action.separate_deadlines:
            values["separate_deadlines"] = handing_out.separate_deadlines
    return values
