"""Who writes, when, and through which door."""

from datetime import datetime
from typing import TypedDict

from items.models import Door, User


class Stamp(TypedDict):
    """The keywords that every verb of the workflow takes: `history.save(row, **stamp)`."""

    by: User
    at: datetime
    door: Door
