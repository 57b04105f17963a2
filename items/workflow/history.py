"""Every change of the plan leaves an entry: which fields, from what to what, who, when, how."""

from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from items.models import Action, Assignment, Change, ChangeKind, Door, HistoryHome, Programme, User
from items.models.copied_figures import COPIED_FIGURES
from items.models.folded import FoldedField
from items.models.history_blocks import APPEND_ONLY, Chained
from items.workflow.codes import note_code_of
from plan_tracker.clock import day_of

SECRET = {"digest", "password", "last_login", "content", "sign_in_generation"}
"""Fields whose value nobody may read in the history."""
BOOKKEEPING = {
    "block",
    "last_code",
    "created_at",
    "password_changed_at",
    "forgotten_at",
    "of_year",
    *COPIED_FIGURES,
}
"""Fields that verbs of their own maintain, and that say nothing to people."""
TOLD_BY_ENTRY = {
    "composed_by",
    "composed_at",
    "answered_by",
    "answered_at",
    "asked_by",
    "asked_at",
    "decided_by",
    "decided_at",
    "concluded_by",
    "concluded_at",
}
"""Fields that say who wrote the row and when, as its entry does."""
LABEL_LENGTH = 200
"""As many characters as `Change.label` holds."""

Row = TypeVar("Row", bound=models.Model)
Values = dict[str, Any]
"""{field name: value} of a row, as `Change.fields` keeps values."""
FieldValues = dict[str, list[Any]]
"""{field name: [old, new]}, what `Change.fields` holds."""


def values_of(obj: models.Model) -> Values:
    """The fields of a row as the history keeps them, without what must not be kept."""
    values = {}
    for field in _kept_fields(type(obj)):
        value = getattr(obj, field.name)
        if field.is_relation and value is not None:
            # Words instead of a key: the other row may be gone when somebody reads the entry.
            value = str(value)
        values[field.name] = value
    return values


@cache
def _kept_fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    """The fields of a model of which the history speaks."""
    fields = []
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name in SECRET or field.name in BOOKKEEPING:
            continue
        if field.name in TOLD_BY_ENTRY or field.name in getattr(model, "TOLD_BY_ENTRY", ()):
            continue
        # A copy of what is kept anyway.
        if isinstance(field, FoldedField):
            continue
        fields.append(field)
    return tuple(fields)


def differences(before: Values | None, after: Values | None) -> FieldValues:
    """What differs between two `values_of`; None stands for a row that is not there."""
    old_values = before or {}
    new_values = after or {}
    changed = {}
    # Merged as dictionaries and not as sets, so that fields stay in the order of the model.
    for name in {**old_values, **new_values}:
        old = old_values.get(name)
        new = new_values.get(name)
        if old != new:
            changed[name] = [old, new]
    return changed


def entry(
    obj: models.Model,
    kind: ChangeKind,
    fields: FieldValues,
    *,
    by: User,
    at: datetime,
    door: Door,
    home: HistoryHome | None = None,
) -> Change:
    """A history entry, not yet saved, so that an import can write thousands at once.

    A caller that knows the `home` of the row already spares the look-ups.
    """
    if home is None:
        # Every model has the method, which a test watches over; django-stubs cannot know that.
        home = obj.history_home()  # type: ignore[attr-defined]
    values = _entry_values(obj, kind, fields, at=at, door=door)
    return Change(by=by, programme=home.programme, action=home.action, **values)


def entry_row(
    obj: models.Model,
    kind: ChangeKind,
    fields: FieldValues,
    *,
    by: User,
    at: datetime,
    door: Door,
    home: HistoryHome,
) -> Values:
    """An entry by the names of its columns, for `bulk_insert`: `ENTRY_COLUMNS`.

    Instances of 35,000 entries take two seconds, in which nobody else may write.
    """
    values = _entry_values(obj, kind, fields, at=at, door=door)
    values["by_id"] = by.pk
    values["programme_id"] = None
    if home.programme is not None:
        values["programme_id"] = home.programme.pk
    values["action_id"] = None
    if home.action is not None:
        values["action_id"] = home.action.pk
    return values


ENTRY_COLUMNS = (
    "at",
    "by_id",
    "door",
    "kind",
    "model",
    "object_id",
    "label",
    "fields",
    "programme_id",
    "action_id",
)
"""The columns that `entry_row` fills."""


def _entry_values(
    obj: models.Model, kind: ChangeKind, fields: FieldValues, *, at: datetime, door: Door
) -> Values:
    """What an entry says of the row itself."""
    return {
        "at": at,
        "door": door,
        "kind": kind,
        "model": str(obj._meta.model_name),
        "object_id": obj.pk,
        "label": str(obj)[:LABEL_LENGTH],
        "fields": fields,
    }


def save(obj: Row, *, by: User, at: datetime, door: Door = Door.PAGE, is_step: bool = False) -> Row:
    """Save one row of the plan with its history entry, without one where nothing changed.

    What a model lists in `SET_BY_STEPS` is written only where `is_step`: a form that somebody
    opened before the step would else take it back.
    Raises `ValidationError` where the row cannot be, also where somebody else was a moment faster.
    """
    try:
        return _save(obj, by=by, at=at, door=door, is_step=is_step)
    except IntegrityError:
        # Two people may make the same row at once: each has checked before the other had written,
        # which PostgreSQL allows. By now the row of the other is there, so that the check finds it
        # and says it in words.
        obj.full_clean()
        raise


@transaction.atomic
def _save(obj: Row, *, by: User, at: datetime, door: Door, is_step: bool) -> Row:
    """Write the row and its entry together, or neither."""
    stored = None
    if obj.pk:
        stored = type(obj)._default_manager.filter(pk=obj.pk).first()
    if stored is None and isinstance(obj, Assignment) and obj.handed_out_on is None:
        # Every assignment that is made by itself comes through here, from every door. It owes nothing
        # for periods that were closed before today.
        obj.handed_out_on = day_of(at)
    if isinstance(stored, User) and isinstance(obj, User):
        obj.sign_in_generation = generation_after(stored, is_active=obj.is_active)
    if stored is not None and not is_step:
        _keep_what_steps_have_set(obj, stored)
    if isinstance(stored, Chained):
        _require_record_unchanged(stored, obj)
    # The verbs are the last door: not every caller has a form that has checked the row.
    obj.full_clean()
    if stored is None:
        obj.save()
        kind = ChangeKind.CREATED
        before = None
    else:
        # What bookkeeping has written since the row was read must not be overwritten.
        obj.save(update_fields=_written_fields(obj))
        kind = ChangeKind.CHANGED
        before = values_of(stored)
    if isinstance(obj, Action):
        note_code_of(obj)
    fields = differences(before, values_of(obj))
    if fields:
        entry(obj, kind, fields, by=by, at=at, door=door).save()
    return obj


def generation_after(stored: User, *, is_active: bool) -> int:
    """登入世代 of an account that is saved: a new one where it is disabled or enabled.

    An account that is enabled again must not find the session of before still open.
    """
    if stored.is_active == is_active:
        return stored.sign_in_generation
    return stored.sign_in_generation + 1


def _keep_what_steps_have_set(obj: models.Model, stored: models.Model) -> None:
    for name in getattr(obj, "SET_BY_STEPS", ()):
        setattr(obj, name, getattr(stored, name))


def _require_record_unchanged(stored: Chained, obj: models.Model) -> None:
    """What lies in the chain is not written again: an entry must not say that it was."""
    for name in stored.IN_CHAIN:
        if getattr(stored, name) != getattr(obj, name):
            raise TypeError(APPEND_ONLY)


def _written_fields(obj: models.Model) -> list[str]:
    """All fields that `save` writes of a row that exists."""
    names = []
    if isinstance(obj, Chained):
        # Everything else was written once. It is part of the hashes of the chain.
        return list(obj.SET_LATER)
    for field in obj._meta.concrete_fields:
        if not field.primary_key and field.name not in BOOKKEEPING:
            names.append(field.name)
    return names


@transaction.atomic
def delete(obj: models.Model, *, by: User, at: datetime, door: Door = Door.PAGE) -> None:
    """Delete one row with its history entry."""
    fields = differences(values_of(obj), None)
    deletion = entry(obj, ChangeKind.DELETED, fields, by=by, at=at, door=door)
    if isinstance(obj, Action):
        # A fixture may have brought the item without its number: nobody else knows the code then.
        note_code_of(obj)
        # The entry cannot point to a row that is gone; it stays with the programme, and its label
        # bears the code.
        deletion.action = None
    if isinstance(obj, Programme):
        # The same for a year that is gone: the entry belongs to the office, its label has the title.
        deletion.programme = None
    obj.delete()
    deletion.save()
