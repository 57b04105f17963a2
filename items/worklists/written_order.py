"""What was written first, of rows of several tables: by their place in the chain, not by a clock.

A clock may be set back. Every row of the history lies in a block (`models/history_blocks.py`), and
a block that was written later has a higher key. Only of rows that were there before there was a
chain nobody knows more than their times.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Protocol, TypeVar

PLACE_COLUMNS = ("at", "pk", "block_id", "block__made_afterwards")
"""What `WrittenPlace` is made of, for `values_list`."""


@dataclass(frozen=True)
class WrittenPlace:
    """When a row was written, among those of all tables."""

    at: datetime
    pk: int
    block: int | None = None
    made_afterwards: bool | None = None
    """Whether the block was made afterwards, so that its key says nothing."""

    @property
    def sequence(self) -> int | None:
        """The higher, the later; None of rows from before the chain, the earliest of all."""
        if self.made_afterwards:
            return None
        return self.block


class Placed(Protocol):
    """Something that was written; `place` says when."""

    @property
    def place(self) -> WrittenPlace: ...


Row = TypeVar("Row", bound=Placed)


def newest_first(tables: Iterable[Sequence[Row]], *, by_time: Sequence[Row] = ()) -> list[Row]:
    """The rows of several tables in one order; those of one table stay in that of their keys.

    `by_time` lie in no chain, such as messages: they stand where their time puts them.
    """
    in_sequence: list[Row] = []
    from_before: list[list[Row]] = []
    for rows in tables:
        rows_from_before = []
        for row in _by_key(rows):
            if row.place.sequence is None:
                rows_from_before.append(row)
            else:
                in_sequence.append(row)
        from_before.append(rows_from_before)
    # Rows of one block were written together: their keys decide between them.
    in_sequence.sort(key=_sequence_and_key, reverse=True)
    chained = [*in_sequence, *_merged(from_before)]
    return _merged([chained, _by_key(by_time)])


def _sequence_and_key(row: Placed) -> tuple[int, int]:
    # Only rows that have a place in the chain are sorted by it.
    assert row.place.sequence is not None
    return row.place.sequence, row.place.pk


def _by_key(rows: Iterable[Row]) -> list[Row]:
    """Keys only grow: of one table, the row with the highest was written last."""
    return sorted(rows, key=attrgetter("place.pk"), reverse=True)


def _merged(tables: Iterable[Sequence[Row]]) -> list[Row]:
    """Between tables the time decides, within one never: of each only the first row is looked at."""
    return list(heapq.merge(*tables, key=attrgetter("place.at"), reverse=True))
