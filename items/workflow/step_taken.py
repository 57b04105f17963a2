"""Who takes a step, when and how: what all steps of reports and applications are given."""

from datetime import datetime
from typing import NotRequired, TypedDict

from items.models import Door, User


class StepTaken(TypedDict):
    """The keyword arguments of every step."""

    by: User
    at: datetime
    version: NotRequired[int | None]
    """The one that the person has looked at; without it, that of the row at hand."""
    door: NotRequired[Door]
