"""What an import tells the history: `Change.fields` by field names, as the model's docstring says.

One entry tells of a whole item, its departments included: one line of the table is one line of the
timeline.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db.models import Model

from items.exchange.columns import FIELD_PATHS
from items.exchange.plan_import.changes import NewNode, PlanChanges, RowEdit
from items.exchange.plan_import.path_tree import PathNode
from items.exchange.plan_import.plan_now import NODE_COLUMNS
from items.exchange.plan_import.row_comparison import RowComparison
from items.exchange.plan_import.stored_rows import StoredAction, StoredAssignment
from items.models import Action, AssignmentKind, ChangeKind, Department, ImportBatch
from items.models.history_words import DEPARTMENT_PREFIX
from items.roc import format_roc
from items.workflow.history import LABEL_LENGTH

NAMES = (
    "at",
    "by_id",
    "door",
    "programme_id",
    "batch_id",
    "kind",
    "model",
    "object_id",
    "label",
    "fields",
    "action_id",
)
"""The columns of `Change` that an entry fills."""

Entry = dict[str, Any]
FieldValues = dict[str, list]
"""{field name or path: [old, new]}."""
KIND_LABELS = dict(AssignmentKind.choices)


class ImportHistory:
    """Makes the entries of one batch, as rows for `bulk_insert`: there may be tens of thousands."""

    def __init__(self, batch: ImportBatch, departments: Mapping[int, Department]) -> None:
        self.departments = departments
        self.common: Entry = {
            "at": batch.at,
            "by_id": batch.by_id,
            "door": batch.door,
            "programme_id": batch.programme_id,
            "batch_id": batch.pk,
        }

    def entries(
        self,
        changes: PlanChanges,
        node_keys: Mapping[PathNode, int],
        action_keys: Mapping[str, int],
    ) -> Iterator[Entry]:
        """Nodes first, then new items, then changed ones; the keys are those of all nodes, and of
        new items by code."""
        departments = self._departments_by_row(changes)
        return chain(
            self._of_new_nodes(changes.new_nodes, node_keys),
            self._of_edited_nodes(changes.edits),
            self._of_new_actions(changes, action_keys, departments),
            self._of_changed_actions(changes, departments),
        )

    def _entry(
        self, model: type[Model], pk: int, label: str, *, kind: ChangeKind, fields: FieldValues
    ) -> Entry:
        # What happens to a node stands on the 歷程 of the year alone: many items may hang below.
        action_id = None
        if model is Action:
            action_id = pk
        return {
            **self.common,
            "kind": kind,
            "model": model._meta.model_name,
            "object_id": pk,
            "label": label[:LABEL_LENGTH],
            "fields": fields,
            "action_id": action_id,
        }

    def _of_new_nodes(
        self, new_nodes: Iterable[NewNode], node_keys: Mapping[PathNode, int]
    ) -> Iterator[Entry]:
        for new in new_nodes:
            node = new.node
            columns = NODE_COLUMNS[new.model]
            fields: FieldValues = {
                columns.title: [None, node.title],
                columns.order: [None, new.order],
            }
            if node.parent is not None:
                fields[columns.parent.removesuffix("_id")] = [None, node.parent.cell]
            # A strategy is called by number and title, the others by their title: as on paper.
            yield self._entry(
                new.model, node_keys[node], node.cell, kind=ChangeKind.CREATED, fields=fields
            )

    def _of_edited_nodes(self, edits: Iterable[RowEdit]) -> Iterator[Entry]:
        for edit in edits:
            if isinstance(edit.stored, StoredAction | StoredAssignment):
                continue
            row = edit.stored.as_row()
            fields = {}
            for name, value in edit.values.items():
                fields[name] = [getattr(row, name), value]
                setattr(row, name, value)
            yield self._entry(edit.model, row.pk, str(row), kind=ChangeKind.CHANGED, fields=fields)

    def _of_new_actions(
        self,
        changes: PlanChanges,
        action_keys: Mapping[str, int],
        departments: Mapping[RowComparison, FieldValues],
    ) -> Iterator[Entry]:
        for new in changes.new_actions:
            origin = new.origin
            fields: FieldValues = {
                "code": [None, origin.code],
                "plan": [None, origin.plan.title],
                "title": [None, origin.row.action],
                "expected_benefit": [None, origin.row.benefit],
            }
            # The departments belong to the item: no entry of their own for each of them.
            fields |= departments.get(origin, {})
            yield self._entry(
                Action,
                action_keys[origin.code],
                f"{origin.code} {origin.row.action}",
                kind=ChangeKind.CREATED,
                fields=fields,
            )

    def _of_changed_actions(
        self, changes: PlanChanges, departments: Mapping[RowComparison, FieldValues]
    ) -> Iterator[Entry]:
        """The cells of an item as in the table, and its departments with their dates."""
        for changed in _changed_actions(changes, departments):
            action = changed.action
            title = action.title
            fields: FieldValues = {}
            if changed.origin is not None:
                fields |= _cells(changed.origin)
                fields |= departments.get(changed.origin, {})
            if changed.edit is not None:
                values = changed.edit.values
                title = values.get("title", title)
                # Only the order of the file says so: it is no cell of the table.
                if "position" in values:
                    fields["position"] = [action.position, values["position"]]
            label = f"{action.code} {title}"
            yield self._entry(Action, action.pk, label, kind=ChangeKind.CHANGED, fields=fields)

    def _departments_by_row(self, changes: PlanChanges) -> dict[RowComparison, FieldValues]:
        """What becomes of each department of an item: {"assignments/行政處": [old, new]}."""
        by_row: dict[RowComparison, FieldValues] = defaultdict(dict)
        for new in changes.new_assignments:
            wanted = new.wanted
            words = _in_words(new.kind, wanted.deadline_text, wanted.deadline)
            fields = by_row[new.origin]
            fields[_department_path(wanted.name)] = [None, words]
        for edit in changes.edits:
            if not isinstance(edit.stored, StoredAssignment) or edit.origin is None:
                continue
            fields = by_row[edit.origin]
            before = _words_of(edit.stored)
            after = _words_with(edit.stored, edit.values)
            # Its place among the others may be all that differs.
            if before != after:
                fields[self._path_of(edit.stored)] = [before, after]
        for removed in changes.removed:
            fields = by_row[removed.origin]
            fields[self._path_of(removed.stored)] = [_words_of(removed.stored), None]
        return by_row

    def _path_of(self, assignment: StoredAssignment) -> str:
        return _department_path(self.departments[assignment.department_id].name)


@dataclass(slots=True)
class _ChangedAction:
    """An item that is changed by one pass or by several, and gets one entry.

    `origin` is its row of the file, which one that only moves up or down need not have.
    """

    action: StoredAction
    origin: RowComparison | None = None
    edit: RowEdit | None = None


def _changed_actions(
    changes: PlanChanges, departments: Mapping[RowComparison, FieldValues]
) -> Iterable[_ChangedAction]:
    """The items of which a cell, a department or the place is another one now."""
    by_key: dict[int, _ChangedAction] = {}
    origins_of_edits = (edit.origin for edit in changes.edits)
    for origin in chain(departments, origins_of_edits):
        if origin is not None and origin.action is not None:
            action = origin.action
            by_key.setdefault(action.pk, _ChangedAction(action)).origin = origin
    for edit in changes.edits:
        if isinstance(edit.stored, StoredAction):
            action = edit.stored
            by_key.setdefault(action.pk, _ChangedAction(action)).edit = edit
    return by_key.values()


def _cells(origin: RowComparison) -> FieldValues:
    """The cells that differ; a renamed strategy, method or plan has an entry of its own."""
    fields: FieldValues = {}
    for change in origin.changes:
        if change.is_own:
            fields[FIELD_PATHS[change.heading]] = [change.old, change.new]
    return fields


def _words_of(assignment: StoredAssignment) -> str:
    return _in_words(assignment.kind, assignment.deadline_text, assignment.deadline)


def _words_with(assignment: StoredAssignment, values: Mapping[str, Any]) -> str:
    """The same once these values are written."""
    return _in_words(
        kind=values.get("kind", assignment.kind),
        deadline_text=values.get("deadline_text", assignment.deadline_text),
        deadline=values.get("deadline", assignment.deadline),
    )


# Most of 20,000 assignments share a few departments and a few deadlines: entries with the same ones
# share one text instead of holding a copy each.
@lru_cache(maxsize=1000)
def _department_path(name: str) -> str:
    return f"{DEPARTMENT_PREFIX}{name}"


@lru_cache(maxsize=1000)
def _in_words(kind: str, deadline_text: str, deadline: date) -> str:
    """「主辦，115年12月（115年12月31日）」; the day only where the text is another."""
    label = KIND_LABELS[kind]
    day = format_roc(deadline)
    if deadline_text == day:
        return f"{label}，{deadline_text}"
    return f"{label}，{deadline_text}（{day}）"
