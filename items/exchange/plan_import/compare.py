"""The official table of a file against the database, in sets: nothing is written.

The order of the passes stands in `compare`. Each pass takes what it needs, and returns its result
with what it finds wrong or odd.
"""

from collections.abc import Mapping, Sequence

from items.exchange.columns import STRATEGY, strategy_cell
from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_import import checks, find_items, handing_out, known_nodes, path_tree
from items.exchange.plan_import.cell_changes import cell_changes
from items.exchange.plan_import.findings import Findings, problems_of_no_row
from items.exchange.plan_import.known_nodes import KnownNodes
from items.exchange.plan_import.lost_characters import lost_characters, lost_words
from items.exchange.plan_import.other_year import other_year_words
from items.exchange.plan_import.path_tree import PathTree
from items.exchange.plan_import.plan_changes import plan_changes
from items.exchange.plan_import.plan_now import PlanNow, highest_number, load
from items.exchange.plan_import.preview import (
    ComparedRow,
    IgnoredLine,
    ImportPreview,
    KeptItem,
    RenamedNode,
    Status,
)
from items.exchange.plan_import.row_comparison import RowComparison
from items.exchange.plan_import.stored_rows import StoredAction
from items.exchange.plan_table.rows import PlanRow, PlanTable
from items.models import Programme


@garbage_collection_paused
def compare(table: PlanTable, programme: Programme, *, lock: bool = False) -> ImportPreview:
    """What an import of the table would do to the programme.

    The number of queries depends neither on the file's size nor on the plan's. `lock` is for
    `confirm`, inside its transaction.
    """
    return compare_with(table, programme, load(programme, lock))


def compare_with(table: PlanTable, programme: Programme, plan_now: PlanNow) -> ImportPreview:
    """The same, without asking the database.

    The result depends on nothing but these three arguments: `look` keeps it under their fingerprint.
    """
    rows = table.rows
    # What the reading has found wrong comes first: such a row is not looked for in the plan.
    findings = Findings(table)
    findings.add(checks.too_long(rows))

    tree = path_tree.grow(rows, findings.failed, plan_now)
    findings.add(tree.findings)

    matches = find_items.match(rows, tree, findings.failed, plan_now=plan_now, year=programme.year)
    findings.add(matches.findings)
    items = matches.items

    # After the items were found: a plan with a new text is recognised by the items that have stayed
    # below it.
    known = known_nodes.recognise(tree, items, plan_now)

    # Beside the items: a department that is closed by now keeps what it has, and gets nothing new.
    handing_outs = handing_out.resolve(rows, items, plan_now)
    findings.add(handing_outs.findings)
    handed_out = handing_outs.by_row

    changes = cell_changes(
        rows, tree, known, items=items, handing_outs=handed_out, plan_now=plan_now
    )
    in_use = checks.in_use(
        rows,
        items,
        handed_out,
        changes=changes,
        cells_in_error=findings.cells_in_error,
        plan_now=plan_now,
    )
    findings.add(in_use)
    findings.add(checks.taken_over(rows, items, changes))

    # From here on no pass finds an error.
    failed = findings.failed
    not_new = failed | items.keys()
    new_rows = [row for row in rows if row.number not in not_new]
    missing = _missing(items, plan_now)
    findings.add(checks.likely_edits(new_rows, missing, tree, known=known))
    lost = lost_characters(table, changes, new_rows, missing=missing)
    findings.add(lost)

    # A row with an error gets no code: the codes shown are those that the import will give.
    codes = _new_codes(new_rows, programme, plan_now)
    comparisons = []
    for row in rows:
        action = items.get(row.number)
        code = codes.get(row.number, "")
        if action is not None:
            code = action.code
        comparison = RowComparison(
            row=row,
            plan=tree.plan_of[row.number],
            action=action,
            code=code,
            handing_out=handed_out.get(row.number),
            changes=changes.get(row.number, ()),
            is_failed=row.number in failed,
        )
        comparisons.append(comparison)
    # Whole or not at all: with one error nothing is worked out that could be written.
    to_write = None
    if not findings.errors:
        to_write = plan_changes(comparisons, tree, known, plan_now=plan_now)
    return ImportPreview(
        sheet=table.sheet,
        rows=tuple(_compared(comparison) for comparison in comparisons),
        errors=findings.sorted_errors(),
        warnings=tuple(findings.warnings),
        notes=tuple(checks.notes_on_table(table)),
        ignored=_ignored_below_heading(table),
        ignored_columns=tuple(table.ignored_columns),
        missing=tuple(KeptItem(action.code, action.title) for action in missing),
        renamed=_renamed(tree, known),
        other_errors=problems_of_no_row(table),
        unknown_departments=tuple(handing_outs.unknown),
        other_year=other_year_words(table, programme),
        lost_characters=lost_words(lost),
        plan_changes=to_write,
    )


def _missing(items: Mapping[int, StoredAction], plan_now: PlanNow) -> list[StoredAction]:
    """The items that no row of the file speaks of."""
    in_file = {action.pk for action in items.values()}
    return [action for action in plan_now.actions.values() if action.pk not in in_file]


def _new_codes(
    new_rows: Sequence[PlanRow], programme: Programme, plan_now: PlanNow
) -> dict[int, str]:
    """Codes by the number of the row: the next that no item has ever had, in the file's order."""
    codes: dict[int, str] = {}
    # The same file again brings nothing new: then the codes of all items are not looked through.
    if not new_rows:
        return codes
    number = highest_number(programme, plan_now.actions.values())
    for row in new_rows:
        number += 1
        codes[row.number] = programme.code_of(number)
    return codes


def _compared(comparison: RowComparison) -> ComparedRow:
    handing_out = None
    benefit = ""
    if comparison.is_failed:
        status = Status.ERROR
    elif comparison.action is None:
        status = Status.NEW
        handing_out = comparison.handing_out
        benefit = comparison.row.benefit
    elif comparison.changes:
        status = Status.CHANGED
    else:
        status = Status.UNCHANGED
    return ComparedRow(
        number=comparison.row.number,
        status=status,
        code=comparison.code,
        path=comparison.plan.path,
        title=comparison.row.action,
        changes=comparison.changes,
        handing_out=handing_out,
        benefit=benefit,
    )


def _ignored_below_heading(table: PlanTable) -> tuple[IgnoredLine, ...]:
    """What stands above the heading is not part of the table, and not counted."""
    below = []
    for ignored in table.ignored:
        if ignored.number > table.heading_row:
            below.append(IgnoredLine(ignored.number, ignored.reason))
    return tuple(below)


def _renamed(tree: PathTree, known: KnownNodes) -> tuple[RenamedNode, ...]:
    renamed = []
    for node in tree.nodes():
        stored = known.get(node)
        if stored is None or path_tree.same(stored.title, node.title):
            continue
        old = stored.title
        if node.heading == STRATEGY:
            old = strategy_cell(stored.order, stored.title)
        renamed.append(RenamedNode(node.heading, old, node.cell, rows=len(node.rows)))
    return tuple(renamed)
