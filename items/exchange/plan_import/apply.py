"""Carries out the changes of a comparison, a few statements for each table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Model

from items.exchange.plan_import.bulk_insert import BATCH, insert
from items.exchange.plan_import.changes import (
    LEVELS,
    NewAction,
    NewAssignment,
    NewNode,
    PlanChanges,
    RemovedAssignment,
    RowEdit,
)
from items.exchange.plan_import.import_history import NAMES, ImportHistory
from items.exchange.plan_import.path_tree import KnownNodes, PathNode
from items.exchange.plan_import.plan_now import FIELDS
from items.exchange.plan_import.undo_record import (
    CreatedRow,
    EditedRow,
    UndoRecord,
    Values,
    imprints,
)
from items.models import (
    Action,
    Assignment,
    Change,
    Department,
    ImportBatch,
    Method,
    Plan,
    Programme,
    Strategy,
)
from items.workflow.codes import raise_last_code, running_number

CHANGEABLE = {
    Strategy: ("title",),
    Method: ("title", "position"),
    Plan: ("title", "position"),
    Action: (
        "plan",
        "position",
        "title",
        "expected_benefit",
        "every_department",
        "separate_deadlines",
    ),
    Assignment: ("kind", "position", "deadline", "deadline_text"),
}
"""What an import may change of a row that exists."""


def carry_out(changes: PlanChanges, batch: ImportBatch) -> UndoRecord:
    """Write everything, with the history, and return what is needed to undo it.

    Must run inside the transaction that locked what was compared.
    """
    nodes = _create_nodes(changes.new_nodes, changes.known, batch.programme)
    actions = _create_actions(changes.new_actions, nodes.keys, batch.programme)
    edited = _edit(changes.edits, nodes.keys)
    assignments = _create_assignments(changes.new_assignments, actions.keys)
    _delete_assignments(changes.removed)
    history = ImportHistory(batch, Department.objects.in_bulk())
    insert(Change, NAMES, history.entries(changes, nodes.keys, actions.keys))
    return UndoRecord(
        created=[*nodes.rows, *actions.rows, *assignments],
        edited=edited,
        removed=[_whole_row(removed) for removed in changes.removed],
    )


@dataclass(frozen=True, slots=True)
class _CreatedNodes:
    """The keys of all nodes, those that were there included, and the rows that are new."""

    keys: dict[PathNode, int]
    rows: list[CreatedRow]


def _create_nodes(
    new_nodes: Iterable[NewNode], known: KnownNodes, programme: Programme
) -> _CreatedNodes:
    """Level by level, since a method needs the key of its strategy."""
    keys = known.keys()
    created = []
    for model in LEVELS.values():
        of_level = [new for new in new_nodes if new.model is model]
        rows: list[Model] = [model(**_values_of_node(new, keys, programme)) for new in of_level]
        _save_new(model, rows)
        for new, row in zip(of_level, rows, strict=True):
            values = imprints(_values_of_node(new, keys, programme))
            created.append(CreatedRow(_name(model), row.pk, values))
            keys[new.node] = row.pk
    return _CreatedNodes(keys, created)


def _save_new(model: type[Model], rows: list[Model]) -> None:
    model._default_manager.bulk_create(rows, batch_size=BATCH)


def _values_of_node(
    new: NewNode, node_keys: Mapping[PathNode, int], programme: Programme
) -> Values:
    parent, order, title = FIELDS[new.model]
    parent_key = programme.pk
    if new.node.parent is not None:
        parent_key = node_keys[new.node.parent]
    return {parent: parent_key, order: new.order, title: new.node.title}


@dataclass(frozen=True, slots=True)
class _CreatedActions:
    """The keys of new items by code, and their rows."""

    keys: dict[str, int]
    rows: list[CreatedRow]


def _create_actions(
    new_actions: Iterable[NewAction], node_keys: Mapping[PathNode, int], programme: Programme
) -> _CreatedActions:
    """The keys are asked for by code: cheaper than an instance for each item."""
    rows = [_values_of_action(new, node_keys) for new in new_actions]
    if not rows:
        return _CreatedActions({}, [])
    insert(Action, FIELDS[Action], rows)
    codes = Action.objects.for_programme(programme).order_by().values_list("code", "pk")
    keys = dict(codes)
    created = [CreatedRow("action", keys[row["code"]], imprints(row)) for row in rows]
    raise_last_code(programme, max(running_number(row["code"]) for row in rows))
    return _CreatedActions(keys, created)


def _values_of_action(new: NewAction, node_keys: Mapping[PathNode, int]) -> Values:
    origin = new.origin
    handing_out = origin.handing_out
    # A row whose departments could not be read has an error, and is never written.
    assert handing_out is not None
    return {
        "plan_id": node_keys[origin.plan],
        "position": new.position,
        "code": origin.code,
        "title": origin.row.action,
        "expected_benefit": origin.row.benefit,
        "every_department": handing_out.every_department,
        "separate_deadlines": handing_out.separate_deadlines,
    }


def _edit(edits: Iterable[RowEdit], node_keys: Mapping[PathNode, int]) -> list[EditedRow]:
    """Write the changed fields of rows that exist, in one statement for each batch of a table.

    An upsert, since it is many times faster than `bulk_update`; the rows are locked, so that it
    never inserts.
    """
    edited = []
    rows_by_model: dict[type[Model], list[Model]] = defaultdict(list)
    for edit in edits:
        row = edit.stored.as_row()
        after = dict(edit.values)
        if edit.new_plan is not None:
            after["plan_id"] = node_keys[edit.new_plan]
        before = {}
        for name, value in after.items():
            before[name] = getattr(row, name)
            setattr(row, name, value)
        rows_by_model[edit.model].append(row)
        edited.append(EditedRow(_name(edit.model), row.pk, before, after))
    for model, rows in rows_by_model.items():
        model._default_manager.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=CHANGEABLE[model],
        )
    return edited


def _create_assignments(
    new_assignments: Iterable[NewAssignment], action_keys: Mapping[str, int]
) -> list[CreatedRow]:
    rows = []
    for new in new_assignments:
        action = new.origin.action
        wanted = new.wanted
        row = {
            "action_id": action_keys[new.origin.code] if action is None else action.pk,
            "department_id": wanted.department_id,
            "kind": new.kind,
            "position": new.position,
            "deadline": wanted.deadline,
            "deadline_text": wanted.deadline_text,
        }
        rows.append(row)
    insert(Assignment, FIELDS[Assignment], rows)
    # Without a key, which nobody asks for: action and department say which row it is.
    return [CreatedRow("assignment", None, imprints(row)) for row in rows]


def _delete_assignments(removed: Iterable[RemovedAssignment]) -> None:
    keys = [assignment.stored.pk for assignment in removed]
    for start in range(0, len(keys), BATCH):  # SQLite takes only so many keys at once
        Assignment.objects.filter(pk__in=keys[start : start + BATCH]).delete()


def _whole_row(removed: RemovedAssignment) -> Values:
    """With its key: what comes back by undoing is the same row for the batches before."""
    values = removed.stored._asdict()
    values["id"] = values.pop("pk")
    return values


def _name(model: type[Model]) -> str:
    return str(model._meta.model_name)
