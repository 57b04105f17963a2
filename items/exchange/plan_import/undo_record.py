"""What an import keeps of itself in `ImportBatch.changes`: by it, and only by it, it can be undone.

Every value is kept under the name of its column, so that a field which a model gets later changes
nothing for older batches: undoing looks only at the fields that the batch wrote.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, TypedDict

from django.db.models import Model

from items.exchange.plan_import.plan_now import FIELDS

VERSION = 2
Values = dict[str, Any]
"""Values of a row by the names of its columns (`plan_id`), as `plan_now.FIELDS` has them."""

VERSION_1_FIELDS = {
    "strategy": ("programme_id", "number", "title"),
    "method": ("strategy_id", "position", "title"),
    "plan": ("method_id", "position", "title"),
    "action": (
        "plan_id",
        "position",
        "code",
        "title",
        "expected_benefit",
        "every_department",
        "separate_deadlines",
    ),
    "assignment": ("action_id", "department_id", "kind", "position", "deadline", "deadline_text"),
}
"""The fields of migration 0002. Batches of then have their rows as lists in this order."""

LONG_TEXTS = ("title", "expected_benefit")
DAYS = ("deadline", "handed_out_on")


@dataclass(frozen=True, slots=True)
class CreatedTable:
    """The rows of one model that an import created, each as a list: its key, then its values.

    The values are as `imprint` leaves them. The key is None for an assignment: it is known by its
    action and its department.
    """

    model: str
    fields: tuple[str, ...]
    """What the values of a row are, in their order; without the key."""
    rows: list[list[Any]]

    def values_of(self, row: Sequence[Any]) -> Values:
        """{field: value} of one of the rows.

        Made for a moment only: for all 35,000 rows of a large import it would be 9 MB.
        """
        return dict(zip(self.fields, row[1:], strict=True))


class EditedRow(NamedTuple):
    """A row that the import changed, with the fields that it changed."""

    model: str
    pk: int
    before: Values
    after: Values


class _CreatedInJson(TypedDict):
    """Created rows of one model in JSON: their fields are named once.

    A dictionary for each row would make the text of 10,000 rows three times as long, and would take
    30 MB more while it is saved.
    """

    fields: list[str]
    rows: list[list[Any]]


@dataclass(frozen=True, slots=True)
class UndoRecord:
    """Every row that an import has written; `removed` are whole assignments."""

    created: list[CreatedTable]
    edited: list[EditedRow]
    removed: list[Values]


class RecordBeingWritten:
    """What an import writes, row by row, in the shape in which it is kept."""

    def __init__(self) -> None:
        self.edited: list[EditedRow] = []
        self.removed: list[Values] = []
        self._created: dict[type[Model], list[list[Any]]] = {model: [] for model in FIELDS}

    def add_created(self, model: type[Model], pk: int | None, values: Values) -> None:
        # At once as it is kept: of 10,000 rows these are 35,000, and a dictionary for each would
        # be a tenth of the time in which all of them are written.
        row = [pk, *PICK[model](values)]
        for place, make_imprint in IMPRINTS[model]:
            row[place] = make_imprint(row[place])
        self._created[model].append(row)

    @property
    def row_count(self) -> int:
        """How many rows were written."""
        created = sum(len(rows) for rows in self._created.values())
        return created + len(self.edited) + len(self.removed)

    def as_json(self) -> dict[str, Any]:
        """For `ImportBatch.changes`."""
        created: dict[str, _CreatedInJson] = {}
        for model, rows in self._created.items():
            fields = ["pk", *FIELDS[model]]
            created[str(model._meta.model_name)] = {"fields": fields, "rows": rows}
        return {
            "version": VERSION,
            "made": created,
            "changed": [row._asdict() for row in self.edited],
            "removed": self.removed,
        }


def _imprint_of_text(text: str) -> str:
    # Eight bytes: nobody forges a text to make an undoing go wrong.
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


# Most of 20,000 assignments have one of a few deadlines.
@lru_cache(maxsize=1000)
def _imprint_of_day(day: date | None) -> str | None:
    if day is None:
        return None
    return day.isoformat()


IMPRINT_MAKERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(LONG_TEXTS, _imprint_of_text),
    **dict.fromkeys(DAYS, _imprint_of_day),
}
"""By field, where a value is not kept as it is."""


def imprint(name: str, value: Any) -> Any:
    """A value of a created row, by which a later change is noticed.

    Long texts are kept as a fingerprint: they would make the batch as large as the plan.
    """
    make_imprint = IMPRINT_MAKERS.get(name)
    if make_imprint is None:
        return value
    return make_imprint(value)


class _Imprint(NamedTuple):
    """Which place of a kept row is not kept as it is, and what is made of its value."""

    place: int
    make: Callable[[Any], Any]


def _imprints(names: Sequence[str]) -> tuple[_Imprint, ...]:
    imprints = []
    # The key comes first.
    for place, name in enumerate(names, start=1):
        if name in IMPRINT_MAKERS:
            imprints.append(_Imprint(place, IMPRINT_MAKERS[name]))
    return tuple(imprints)


PICK = {model: itemgetter(*names) for model, names in FIELDS.items()}
IMPRINTS = {model: _imprints(names) for model, names in FIELDS.items()}
"""Both worked out once: an import of 10,000 rows would ask 140,000 times."""


def read_record(changes: Mapping[str, Any]) -> UndoRecord:
    """The record of a batch of either version."""
    if changes.get("version", 1) == 1:
        return _read_version_1(changes)
    created = []
    for model, table in changes["made"].items():
        # The first is the key.
        fields = tuple(table["fields"][1:])
        created.append(CreatedTable(model, fields, table["rows"]))
    edited = []
    for row in changes["changed"]:
        edited.append(
            EditedRow(
                model=row["model"],
                pk=row["pk"],
                before=_with_day(row["before"]),
                after=_with_day(row["after"]),
            )
        )
    return UndoRecord(created, edited, _removed_in(changes))


def _read_version_1(changes: Mapping[str, Any]) -> UndoRecord:
    """Of before the fields had names: a created row is [key, values], an edited one a list of four."""
    created = []
    for model, made_rows in changes["made"].items():
        rows = []
        for pk, values in made_rows:
            rows.append([pk, *values])
        created.append(CreatedTable(model, VERSION_1_FIELDS[model], rows))
    edited = []
    for model, pk, before, after in changes["changed"]:
        edited.append(
            EditedRow(model=model, pk=pk, before=_with_day(before), after=_with_day(after))
        )
    return UndoRecord(created, edited, _removed_in(changes))


def _removed_in(changes: Mapping[str, Any]) -> list[Values]:
    """Whole assignments, which both versions keep alike."""
    return [_with_day(values) for values in changes["removed"]]


def _with_day(values: Values) -> Values:
    """JSON keeps days as text."""
    with_days = dict(values)
    for name in DAYS:
        if values.get(name) is not None:
            with_days[name] = date.fromisoformat(values[name])
    return with_days
