"""What an import keeps of itself in `ImportBatch.changes`: by it, and only by it, it can be undone.

Every value is kept under the name of its column, so that a field which a model gets later changes
nothing for older batches: undoing looks only at the fields that the batch wrote.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
IMPRINTED = (*LONG_TEXTS, *DAYS)
"""The fields whose values `imprint` changes."""


def _imprinted_of(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in IMPRINTED)


IMPRINTED_OF = {model: _imprinted_of(names) for model, names in FIELDS.items()}
"""The same for each model: an import of 10,000 rows would ask 140,000 times."""


class CreatedRow(NamedTuple):
    """A row that the import created, its values as `imprint` leaves them.

    `pk` is None for an assignment: it is known by its action and its department.
    """

    model: str
    pk: int | None
    values: Values


class EditedRow(NamedTuple):
    """A row that the import changed, with the fields that it changed."""

    model: str
    pk: int
    before: Values
    after: Values


class _CreatedTable(TypedDict):
    """Created rows of one model in JSON: their fields are named once.

    A dictionary for each row would make the text of 10,000 rows three times as long, and would take
    30 MB more while it is saved.
    """

    fields: list[str]
    rows: list[list[Any]]


@dataclass(slots=True)
class UndoRecord:
    """Every row that an import has written; `removed` are whole assignments."""

    created: list[CreatedRow] = field(default_factory=list)
    edited: list[EditedRow] = field(default_factory=list)
    removed: list[Values] = field(default_factory=list)

    def add_created(self, model: type[Model], pk: int | None, values: Values) -> None:
        """The record takes the values over: the caller must not use them afterwards."""
        # In their place, since most are kept as they are: 10,000 rows have 220,000 of them.
        for name in IMPRINTED_OF[model]:
            values[name] = imprint(name, values[name])
        self.created.append(CreatedRow(str(model._meta.model_name), pk, values))

    def as_json(self) -> dict[str, Any]:
        """For `ImportBatch.changes`."""
        made: dict[str, _CreatedTable] = {}
        picks = {}
        for model, names in FIELDS.items():
            made[str(model._meta.model_name)] = {"fields": ["pk", *names], "rows": []}
            picks[str(model._meta.model_name)] = itemgetter(*names)
        for row in self.created:
            values = picks[row.model](row.values)
            made[row.model]["rows"].append([row.pk, *values])
        return {
            "version": VERSION,
            "made": made,
            "changed": [row._asdict() for row in self.edited],
            "removed": self.removed,
        }


def imprint(name: str, value: Any) -> Any:
    """A value of a created row, by which a later change is noticed.

    Long texts are kept as a fingerprint: they would make the batch as large as the plan.
    """
    # Eight bytes: nobody forges a text to make an undoing go wrong.
    if name in LONG_TEXTS:
        return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    if name in DAYS and value is not None:
        return _iso(value)
    return value


_iso = lru_cache(maxsize=1000)(date.isoformat)


def read_record(changes: Mapping[str, Any]) -> UndoRecord:
    """The record of a batch of either version."""
    if changes.get("version", 1) == 1:
        return _read_version_1(changes)
    created = []
    for model, table in changes["made"].items():
        for row in table["rows"]:
            values = dict(zip(table["fields"], row, strict=True))
            created.append(CreatedRow(model, values.pop("pk"), values))
    edited = [
        EditedRow(row["model"], row["pk"], _with_day(row["before"]), _with_day(row["after"]))
        for row in changes["changed"]
    ]
    return UndoRecord(created, edited, [_with_day(values) for values in changes["removed"]])


def _read_version_1(changes: Mapping[str, Any]) -> UndoRecord:
    created = []
    for model, rows in changes["made"].items():
        for pk, values in rows:
            by_name = dict(zip(VERSION_1_FIELDS[model], values, strict=True))
            created.append(CreatedRow(model, pk, by_name))
    edited = [
        EditedRow(model, pk, _with_day(before), _with_day(after))
        for model, pk, before, after in changes["changed"]
    ]
    return UndoRecord(created, edited, [_with_day(values) for values in changes["removed"]])


def _with_day(values: Values) -> Values:
    """JSON keeps days as text."""
    with_days = dict(values)
    for name in DAYS:
        if values.get(name) is not None:
            with_days[name] = date.fromisoformat(values[name])
    return with_days
