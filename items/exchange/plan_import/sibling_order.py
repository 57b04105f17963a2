"""Positions for siblings, so that they stand in the order of the file."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)


class SiblingPlace(NamedTuple):
    """Siblings are sorted by position; of one position, by primary key."""

    position: int
    pk: float


class Sibling(NamedTuple, Generic[Key]):
    """A stored row among those under the same parent."""

    key: Key
    position: int
    pk: int


class Move(NamedTuple, Generic[Key]):
    """A sibling that is new, or has to go elsewhere, and the position that it gets."""

    key: Key
    position: int


LAST = float("inf")
"""A new row gets its key when it is written: it is higher than all of today."""


def arrange(stored: Sequence[Sibling[Key]], wanted: list[Key]) -> list[Move[Key]]:
    """The moves that bring `stored`, given in order, into the order of `wanted`, the file's.

    Siblings that the file lacks stay behind the one that they follow now. A position is kept
    wherever the order allows it.
    """
    if [sibling.key for sibling in stored] == wanted:
        # The usual case, and the only one where the plan's own file comes back.
        return []
    if not stored:
        return [Move(key, position) for position, key in enumerate(wanted, start=1)]
    places = {sibling.key: SiblingPlace(sibling.position, sibling.pk) for sibling in stored}
    moves = []
    last = SiblingPlace(0, 0)
    for key in _merged(stored, wanted):
        # A stored row that already stands behind the one before it keeps its position.
        place = places.get(key)
        if place is not None and place > last:
            last = place
            continue
        # Two rows may have one position: the lower key comes first, as on pages.
        pk = LAST
        if place is not None:
            pk = place.pk
        last = SiblingPlace(last.position + 1, pk)
        moves.append(Move(key, last.position))
    return moves


def _merged(stored: Iterable[Sibling[Key]], wanted: Sequence[Key]) -> list[Key]:
    """All siblings in the order of the file, those that it lacks included."""
    listed = set(wanted)
    at_the_start: list[Key] = []
    after: dict[Key, list[Key]] = defaultdict(list)
    followers = at_the_start
    for sibling in stored:
        if sibling.key in listed:
            followers = after[sibling.key]
        else:
            followers.append(sibling.key)
    merged = at_the_start
    for key in wanted:
        merged.append(key)
        merged.extend(after[key])
    return merged
