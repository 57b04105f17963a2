"""The year of an 分辦, which it carries beside its action."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute

from items.models.programme import Programme


class YearOfActionKey(ForeignKeyDeferredAttribute):
    """The key of the year; for a new row whose maker has not set it, that of its action.

    Everything that writes a row (save, a fixture, many rows at once) reads this attribute, so that
    no door has to know of the copy.
    """

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        key = super().__get__(instance, owner)
        if key is not None or instance is None:
            return key
        if instance.action_id is None:
            return None
        action = instance.action
        key = action.plan.method.strategy.programme_id
        instance.__dict__[self.field.attname] = key
        return key


class YearOfAction(models.ForeignKey):
    """A copy of the programme that an action belongs to, which is the same for good.

    What belongs to a year is then found by a column of the row itself: by way of action, plan,
    method and strategy every count of 100,000 rows went through five tables.
    """

    descriptor_class = YearOfActionKey

    def __init__(self, *args: Any, **options: Any) -> None:
        # Written out in migrations, given here alone otherwise.
        options = {
            "to": Programme,
            "verbose_name": "年度計畫",
            "on_delete": models.CASCADE,
            "related_name": "+",
            "editable": False,
            # The indexes of the row begin with it.
            "db_index": False,
            **options,
        }
        super().__init__(*args, **options)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """The action has been looked at, and its year is there: no query asks for it again."""
