"""The cells in which a row of the file differs from its item."""

from collections.abc import Iterable, Mapping

from items.exchange.columns import (
    ACTION,
    BENEFIT,
    DEADLINE,
    HANDED_OUT,
    LEAD,
    SUPPORT,
    printed,
    strategy_cell,
)
from items.exchange.plan_import.handing_out import stored_cells
from items.exchange.plan_import.known_nodes import KnownNodes
from items.exchange.plan_import.path_tree import PathNode, PathTree, same
from items.exchange.plan_import.plan_now import PlanNow
from items.exchange.plan_import.preview import CellChange
from items.exchange.plan_import.stored_rows import StoredAction, StoredNode
from items.exchange.plan_import.wanted_assignments import HandingOut
from items.exchange.plan_table.rows import PlanRow

Changes = tuple[CellChange, ...]


def cell_changes(
    rows: Iterable[PlanRow],
    tree: PathTree,
    known: KnownNodes,
    items: Mapping[int, StoredAction],
    handing_outs: Mapping[int, HandingOut],
    plan_now: PlanNow,
) -> dict[int, Changes]:
    """The changes of each row that has an item, by the number of the row."""
    changes = {}
    # Rows of one plan nearly always come from one plan: their path is compared once.
    path_changes: dict[tuple[PathNode, int], Changes] = {}
    for row in rows:
        action = items.get(row.number)
        if action is None:
            continue
        both_plans = (tree.plan_of[row.number], action.plan_id)
        of_path = path_changes.get(both_plans)
        if of_path is None:
            of_path = _changes_of_path(tree, row, known, action=action, plan_now=plan_now)
            path_changes[both_plans] = of_path
        of_row = of_path + _changes_of_item(row, action)
        handing_out = handing_outs.get(row.number)
        if handing_out is not None:
            of_row += _changes_of_departments(handing_out, action, plan_now)
        changes[row.number] = of_row
    return changes


def concerns_departments(changes: Iterable[CellChange]) -> bool:
    """Whether any of the changes says who has the item, or until when."""
    return any(change.heading in HANDED_OUT for change in changes)


def _changes_of_item(row: PlanRow, action: StoredAction) -> Changes:
    changes = []
    has_same_title = same(action.title, row.action)
    if not has_same_title:
        changes.append(CellChange(ACTION, old=action.title, new=row.action))
    has_same_benefit = same(action.expected_benefit, row.benefit)
    if not has_same_benefit:
        changes.append(CellChange(BENEFIT, old=action.expected_benefit, new=row.benefit))
    return tuple(changes)


def _changes_of_departments(
    handing_out: HandingOut, action: StoredAction, plan_now: PlanNow
) -> Changes:
    has_same_leads = _has_same_leads(handing_out, action)
    # Nearly every row ends here: the official table has no column for 協辦單位.
    if has_same_leads and handing_out.supports is None:
        return ()
    candidates = []
    if not has_same_leads:
        old = stored_cells(action, plan_now)
        new = handing_out.cells
        deadlines = CellChange(DEADLINE, printed(old.deadlines), printed(new.deadlines))
        names = CellChange(LEAD, printed(old.names), printed(new.names))
        candidates += [deadlines, names]
    # A file without the column says nothing about 協辦單位.
    if handing_out.supports is not None:
        before = printed(plan_now.department_names(action.supports))
        wanted = printed(support.name for support in handing_out.supports)
        candidates.append(CellChange(SUPPORT, before, wanted))
    return _differing(candidates)


def _has_same_leads(handing_out: HandingOut, action: StoredAction) -> bool:
    """Whether both would print the same cells, found out without printing them: most rows do."""
    if handing_out.every_department != action.every_department:
        return False
    if handing_out.separate_deadlines != action.separate_deadlines:
        return False
    wanted = [(lead.department_id, lead.deadline_text) for lead in handing_out.leads]
    stored = [(lead.department_id, lead.deadline_text) for lead in action.leads]
    return wanted == stored


def _differing(candidates: Iterable[CellChange]) -> Changes:
    return tuple(change for change in candidates if not same(change.old, change.new))


def _changes_of_path(
    tree: PathTree, row: PlanRow, known: KnownNodes, action: StoredAction, plan_now: PlanNow
) -> Changes:
    strategy, method, plan = plan_now.path_of(action)
    cell = strategy_cell(strategy.number, strategy.title)
    return _differing(
        [
            _change_of_node(tree.strategy_of[row.number], known, strategy, stored_cell=cell),
            _change_of_node(tree.method_of[row.number], known, method, stored_cell=method.title),
            _change_of_node(tree.plan_of[row.number], known, plan, stored_cell=plan.title),
        ]
    )


def _change_of_node(
    node: PathNode, known: KnownNodes, stored: StoredNode, stored_cell: str
) -> CellChange:
    # Where the node is the stored one with a new text, all items below it change: that is shown once
    # for the node and not for each item.
    is_own = known.get(node) != stored
    return CellChange(node.heading, stored_cell, node.cell, is_own=is_own)
