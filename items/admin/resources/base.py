"""What the flat tables share: rows found by name, compared in memory, written all together or not at all."""

from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from import_export.resources import ModelResource

from items.models import Change, ChangeKind, Door, HistoryHome
from items.models.history_words import label_of, value_in_words
from items.workflow import history

BATCH = 500


def heading(model, field):
    """The column's heading: the field's Chinese name, whatever language the session has."""
    return str(model._meta.get_field(field).verbose_name)


@dataclass(frozen=True)
class Line:
    """One row of the preview: `changes` is [(heading, old, new)]."""

    number: int
    kind: str
    label: str
    changes: tuple


class OfficeResource(ModelResource):
    """What the tables share. `by`, `at` and `programme` are those of the request."""

    with_programme = False
    still_to_do = ""
    """What a new row needs before it is of use, in a sentence."""
    checked_elsewhere = ()
    """Fields whose look-up has already said whether they are right: model validation would ask the database per row."""

    class Meta:
        use_transactions = True
        use_bulk = True  # no savepoint per row; what is written is written by `write`
        skip_diff = True
        chunk_size = 2000

    def __init__(self, *, by=None, at=None, programme=None):
        super().__init__()
        self.by, self.at, self.programme = by, at, programme
        self.existing, self.seen, self.lines, self.pending = {}, {}, [], []

    # What is in the file, and what the database has.

    def headings(self):
        return [field.column_name for field in self.get_import_fields()]

    def required(self):
        return [self.fields[name].column_name for name in self._meta.import_id_fields]

    def get_import_fields(self):
        return [field for field in super().get_import_fields() if not field.readonly]

    def key_of_row(self, row):
        """What identifies the row; texts, since an unknown name has to be said by its column."""
        raise NotImplementedError

    def load(self):
        """{key: object} of what the database has; prepares the look-ups too."""
        raise NotImplementedError

    def before_import(self, dataset, **kwargs):
        self.numbers = dataset.numbers
        self.existing = self.load()

    def before_import_row(self, row, **kwargs):
        key, number = self.key_of_row(row), self.number(kwargs["row_number"])
        if key in self.seen:
            raise ValidationError(f"與第 {self.seen[key]} 列重複。")
        self.seen[key] = number

    def number(self, row_number):
        """The row as the person sees it in the file."""
        return self.numbers[row_number - 1]

    def get_instance(self, instance_loader, row):
        return self.existing.get(self.key_of_row(row))

    def after_init_instance(self, instance, new, row, **kwargs):
        self.before = None if new else self.shown(instance)

    # What changes.

    def shown(self, instance):
        """{name: value} as the history keeps it, before and after."""
        return history.values_of(instance)

    def wanted(self, instance):
        return self.shown(instance)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if import_validation_errors:
            return False
        return self.before is not None and self.before == self.wanted(instance)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Uniqueness is settled by the key; the check constraints that fields do not say already by `problems`."""
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(
                exclude={*errors, *self.checked_elsewhere},
                validate_unique=False,
                validate_constraints=False,
            )
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if not errors:
            errors = self.problems(instance)
        if errors:
            raise ValidationError(errors)

    def problems(self, instance):
        """{field: sentence} of what is wrong with a row whose fields are right one by one."""
        return {}

    def save_instance(self, instance, is_create, row, **kwargs):
        self.pending.append(
            (instance, is_create, history.differences(self.before, self.wanted(instance)))
        )

    def after_import_row(self, row, row_result, **kwargs):
        changes = ()
        if not row_result.is_skip():
            *_, fields = self.pending[-1]
            model = self._meta.model
            changes = tuple(
                (
                    label_of(model, name),
                    value_in_words(model, name, old),
                    value_in_words(model, name, new),
                )
                for name, (old, new) in fields.items()
            )
        number = self.number(kwargs["row_number"])
        self.lines.append(Line(number, row_result.import_type, row_result.object_repr, changes))

    # Writing.

    def after_import(self, dataset, result, **kwargs):
        """All rows at once, with their history, and only where every row is right."""
        if not kwargs["dry_run"] and not result.has_errors() and not result.has_validation_errors():
            self.write()

    def write(self):
        model = self._meta.model
        created = [instance for instance, is_create, _ in self.pending if is_create]
        changed = [instance for instance, is_create, _ in self.pending if not is_create]
        model.objects.bulk_create(created, batch_size=BATCH)
        if changed:
            model.objects.bulk_update(changed, self.written_fields, batch_size=BATCH)
        entries = []
        for instance, is_create, fields in self.pending:
            kind = ChangeKind.CREATED if is_create else ChangeKind.CHANGED
            entries.append(self.entry(instance, kind, fields))
        Change.objects.bulk_create(entries, batch_size=BATCH)

    def entry(self, instance, kind, fields):
        return history.entry(
            instance,
            kind,
            fields,
            by=self.by,
            at=self.at,
            door=Door.IMPORT,
            home=self.home_of(instance),
        )

    def home_of(self, instance):
        return HistoryHome()

    def counts(self):
        """Counter of new, update and skip."""
        return Counter(line.kind for line in self.lines)

    def label_of(self, attribute):
        """The heading of an error's field."""
        headings = {field.attribute: field.column_name for field in self.fields.values()}
        return headings.get(attribute) or heading(self._meta.model, attribute)
