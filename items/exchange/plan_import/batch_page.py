"""What the pages of a 匯入批次 show: what it wrote, by the history, and the plan as it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, QuerySet

from items.diff import Marker, Piece
from items.exchange.plan_import.preview_content import marked_cell
from items.models import Action, Change, ChangeKind, Door, ImportBatch
from items.models.actions import ActionQuerySet
from items.models.history_words import EMPTY

SHOWN_OBSTACLES = 100


@dataclass(frozen=True)
class BatchFigures:
    """Numbers of rows: actions created and changed, other rows written, and the plan's actions."""

    created: int
    changed: int
    others: int
    total: int

    @property
    def left(self) -> int:
        """How many actions the plan has once the batch is undone."""
        return self.total - self.created


class MarkedChange(NamedTuple):
    """A field of an entry, with what differs marked."""

    label: str
    pieces: list[Piece]


class MarkedEntry(NamedTuple):
    """An entry of the history with its fields."""

    entry: Change
    changes: list[MarkedChange]


def entries_of(batch: ImportBatch) -> QuerySet[Change]:
    """What the import wrote; what undoing it wrote is not of the batch.

    Strategies, methods and plans first, then the items in the plan's order: the import writes new
    items before changed ones, in which nobody finds an item again.
    """
    order = []
    for field in ActionQuerySet.OFFICIAL_ORDER:
        # Entries without an item stand in front in SQLite, and behind in PostgreSQL.
        order.append(F(f"action__{field}").asc(nulls_first=True))
    return batch.entries.order_by(*order, "id")


def figures_of(batch: ImportBatch) -> BatchFigures:
    """The numbers are those of the database, not those that the import counted."""
    # Strategies, methods and plans have entries of their own.
    entries = entries_of(batch)
    of_actions = entries.filter(model=Action._meta.model_name)
    return BatchFigures(
        created=of_actions.filter(kind=ChangeKind.CREATED).count(),
        changed=of_actions.filter(kind=ChangeKind.CHANGED).count(),
        others=entries.exclude(model=Action._meta.model_name).count(),
        total=Action.objects.for_programme(batch.programme).count(),
    )


def marked_entries(entries: Iterable[Change]) -> list[MarkedEntry]:
    # One marker for the page: all its texts together take two seconds at most.
    marker = Marker()
    return [MarkedEntry(entry, _marked_changes(entry, marker)) for entry in entries]


def _marked_changes(entry: Change, marker: Marker) -> list[MarkedChange]:
    changes = []
    for field in entry.differences():
        pieces = marked_cell(
            marker, field.label, old=_without_empty(field.old), new=_without_empty(field.new)
        )
        changes.append(MarkedChange(field.label, pieces))
    return changes


def _without_empty(words: str | None) -> str:
    """The word for an empty field would be marked as if it were a text that came or went."""
    if words is None or words == EMPTY:
        return ""
    return words


def door_words(batch: ImportBatch) -> str:
    if batch.door == Door.COMMAND:
        return Door.COMMAND.label
    return Door.PAGE.label
