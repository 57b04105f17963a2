"""The order of siblings: items of an 執行計畫, plans of a method, methods of a strategy."""

from collections.abc import Sequence
from datetime import datetime

from items.models import Action, Door, Method, Plan, User
from items.workflow import history


def place_among(
    row: Action | Method | Plan,
    siblings: Sequence[int],
    place: int,
    *,
    by: User,
    at: datetime,
    door: Door,
) -> None:
    """Bring a row to a place, counted from 1; those that have to make room move, too.

    `siblings` are the keys in the order of now, that of the row among them.
    """
    keys = [key for key in siblings if key != row.pk]
    keys.insert(place - 1, row.pk)
    rows = type(row)._default_manager.in_bulk(keys)
    last = 0
    for key in keys:
        sibling = rows[key]
        # A position is kept wherever the order allows it: fewer entries in the history.
        if sibling.position <= last or key == row.pk:
            sibling.position = last + 1
            history.save(sibling, by=by, at=at, door=door)
        last = sibling.position
