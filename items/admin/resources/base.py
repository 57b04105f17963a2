"""What the flat tables share: rows found by name, compared in memory, written all or none."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.results import Result, RowResult
from tablib import Dataset

from items.admin.stamp import Stamp
from items.admin.widgets import SheetRow
from items.models import Change, ChangeKind, Door, HistoryHome, Programme, User
from items.models.history_words import label_of, value_in_words
from items.models.labels import field_label
from items.workflow import history
from items.workflow.history import FieldValues, Values

BATCH = 500
"""Rows in one INSERT or UPDATE; SQLite takes a limited number of values in a statement."""


class PreviewChange(NamedTuple):
    """What would happen to one field, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class PreviewRow:
    """One row of the preview; `kind` is import-export's word: new, update or skip."""

    number: int
    kind: str
    label: str
    changes: tuple[PreviewChange, ...]


@dataclass(frozen=True)
class PendingRow:
    """A row that is right and differs from the database; it is written after the last one."""

    instance: Any
    is_new: bool
    fields: FieldValues


class OfficeResource(ModelResource):
    """What the flat tables share. `by`, `at` and `programme` are those of the request.

    They are left out where only the headings are asked for, and an export needs no programme.

    import-export calls for each row, in this order: `before_import_row`, `get_instance`,
    `after_init_instance`, `import_instance`, `skip_row`, and, unless that says yes,
    `validate_instance` and `save_instance`; then `after_import_row`. Nothing is written on the
    way: `after_import` does it for all rows.
    """

    with_programme = False
    still_to_do = ""
    """What a new row needs before it is of use, in a sentence."""
    examples: tuple[tuple[str, ...], ...] = ()
    """Rows that show how a file is written, in the order of the headings."""
    writing_hints: tuple[str, ...] = ()
    """What may stand in cells whose words nobody could guess, in sentences."""
    checked_elsewhere: tuple[str, ...] = ()
    """Fields whose look-up has said whether they are right; validation would ask for each row."""
    written_fields: tuple[str, ...] = ()
    """The fields of the model that a row of the file may change."""

    class Meta:
        use_transactions = True
        # No savepoint for each row; what is written is written by `write`.
        use_bulk = True
        skip_diff = True
        chunk_size = 2000

    def __init__(
        self,
        *,
        by: User | None = None,
        at: datetime | None = None,
        programme: Programme | None = None,
    ) -> None:
        super().__init__()
        self.by = by
        self.at = at
        self.programme = programme
        self.existing: dict[Any, Any] = {}
        self.row_of_key: dict[Any, int] = {}
        self.lines: list[PreviewRow] = []
        self.pending: list[PendingRow] = []
        # The fields of the row that is being read, as the database has them; None for a new row.
        self.before: Values | None = None

    # What is in the file, and what the database has.

    def headings(self) -> list[str]:
        return [field.column_name for field in self.get_import_fields()]

    def required(self) -> list[str]:
        """The headings without which a row cannot be found."""
        return [self.heading_of(name) for name in self._meta.import_id_fields]

    def heading_of(self, name: str) -> str:
        """The heading of a column, by its name in the class."""
        return self.fields[name].column_name

    def get_import_fields(self) -> list[Field]:
        return [field for field in super().get_import_fields() if not field.readonly]

    def key_of_row(self, row: SheetRow) -> Any:
        """What identifies a row: its texts, since an unknown name is refused by its column."""
        raise NotImplementedError

    def load(self) -> dict[Any, Any]:
        """{key: object} of what the database has, locked until the import is done."""
        raise NotImplementedError

    def prepare_lookups(self) -> None:
        """Fetch what the cells may name, once for the whole file."""

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        # Which row of the file is which of the data; blank rows and the heading are left out.
        self.numbers = dataset.numbers
        self.prepare_lookups()
        self.existing = self.load()

    def before_import_row(self, row: SheetRow, **kwargs: Any) -> None:
        key = self.key_of_row(row)
        if key in self.row_of_key:
            raise ValidationError(f"與第 {self.row_of_key[key]} 列重複。")
        self.row_of_key[key] = self.number(kwargs["row_number"])

    def number(self, row_number: int) -> int:
        """The row as the person sees it in the file; import-export counts the data from 1."""
        return self.numbers[row_number - 1]

    def get_instance(self, instance_loader: Any, row: SheetRow) -> Any:
        return self.existing.get(self.key_of_row(row))

    def after_init_instance(self, instance: Any, new: bool, row: SheetRow, **kwargs: Any) -> None:
        # Kept now: `import_instance` changes the object in place.
        self.before = None
        if not new:
            self.before = self.shown_values(instance)

    # What changes.

    def shown_values(self, instance: Any) -> Values:
        """{name: value} of a row of the database, as history and preview show it."""
        return history.values_of(instance)

    def wanted_values(self, instance: Any) -> Values:
        """The same for a row as the file wants it."""
        return self.shown_values(instance)

    def skip_row(
        self, instance: Any, original: Any, row: SheetRow, import_validation_errors: Any = None
    ) -> bool:
        if import_validation_errors:
            return False
        return self.before is not None and self.before == self.wanted_values(instance)

    def validate_instance(
        self,
        instance: Any,
        import_validation_errors: dict[str, Any] | None = None,
        validate_unique: bool = True,
    ) -> None:
        """All errors of a row at once: those of its cells, then those of the row as a whole.

        The key settles uniqueness, and `problems` the constraints and what the model's `clean`
        would say: asking the database for them would cost queries for each row.
        """
        errors = dict(import_validation_errors or {})
        try:
            instance.clean_fields(exclude={*errors, *self.checked_elsewhere})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if not errors:
            errors = self.problems(instance)
        if errors:
            raise ValidationError(errors)

    def problems(self, instance: Any) -> dict[str, Any]:
        """{field: sentence} of what is wrong with a row whose fields are right one by one."""
        return {}

    def save_instance(self, instance: Any, is_create: bool, row: SheetRow, **kwargs: Any) -> None:
        fields = history.differences(self.before, self.wanted_values(instance))
        self.pending.append(PendingRow(instance, is_create, fields))

    def after_import_row(self, row: SheetRow, row_result: RowResult, **kwargs: Any) -> None:
        changes: list[PreviewChange] = []
        if not row_result.is_skip():
            # `save_instance` has just put this row there.
            changes = self.changes_in_words(self.pending[-1].fields)
        preview_row = PreviewRow(
            number=self.number(kwargs["row_number"]),
            kind=row_result.import_type,
            label=row_result.object_repr,
            changes=tuple(changes),
        )
        self.lines.append(preview_row)

    def changes_in_words(self, fields: FieldValues) -> list[PreviewChange]:
        """The fields of a row as the preview shows them."""
        model = self._meta.model
        changes = []
        for name, (old, new) in fields.items():
            change = PreviewChange(
                label=self.label_in_preview(name),
                old=value_in_words(model, name, old),
                new=value_in_words(model, name, new),
            )
            changes.append(change)
        return changes

    def label_in_preview(self, name: str) -> str:
        """The label of something that `shown` names."""
        return label_of(self._meta.model, name)

    # Writing.

    def after_import(self, dataset: Dataset, result: Result, **kwargs: Any) -> None:
        """All rows at once, with their history, and only where every row is right."""
        if kwargs["dry_run"] or result.has_errors() or result.has_validation_errors():
            return
        self.write()

    def write(self) -> None:
        """Write the pending rows and their entries."""
        rows = self._meta.model.objects
        new = [pending.instance for pending in self.pending if pending.is_new]
        changed = [pending.instance for pending in self.pending if not pending.is_new]
        rows.bulk_create(new, batch_size=BATCH)
        rows.bulk_update(changed, self.written_fields, batch_size=BATCH)
        # After the rows: an entry names the key of its row.
        entries = []
        for pending in self.pending:
            kind = ChangeKind.CHANGED
            if pending.is_new:
                kind = ChangeKind.CREATED
            fields = self.fields_for_history(pending.fields)
            entries.append(self.entry(pending.instance, kind, fields))
        self.write_history(entries)

    def fields_for_history(self, fields: FieldValues) -> FieldValues:
        """What the entry of a row keeps of what the preview shows."""
        return fields

    def stamp(self) -> Stamp:
        """Who imports and when, as keywords for the verbs of the workflow."""
        if self.by is None or self.at is None:
            raise RuntimeError("an import is made by somebody")
        return Stamp(by=self.by, at=self.at, door=Door.IMPORT)

    def entry(self, instance: models.Model, kind: ChangeKind, fields: FieldValues) -> Change:
        """An entry about a row of the file, not yet written."""
        home = self.home_of(instance)
        return history.entry(instance, kind, fields, **self.stamp(), home=home)

    def write_history(self, entries: Iterable[Change]) -> None:
        Change.objects.bulk_create(entries, batch_size=BATCH)

    def home_of(self, instance: Any) -> HistoryHome:
        """Where the entry is shown; known, it spares `history.entry` the look-ups."""
        return HistoryHome()

    # Words for the page.

    def counts(self) -> Counter[str]:
        """How many rows are new, update and skip."""
        return Counter(line.kind for line in self.lines)

    def label_of(self, attribute: str) -> str:
        """The heading of an error's field."""
        for field in self.fields.values():
            if field.attribute == attribute:
                return field.column_name
        # A field that has no column of its own, such as the day behind 完成期限.
        return field_label(self._meta.model, attribute)
