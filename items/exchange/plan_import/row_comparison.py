"""One row of the file beside the item that it speaks of: what all passes together say about it."""

from dataclasses import dataclass

from items.exchange.columns import HANDED_OUT
from items.exchange.plan_import.cell_changes import Changes
from items.exchange.plan_import.path_tree import PathNode
from items.exchange.plan_import.stored_rows import StoredAction
from items.exchange.plan_import.wanted_assignments import HandingOut
from items.exchange.plan_table.rows import PlanRow


@dataclass(slots=True, eq=False)
class RowComparison:
    """`action` is None for a new item, and `code` is then the one that it will get."""

    row: PlanRow
    plan: PathNode
    action: StoredAction | None
    code: str
    handing_out: HandingOut | None
    changes: Changes
    is_failed: bool

    @property
    def changed_headings(self) -> set[str]:
        return {change.heading for change in self.changes}

    @property
    def changes_departments(self) -> bool:
        return not HANDED_OUT.isdisjoint(self.changed_headings)
