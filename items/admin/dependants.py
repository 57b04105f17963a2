"""What a row's deletion would take along, and what forbids it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import NestedObjects
from django.db import models, router

from items.models import FormerPassword, SignedInSession, Upload

WITHOUT_ENTRIES = (FormerPassword, SignedInSession, Upload)


def is_referenced(obj: models.Model) -> bool:
    """Whether rows that must not lose this one point at it.

    Costs a query for each relation: it is asked about the one object of a page, never in lists.
    """
    # Most of the relations have no name to come back by (`related_name="+"`): they count as hidden.
    for relation in obj._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        if relation.on_delete is not models.PROTECT:
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: obj})
        if rows.exists():
            return True
    return False


def with_dependants(obj: models.Model) -> list[models.Model]:
    """The row and our rows that its deletion takes along, children before their parents."""
    collector = NestedObjects(using=router.db_for_write(type(obj)), origin=obj)
    collector.collect([obj])
    rows = []
    for row in flat(collector.nested()):
        # Nobody misses these in the history: a file that waits for an hour, and traces of signing in.
        if row._meta.app_label == "items" and not isinstance(row, WITHOUT_ENTRIES):
            rows.append(row)
    # Django lists parents first; an entry about a child still needs the words of its parent.
    rows.reverse()
    return rows


def flat(nested: Iterable[Any]) -> list[models.Model]:
    """The rows of Django's nested lists: `[parent, [child, [grandchild]], …]`."""
    rows: list[models.Model] = []
    for item in nested:
        if isinstance(item, list):
            rows.extend(flat(item))
        else:
            rows.append(item)
    return rows
