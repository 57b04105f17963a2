"""Every change of the plan leaves an entry: which fields, from what, to what, who, when, through which door."""

from typing import Any

from django.db import models, transaction

from items.models import Action, Assignment, Change, ChangeKind, Door, Programme

SECRET = {"password", "last_login", "content"}
"""Fields whose value nobody may read in the history."""
BOOKKEEPING = {"last_code"}
"""Fields that verbs maintain, and that say nothing to people."""

Values = dict[str, Any]
"""{field name: value} of a row, as `Change.fields` keeps values."""
FieldValues = dict[str, list[Any]]
"""{field name: [old, new]}, what `Change.fields` holds."""


def values_of(obj: models.Model) -> Values:
    """The fields of a row as the history keeps them, without what must not be kept."""
    values = {}
    for field in obj._meta.concrete_fields:
        if field.primary_key or field.name in SECRET or field.name in BOOKKEEPING:
            continue
        value = getattr(obj, field.name)
        if field.is_relation and value is not None:
            # Words instead of a key: the other row may be gone when somebody reads the entry.
            value = str(value)
        values[field.name] = value
    return values


def differences(before: Values | None, after: Values | None) -> FieldValues:
    """What differs between two `values_of`; None stands for a row that is not there."""
    old_values = before or {}
    new_values = after or {}
    changed = {}
    for name in {**old_values, **new_values}:
        old, new = old_values.get(name), new_values.get(name)
        if old != new:
            changed[name] = [old, new]
    return changed


def belongs_to(obj):
    """The programme and the action that a row's history is shown under."""
    if isinstance(obj, Assignment):
        obj = obj.action
    if isinstance(obj, Action):
        return {"programme": obj.programme, "action": obj}
    for path in (
        ("method", "strategy", "programme"),
        ("strategy", "programme"),
        ("programme",),
        (),
    ):
        owner = obj
        for name in path:
            owner = getattr(owner, name, None)
        if isinstance(owner, Programme):
            return {"programme": owner}
    return {}


def entry(obj, kind, fields, *, by, at, door, owner=None):
    """A history entry, not yet saved, so that an import can write thousands at once; `owner` spares it the look-ups."""
    return Change(
        at=at,
        by=by,
        door=door,
        kind=kind,
        model=obj._meta.model_name,
        object_id=obj.pk,
        label=str(obj)[:200],
        fields=fields,
        **(belongs_to(obj) if owner is None else owner),
    )


@transaction.atomic
def save(obj, *, by, at, door=Door.PAGE):
    """Save one row of the plan with its history entry; nothing is written where nothing changed."""
    stored = type(obj)._default_manager.filter(pk=obj.pk).first() if obj.pk else None
    obj.full_clean()
    obj.save()
    fields = differences(stored and values_of(stored), values_of(obj))
    if fields:
        kind = ChangeKind.CHANGED if stored else ChangeKind.CREATED
        entry(obj, kind, fields, by=by, at=at, door=door).save()
    return obj


@transaction.atomic
def delete(obj, *, by, at, door=Door.PAGE):
    """Delete one row with its history entry."""
    gone = entry(
        obj, ChangeKind.DELETED, differences(values_of(obj), None), by=by, at=at, door=door
    )
    if isinstance(obj, Action):
        gone.action = None
    obj.delete()
    gone.save()
