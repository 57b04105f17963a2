"""Carries out the changes of a comparison, a few statements for each table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.db.models import Model

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
from items.exchange.plan_import.known_nodes import KnownNodes
from items.exchange.plan_import.path_tree import PathNode
from items.exchange.plan_import.plan_now import FIELDS, NODE_COLUMNS
from items.exchange.plan_import.undo_record import (
    EditedRow,
    RecordBeingWritten,
    Values,
)
from items.models import (
    Action,
    Assignment,
    Department,
    ImportBatch,
    Method,
    Plan,
    Programme,
    Strategy,
)
from items.models.folded import FOLDED
from items.workflow.bulk_insert import BATCH, insert, insert_for_keys
from items.workflow.codes import raise_last_code, running_number
from items.workflow.history_chain import insert_entries
from plan_tracker.clock import day_of

CHANGEABLE = {
    Strategy: ("title", FOLDED),
    Method: ("title", "position", FOLDED),
    Plan: ("title", "position", FOLDED),
    Action: (
        FOLDED,
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

OF_YEAR = "of_year_id"
"""The copy of its year that each assignment carries."""


def carry_out(
    changes: PlanChanges, batch: ImportBatch, removed_rows: list[Values]
) -> RecordBeingWritten:
    """Write everything, with the history, and return what is needed to undo it.

    Must run inside the transaction that locked what was compared. `removed_rows` are the whole
    rows of `changes.removed`, as `plan_now.WHOLE_ASSIGNMENT` names their columns.
    """
    programme = batch.programme
    record = RecordBeingWritten()
    node_keys = _create_nodes(changes.new_nodes, changes.known, programme, record=record)
    action_keys = _create_actions(changes.new_actions, node_keys, programme)
    # The rows were inserted without waiting for their keys: now that these are known, each row is
    # described once more for the record.
    for action in changes.new_actions:
        key = action_keys[action.origin.code]
        record.add_created(Action, key, _values_of_action(action, node_keys))
    # After the new nodes: an item may move under a plan that has its key only since then.
    record.edited = _edit(changes.edits, node_keys)
    # 分辦日 of all that is new: nothing is owed for a period that was closed before it.
    today = day_of(batch.at)
    # Both are generators: a row is made, recorded and written before the next one is made.
    recorded = _recorded_assignments(
        changes.new_assignments, action_keys, today=today, record=record
    )
    columns = (*FIELDS[Assignment], OF_YEAR)
    insert(Assignment, columns, _of_year(programme, recorded))
    # `confirm` has locked these, and has made sure that nothing was reported on them.
    _delete_assignments(changes.removed)
    # With their keys: undoing brings back the very rows that earlier batches speak of.
    record.removed = removed_rows
    history = ImportHistory(batch, Department.objects.in_bulk())
    entries = history.entries(changes, node_keys, action_keys)
    insert_entries(NAMES, entries, of=batch.programme_id)
    return record


def _create_nodes(
    new_nodes: Iterable[NewNode],
    known: KnownNodes,
    programme: Programme,
    record: RecordBeingWritten,
) -> dict[PathNode, int]:
    """The keys of all nodes, those that were there included.

    Level by level, since a method needs the key of its strategy.
    """
    keys = known.keys()
    for model in LEVELS.values():
        of_level = [new for new in new_nodes if new.model is model]
        rows = [_values_of_node(new, keys, programme) for new in of_level]
        new_keys = insert_for_keys(model, FIELDS[model], rows)
        for new, key, values in zip(of_level, new_keys, rows, strict=True):
            keys[new.node] = key
            record.add_created(model, key, values)
    return keys


def _values_of_node(
    new: NewNode, node_keys: Mapping[PathNode, int], programme: Programme
) -> Values:
    columns = NODE_COLUMNS[new.model]
    # Strategies hang below the year itself.
    parent_key = programme.pk
    if new.node.parent is not None:
        parent_key = node_keys[new.node.parent]
    return {
        columns.parent: parent_key,
        columns.order: new.order,
        columns.title: new.node.title,
    }


def _create_actions(
    new_actions: Iterable[NewAction], node_keys: Mapping[PathNode, int], programme: Programme
) -> dict[str, int]:
    """Insert the items, and return the keys of all items by code.

    Asking for the keys afterwards is cheaper than making an instance of each item.
    """
    numbers = [running_number(new.origin.code) for new in new_actions]
    if not numbers:
        return {}
    insert(Action, FIELDS[Action], (_values_of_action(new, node_keys) for new in new_actions))
    # In the same transaction, so that nobody else is given one of these codes.
    raise_last_code(programme, max(numbers))
    codes = Action.objects.for_programme(programme).order_by().values_list("code", "pk")
    return dict(codes)


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
        model_name = str(edit.model._meta.model_name)
        edited.append(EditedRow(model=model_name, pk=row.pk, before=before, after=after))
    # All columns that an import may change are written, since the rows of a batch differ in theirs.
    for model, rows in rows_by_model.items():
        model._default_manager.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=CHANGEABLE[model],
        )
    return edited


def _recorded_assignments(
    new_assignments: Iterable[NewAssignment],
    action_keys: Mapping[str, int],
    *,
    today: date,
    record: RecordBeingWritten,
) -> Iterator[Values]:
    """The rows to insert; each is in the record as soon as it was taken."""
    for new in new_assignments:
        values = _values_of_assignment(new, action_keys, today)
        # Recorded without a key: action and department say which row it is, and asking for the keys
        # of 20,000 rows would take longer than writing them.
        record.add_created(Assignment, None, values)
        yield values


def _of_year(programme: Programme, rows: Iterable[Values]) -> Iterator[Values]:
    """The rows with the copy of their year, which the record need not keep."""
    for values in rows:
        values[OF_YEAR] = programme.pk
        yield values


def _values_of_assignment(
    new: NewAssignment, action_keys: Mapping[str, int], today: date
) -> Values:
    action = new.origin.action
    wanted = new.wanted
    if action is None:
        # An item of the same import.
        action_id = action_keys[new.origin.code]
    else:
        action_id = action.pk
    return {
        "action_id": action_id,
        "department_id": wanted.department_id,
        "kind": new.kind,
        "position": new.position,
        "deadline": wanted.deadline,
        "deadline_text": wanted.deadline_text,
        "handed_out_on": today,
    }


def _delete_assignments(removed: Iterable[RemovedAssignment]) -> None:
    keys = [assignment.stored.pk for assignment in removed]
    for start in range(0, len(keys), BATCH):
        # SQLite takes only so many keys at once.
        some_keys = keys[start : start + BATCH]
        Assignment.objects.filter(pk__in=some_keys).delete()
