"""The plan as it stands since an import, row by row, beside what the import wrote."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Model

from items.exchange.plan_import.plan_now import FIELDS
from items.exchange.plan_import.undo_record import CreatedTable, UndoRecord, Values, read_record
from items.models import (
    Action,
    Assignment,
    Change,
    ChangeKind,
    Department,
    ImportBatch,
    Method,
    Plan,
    Programme,
    Strategy,
    User,
)
from items.models.folded import FOLDED, has_folded_words

PlanModel = type[Model]
MODELS: dict[str, PlanModel] = {str(model._meta.model_name): model for model in FIELDS}


class Level(NamedTuple):
    """Where the rows of a model hang: the field that leads up, and the path to the programme."""

    parent_model: PlanModel
    parent: str
    programme_path: str


LEVELS: dict[PlanModel, Level] = {
    Strategy: Level(Programme, "programme", "programme"),
    Method: Level(Strategy, "strategy", "strategy__programme"),
    Plan: Level(Method, "method", "method__strategy__programme"),
    Action: Level(Plan, "plan", "plan__method__strategy__programme"),
    Assignment: Level(Action, "action", "action__plan__method__strategy__programme"),
}
"""From the top down."""


class Edit(NamedTuple):
    """The fields of a row that the import changed."""

    before: Values
    after: Values


class GivenAssignment(NamedTuple):
    """Stands for the key of a new assignment that is gone since."""

    action_id: int
    department_id: int


RowKey = int | GivenAssignment


class CreatedByKey(Mapping[RowKey, Values]):
    """The rows of one model that the batch created, by key; the values are made when asked for."""

    def __init__(self, table: CreatedTable, rows: dict[RowKey, Sequence[Any]]) -> None:
        self._table = table
        self._rows = rows

    def __getitem__(self, key: RowKey) -> Values:
        return self._table.values_of(self._rows[key])

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[RowKey]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class PlanSinceImport:
    """What the batch wrote, by model and key, and the rows as they are `now`.

    With `lock`, nobody changes a row, or hangs anything on it, between the check for obstacles and
    the writing.
    """

    def __init__(self, batch: ImportBatch, *, lock: bool = False) -> None:
        self.programme = batch.programme
        self.departments = Department.objects.in_bulk()
        self.now = _rows_now(batch.programme, self.departments, lock)
        self.assignment_keys = _keys_of_assignments(self.now[Assignment].values())

        record = read_record(batch.changes)
        self.created = _created_by_key(record, self.assignment_keys)
        self.edited = _edited_by_key(record)
        # These come back as they were, key included.
        self.removed = record.removed

    def moved_actions(self) -> dict[int, Edit]:
        """The items that the import put under another plan."""
        moved = {}
        for pk, edit in self.edited[Action].items():
            # Only the fields that the import changed are kept of an edited row.
            if "plan_id" in edit.before:
                moved[pk] = edit
        return moved

    def name_of(self, model: PlanModel, key: RowKey) -> str:
        """具體推動作法「115-01 …」; of a row that is gone, what the history calls it."""
        if key in self.now[model]:
            label = str(self.now[model][key])
        else:
            label = self._labels_of_deleted.get((str(model._meta.model_name), key), "")
        if not label:
            return f"一筆{model._meta.verbose_name}"
        return f"{model._meta.verbose_name}「{label[:30]}」"

    @cached_property
    def _labels_of_deleted(self) -> dict[tuple[str, RowKey], str]:
        """By model and key; of several entries of one row the last."""
        deletions = Change.objects.filter(programme=self.programme, kind=ChangeKind.DELETED)
        oldest_first = deletions.order_by("id")
        labels: dict[tuple[str, RowKey], str] = {}
        for entry in oldest_first.only("model", "object_id", "label"):
            # A later entry of the same row takes the place of an earlier one.
            labels[entry.model, entry.object_id] = entry.label
        return labels


def _keys_of_assignments(assignments: Iterable[Assignment]) -> dict[GivenAssignment, int]:
    """The keys of assignments by the two rows that they join."""
    keys: dict[GivenAssignment, int] = {}
    for assignment in assignments:
        given = GivenAssignment(assignment.action_id, assignment.department_id)
        keys[given] = assignment.pk
    return keys


def _created_by_key(
    record: UndoRecord, assignment_keys: Mapping[GivenAssignment, int]
) -> dict[PlanModel, CreatedByKey]:
    """What the batch created, by model and key; every model is there."""
    tables = {MODELS[table.model]: table for table in record.created}
    created_by_key = {}
    for model in LEVELS:
        table = tables.get(model)
        if table is None:
            table = CreatedTable(str(model._meta.model_name), (), [])
        rows: dict[RowKey, Sequence[Any]] = {}
        for row in table.rows:
            rows[_key_of(table, row, assignment_keys)] = row
        created_by_key[model] = CreatedByKey(table, rows)
    return created_by_key


def _key_of(
    table: CreatedTable, row: Sequence[Any], assignment_keys: Mapping[GivenAssignment, int]
) -> RowKey:
    key: int | None = row[0]
    if key is not None:
        return key
    # The import did not ask for the keys of new assignments: they are looked up by what they join.
    values = table.values_of(row)
    given = GivenAssignment(values["action_id"], values["department_id"])
    return assignment_keys.get(given, given)


def _edited_by_key(record: UndoRecord) -> dict[PlanModel, dict[int, Edit]]:
    """What the batch edited, by model and key."""
    edited_by_key: dict[PlanModel, dict[int, Edit]] = defaultdict(dict)
    for edited in record.edited:
        model = MODELS[edited.model]
        edit = Edit(before=edited.before, after=edited.after)
        edited_by_key[model][edited.pk] = edit
    return edited_by_key


def _rows_now(
    programme: Programme, departments: dict[int, Department], lock: bool
) -> dict[PlanModel, dict[RowKey, Any]]:
    """All rows of the plan by model and key.

    Each row gets its parent as an instance that was fetched before: what asks for a row's programme
    needs no query.
    """
    now: dict[PlanModel, dict[RowKey, Any]] = {}
    for model, level in LEVELS.items():
        parents = now.get(level.parent_model, {programme.pk: programme})
        queryset = model._default_manager.filter(**{level.programme_path: programme})
        if lock:
            queryset = queryset.select_for_update(of=["self"])
        if has_folded_words(model):
            # As long as the texts that they are made of, and made of them again when a row is written.
            queryset = queryset.defer(FOLDED)
        now[model] = {}
        for row in queryset:
            parent_key = getattr(row, f"{level.parent}_id")
            # Without a lock somebody may have added it since the level above was read.
            if parent_key in parents:
                setattr(row, level.parent, parents[parent_key])
                now[model][row.pk] = row
    _name_people(now[Assignment].values(), departments)
    return now


def _name_people(
    assignments: Collection[Assignment], departments: Mapping[int, Department]
) -> None:
    """Give each assignment its department and 承辦人, which the history names without a query."""
    contact_keys = {row.contact_id for row in assignments if row.contact_id is not None}
    contacts = User.objects.in_bulk(contact_keys)
    for row in assignments:
        if row.department_id in departments:
            row.department = departments[row.department_id]
        if row.contact_id is not None:
            row.contact = contacts[row.contact_id]
