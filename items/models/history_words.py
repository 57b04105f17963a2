"""What an entry of the history says, in words: Chinese labels, 民國 days, 是 and 否."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from items.day_words import moment_words
from items.models.assignment_queries import AssignmentKind
from items.models.quality_flags import FlagsField
from items.roc import format_roc

EMPTY = "（空白）"
"""How a field without a value is shown."""

DEPARTMENT_PREFIX = "assignments/"
"""An import names a department of an action so: `assignments/行政處`."""

CELL_LABELS = {
    "assignments.lead": f"{AssignmentKind.LEAD.label}單位",
    "assignments.support": f"{AssignmentKind.SUPPORT.label}單位",
}
"""Cells of the official table that are no field of a model: the departments of one kind."""

LABELS_WITHOUT_FIELD = {
    "sign_in_lock": "登入鎖定",
    "password_link": "設定密碼的連結",
    "second_factor": "雙重驗證",
    "forgotten": "去識別化",
    "single_sign_on": "單一登入",
    "owed": "催辦事項",
    "calendar_address": "行事曆網址",
    "successors": "承接項目",
}
"""What entries tell that stands in no field of the row, but of accounts or in rows of its own."""

CELLS_BEFORE = ("plan.method.strategy", "plan.method")
CELLS_AFTER = ("assignments.deadline", "assignments.lead", "assignments.support")
"""Cells that are shown before and after the fields of the action."""

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""Days and moments as Django's JSON encoder writes them; older entries have a space before the time."""


@dataclass(frozen=True)
class FieldChange:
    """One field of an entry in words; `old` is None before the row was there, `new` after."""

    name: str
    label: str
    old: str | None
    new: str | None


def field_changes(
    model: type[models.Model] | None,
    fields: Mapping[str, Sequence[Any]],
    *,
    is_new: bool,
    is_gone: bool,
) -> list[FieldChange]:
    """The `fields` of an entry, in words; its row was new then, or went with it.

    A field that was empty before and after is left out: it says nothing about a new row.
    """
    changes = []
    for name in _in_reading_order(model, fields):
        old_value, new_value = fields[name]
        old: str | None = value_in_words(model, name, old_value)
        new: str | None = value_in_words(model, name, new_value)
        if old == EMPTY and new == EMPTY:
            continue
        # None of a department means that it did not have the action: no row, not an empty one.
        is_department = name.startswith(DEPARTMENT_PREFIX)
        if is_new or (is_department and old_value is None):
            old = None
        if is_gone or (is_department and new_value is None):
            new = None
        changes.append(FieldChange(name, label_of(model, name), old=old, new=new))
    return changes


def _in_reading_order(model: type[models.Model] | None, names: Iterable[str]) -> list[str]:
    """The names as the model lists its fields, departments and unknown names at the end.

    PostgreSQL keeps the keys of JSON by their length, which nobody could read.
    """
    known = list(CELLS_BEFORE)
    if model is not None:
        known += [field.name for field in model._meta.concrete_fields]
    known += CELLS_AFTER
    place_of = {name: place for place, name in enumerate(known)}
    return sorted(names, key=lambda name: place_of.get(name, len(known)))


def label_of(model: type[models.Model] | None, name: str) -> str:
    """The Chinese label of a field, a path or a department; an unknown name stays as it is."""
    if name.startswith(DEPARTMENT_PREFIX):
        return name.removeprefix(DEPARTMENT_PREFIX)
    if name in CELL_LABELS:
        return CELL_LABELS[name]
    if name in LABELS_WITHOUT_FIELD:
        return LABELS_WITHOUT_FIELD[name]
    field = _field_at(model, name)
    if field is None:
        return name
    return str(field.verbose_name)


def value_in_words(model: type[models.Model] | None, name: str, value: Any) -> str:
    """A value as people read it, whether it comes from a row or, through JSON, from an entry."""
    field = _field_at(model, name)
    if field is not None and field.choices and isinstance(value, str):
        words = dict(field.flatchoices)
        # Not every value is a choice: an entry may be older than the choices of today.
        if value in words:
            return str(words[value])
    if value is None or value == "":
        return EMPTY
    if isinstance(field, FlagsField):
        return field.words_of(str(value)) or EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return _day_in_words(value.isoformat())
    if isinstance(field, models.CharField | models.TextField):
        # 期限寫法 may be written 2026-10-31, and is shown as somebody wrote it.
        return str(value)
    return _day_in_words(str(value))


def _field_at(model: type[models.Model] | None, path: str) -> models.Field | None:
    """The field that a path such as `plan.method.strategy` leads to; None where none is now."""
    field: Any = None
    for name in path.split("."):
        if model is None:
            return None
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = field.related_model
    # A reverse relation has neither a label nor values.
    if isinstance(field, models.Field):
        return field
    return None


def _day_in_words(text: str) -> str:
    """115年10月31日, or 115年11月22日 10:00 in Taipei, of an ISO day or moment; else the text."""
    try:
        if ISO_DAY.fullmatch(text):
            return format_roc(date.fromisoformat(text))
        if ISO_MOMENT.fullmatch(text):
            return moment_words(datetime.fromisoformat(text))
    except ValueError:
        # Somebody wrote it, and it is no day of any calendar: 2026-02-31.
        pass
    return text
