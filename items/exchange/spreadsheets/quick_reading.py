"""Which files are read within a request: those of at most some hundred rows.

A file that holds more is read in a process of its own (`items.exchange.reading`). How much it
holds shows while it is read: an .ods repeats cells by their number, and zip files lie.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from items.exchange.spreadsheets.limits import MAX_CELLS, MAX_INFLATED_BYTES, MAX_MERGES

MOST_BYTES = 256 * 1024
MOST_INFLATED_BYTES = 1024 * 1024
# A plan of a thousand items has 7,000 cells; reading and comparing them takes half a second.
MOST_CELLS = 10_000
MOST_MERGES = 5_000

_is_quick: ContextVar[bool] = ContextVar("is_quick", default=False)


class NotQuick(Exception):
    """The file holds more than is read within a request; that says nothing against it."""


@contextmanager
def reading_quickly() -> Iterator[None]:
    """Inside, a file that holds more than a little raises `NotQuick`."""
    token = _is_quick.set(True)
    try:
        yield
    finally:
        _is_quick.reset(token)


def is_quick() -> bool:
    return _is_quick.get()


def cells_at_most() -> int:
    return MOST_CELLS if is_quick() else MAX_CELLS


def merges_at_most() -> int:
    return MOST_MERGES if is_quick() else MAX_MERGES


def inflated_at_most() -> int:
    """In bytes."""
    return MOST_INFLATED_BYTES if is_quick() else MAX_INFLATED_BYTES
