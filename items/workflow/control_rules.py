"""The rules of 管制異動 of a year are set by the plan office, and go on in the next year."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from items.models import ControlSettings, Door, Programme, User
from items.models.control_settings import control_settings_of
from items.workflow import history


@transaction.atomic
def change_rules(
    programme: Programme,
    content: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> ControlSettings:
    """Write these fields, `content` by their names; every other stays as it is by now."""
    # The row of the rules may not be there yet: the year is held, so that it is made once.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    rules = control_settings_of(programme)
    for name, value in content.items():
        setattr(rules, name, value)
    return history.save(rules, by=by, at=at, door=door)


def carry_rules(programme: Programme, *, by: User, at: datetime, door: Door) -> None:
    """A new year begins as the newest year before, where somebody has set any rules there."""
    before = ControlSettings.objects.filter(programme__year__lt=programme.year)
    newest = before.order_by("-programme__year").first()
    if newest is None:
        return
    rules = ControlSettings(programme=programme)
    for name in ControlSettings.CARRIED_OVER:
        setattr(rules, name, getattr(newest, name))
    history.save(rules, by=by, at=at, door=door)
