"""Every change of the plan leaves an entry: which fields, from what, to what, who, when, through which door."""

from django.db import transaction

from items.models import Action, Assignment, Change, ChangeKind, Door, Programme

SECRET = {"password", "last_login", "content"}


def display(obj, field):
    """A field's value as people read it; also what JSON can hold."""
    if field.choices:
        return getattr(obj, f"get_{field.name}_display")()
    value = getattr(obj, field.name)
    return str(value) if field.is_relation and value is not None else value


def values_of(obj):
    """{verbose name: value} of a row, without what must not be kept."""
    return {
        str(field.verbose_name): display(obj, field)
        for field in obj._meta.concrete_fields
        if not field.primary_key and field.name not in SECRET
    }


def differences(before, after):
    """{verbose name: [old, new]} of what changed; None stands for a row that is not there."""
    before, after = before or {}, after or {}
    return {
        name: [before.get(name), after.get(name)]
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    }


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
