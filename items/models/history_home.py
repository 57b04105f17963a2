"""Where the entries of a row are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Only for the annotations: the models import this module.
    from items.models.actions import Action
    from items.models.programme import Programme


@dataclass(frozen=True)
class HistoryHome:
    """The 歷程 of a programme and the page of an action; neither for the office as a whole.

    Every model of the app says its home in a method `history_home()`.
    """

    programme: Programme | None = None
    action: Action | None = None
