"""What a row's deletion would take along, and what forbids it."""

from django.contrib.admin.utils import NestedObjects
from django.db import models, router

from items.models import Upload


def is_referenced(obj):
    """Whether rows that must not lose it point at this one; asked when one object is shown, not in lists."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: obj}).exists()
        for relation in obj._meta.get_fields(
            include_hidden=True
        )  # most of them have no name to come back by
        if relation.auto_created and not relation.concrete and relation.on_delete is models.PROTECT
    )


def with_dependants(obj):
    """The row and our rows that its deletion takes along, children before their parents."""
    collector = NestedObjects(using=router.db_for_write(type(obj)), origin=obj)
    collector.collect([obj])
    found = flat(collector.nested())
    return [
        row
        for row in reversed(found)
        if row._meta.app_label == "items" and not isinstance(row, Upload)
    ]


def flat(nested):
    return [row for item in nested for row in (flat(item) if isinstance(item, list) else [item])]
