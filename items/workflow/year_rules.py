"""Rules of a year in a row of their own (管制異動, 催辦郵件): set by the plan office, and carried on."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from items.models import ControlSettings, Door, Programme, ReminderSettings, User
from items.workflow import history

YearRules = TypeVar("YearRules", ControlSettings, ReminderSettings)


@transaction.atomic
def change_rules(
    rules_of: Callable[[Programme], YearRules],
    programme: Programme,
    content: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> YearRules:
    """Write these fields, `content` by their names; every other stays as it is by now.

    `rules_of` finds the row of a year, or makes the usual one.
    """
    # The row may not be there yet: the year is held, so that it is made once.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    rules = rules_of(programme)
    for name, value in content.items():
        setattr(rules, name, value)
    return history.save(rules, by=by, at=at, door=door)


def carry_rules(
    model: type[YearRules], programme: Programme, *, by: User, at: datetime, door: Door
) -> None:
    """A new year begins as the newest year before, where somebody has set any rules there."""
    before = model._default_manager.filter(programme__year__lt=programme.year)
    newest = before.order_by("-programme__year").first()
    if newest is None:
        return
    rules = model(programme=programme)
    for name in model.CARRIED_OVER:
        setattr(rules, name, getattr(newest, name))
    history.save(rules, by=by, at=at, door=door)
