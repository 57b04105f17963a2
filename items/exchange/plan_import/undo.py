"""Undoing a 匯入批次: every row goes back to what it was.

It is done as long as nothing that the import wrote has been changed since.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db import transaction

from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.memory import memory_given_back
from items.exchange.plan_import.confirm import take_turn
from items.exchange.plan_import.table_statistics import count_anew_after
from items.exchange.plan_import.undo_obstacles import obstacles_to_undoing
from items.exchange.plan_import.undo_plan import LEVELS, Edit, PlanSinceImport
from items.models import (
    Action,
    Assignment,
    ChangeKind,
    Door,
    HistoryHome,
    ImportBatch,
    Plan,
    User,
)
from items.models.folded import FOLDED, has_folded_words
from items.workflow import history
from items.workflow.bulk_delete import delete_rows
from items.workflow.bulk_insert import BATCH
from items.workflow.errors import WorkflowError
from items.workflow.history_chain import insert_entries
from plan_tracker.security_log import SecurityEvent, note_once_written


class AlreadyUndone(WorkflowError):
    """A second press of the button, or somebody else was faster: what was wanted is done."""

    def __init__(self) -> None:
        super().__init__("這次匯入已經復原過了，不必再復原一次。")


class NotUndone(WorkflowError):
    """`obstacles` are the sentences that say what stands in the way; nothing was written."""

    def __init__(self, obstacles: list[str]) -> None:
        super().__init__("這次匯入不能復原。")
        self.obstacles = obstacles


def obstacles(batch: ImportBatch) -> list[str]:
    """Sentences that say what stands in the way of undoing; empty where nothing does."""
    return obstacles_to_undoing(PlanSinceImport(batch))


@memory_given_back()
@garbage_collection_paused
@transaction.atomic
def undo(batch: ImportBatch, *, by: User, at: datetime) -> ImportBatch:
    """Take back everything that the batch wrote, with history entries.

    Raises `NotUndone` where something stands in the way, and `AlreadyUndone` the second time.
    """
    # The same turn as an import's: one must not take away what the other hangs rows on.
    take_turn(batch.programme)
    batches = ImportBatch.objects.select_for_update(of=("self",)).select_related("programme")
    batch = batches.get(pk=batch.pk)
    if batch.undone_at:
        raise AlreadyUndone
    since = PlanSinceImport(batch, lock=True)
    sentences = obstacles_to_undoing(since)
    if sentences:
        raise NotUndone(sentences)
    undoing = _Undoing(since, by=by, at=at)
    # Moved items leave their new plan before it goes.
    undoing.move_back()
    steps = chain(undoing.delete_created(), undoing.restore_edited(), undoing.give_back_removed())
    # Without a batch: the entries of a batch are those of its import. Some at a time, since
    # PostgreSQL takes no other statement while it takes rows, and a step writes between entries.
    row_count = 0
    while entries := list(islice(steps, BATCH)):
        row_count += len(entries)
        insert_entries(history.ENTRY_COLUMNS, entries, of=batch.programme_id)
    count_anew_after(row_count)
    batch.undone_at, batch.undone_by = at, by
    batch.save(update_fields=["undone_at", "undone_by"])
    about = f"{batch.programme} 匯入批次 {batch.pk}"
    note_once_written(SecurityEvent.IMPORT, about, user=by.username, words="復原這次匯入")
    return batch


class _Undoing:
    """Writes the rows back, one step after the other; a step yields its entries for the history."""

    def __init__(self, since: PlanSinceImport, *, by: User, at: datetime) -> None:
        self.since = since
        self.by = by
        self.at = at

    def move_back(self) -> None:
        """One statement for each plan: an import may have moved all items of the year."""
        moved_from: dict[int, list[int]] = defaultdict(list)
        for pk, edit in self.since.moved_actions().items():
            plan_before = edit.before["plan_id"]
            moved_from[plan_before].append(pk)
        for plan_id, keys in moved_from.items():
            # SQLite takes only so many values in one statement.
            for start in range(0, len(keys), BATCH):
                some_keys = keys[start : start + BATCH]
                Action.objects.filter(pk__in=some_keys).update(plan_id=plan_id)

    def delete_created(self) -> Iterator[history.Values]:
        """The leaves first."""
        for model in reversed(LEVELS):
            keys = []
            for key in self.since.created[model]:
                row = self.since.now[model][key]
                keys.append(row.pk)
                fields = history.differences(history.values_of(row), None)
                # An item that goes leaves its entries with the programme alone.
                yield self._entry(row, ChangeKind.DELETED, fields, action=None)
            # Nothing hangs on them: that would have been an obstacle.
            delete_rows(model, keys)

    def restore_edited(self) -> Iterator[history.Values]:
        for model in LEVELS:
            rows = []
            columns: set[str] = set()
            for pk, edit in self.since.edited[model].items():
                row = self.since.now[model][pk]
                fields = self._fields_of(edit)
                for name, value in edit.before.items():
                    setattr(row, name, value)
                    columns.add(name.removesuffix("_id"))
                rows.append(row)
                yield self._entry(row, ChangeKind.CHANGED, fields, action=_action_of(row))
            if rows:
                if has_folded_words(model):
                    columns.add(FOLDED)
                # An upsert that never inserts: many times faster than `bulk_update`.
                model._default_manager.bulk_create(
                    rows,
                    batch_size=BATCH,
                    update_conflicts=True,
                    unique_fields=["id"],
                    update_fields=sorted(columns),
                )

    def _fields_of(self, edit: Edit) -> history.FieldValues:
        """The edit the other way round, as the history keeps it."""
        fields: history.FieldValues = {}
        for name, old in edit.before.items():
            new = edit.after[name]
            if name == "plan_id":
                # The words of a plan, not its key: the plan may be gone when somebody reads it.
                plans = self.since.now[Plan]
                fields["plan"] = [str(plans[new]), str(plans[old])]
            else:
                fields[name] = [new, old]
        return fields

    def give_back_removed(self) -> Iterator[history.Values]:
        """Assignments that the import deleted come back with the keys that they had."""
        rows = [Assignment(**values) for values in self.since.removed]
        contact_keys = {row.contact_id for row in rows if row.contact_id is not None}
        contacts = User.objects.in_bulk(contact_keys)
        for row in rows:
            # An account that never wrote anything may have been deleted in the meantime.
            row.contact = contacts.get(row.contact_id)
            # What was removed by an import of before the copy was kept does not say it.
            row.of_year = self.since.programme
        Assignment.objects.bulk_create(rows, batch_size=BATCH)
        for row in rows:
            action = self.since.now[Action][row.action_id]
            row.action = action
            row.department = self.since.departments[row.department_id]
            fields = history.differences(None, history.values_of(row))
            yield self._entry(row, ChangeKind.CREATED, fields, action=action)

    def _entry(
        self, row: Any, kind: ChangeKind, fields: history.FieldValues, *, action: Action | None
    ) -> history.Values:
        return history.entry_row(
            row,
            kind,
            fields,
            by=self.by,
            at=self.at,
            # Not the page: nobody has written these fields there.
            door=Door.UNDO,
            home=HistoryHome(self.since.programme, action),
        )


def _action_of(row: Any) -> Action | None:
    if isinstance(row, Action):
        return row
    if isinstance(row, Assignment):
        return row.action
    return None
