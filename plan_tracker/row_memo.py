"""The HTML of rows that was drawn before, kept by everything that it was drawn from.

Of the calls that a page of 33 rows makes, two thirds are Django's drawing of them. A row's template
reads nothing but the row, and the key of its HTML is the whole row: other values are another key,
so that no change of the data can make what is kept untrue (docs/decisions/0029).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from operator import attrgetter
from threading import Lock
from typing import Any

from django.utils.safestring import SafeString

PLAIN = frozenset({str, SafeString, int, bool, type(None), date})
"""Types whose equal values are drawn alike. Not float (-0.0 equals 0.0) and not datetime (a moment
equals the same one in another time zone); such a value stands in a row as the words for it."""

MOST_SHORT_KEYS = 24
"""As many long keys have a short one, such as those of a day and a year."""

MOST_CHARACTERS = 1_500_000
"""Of kept HTML: a thousand rows of 計畫表, in a process, 8 MB with their keys at the most."""


class NotPlain(TypeError):
    """A row holds something that may be drawn otherwise although it compares as equal."""

    def __init__(self, kind: type) -> None:
        super().__init__(
            f"A row that is kept holds plain values and other such rows alone, no {kind.__name__}"
        )


def key_of(value: Any) -> Hashable:
    """A value with the types of all its parts, since 1, True and a Light equal others.

    `value` is a plain one, a tuple or a frozen dataclass of them. Anything else raises `NotPlain`:
    a model equals another one with the same key whatever is in its columns.
    """
    kind: type[Any] = type(value)
    if kind in PLAIN or issubclass(kind, Enum):
        return kind, value
    # mypy takes the hash of an instance for that of its class.
    parts = _reader_of(kind)(value)  # type: ignore[arg-type]
    kinds = tuple(map(type, parts))
    # Most rows have words and numbers alone: nothing is asked of each.
    if PLAIN.issuperset(kinds):
        return kind, kinds, parts
    plain = []
    nested = []
    for part, kind_of_part in zip(parts, kinds, strict=True):
        if kind_of_part in PLAIN:
            plain.append(part)
        else:
            nested.append(key_of(part))
    return kind, kinds, tuple(plain), tuple(nested)


@cache
def _reader_of(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the parts of a value of this type; `NotPlain` where it has none that we know.

    Made once for each type: to ask for the fields of each row one by one took twice as long.
    """
    if issubclass(kind, tuple):
        return tuple
    if not is_dataclass(kind) or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise NotPlain(kind)
    names = [field.name for field in fields(kind)]
    if len(names) < 2:
        # `attrgetter` gives one value alone, and of none it cannot be made.
        return lambda value: tuple([getattr(value, name) for name in names])
    return attrgetter(*names)


@dataclass(frozen=True)
class RowToMake:
    """A row that is made only where its HTML is not kept: from `sources`, and nothing beside them.

    For rows that take longer to make than to draw. The sources are plain values, as those of a row
    are; equal ones have the same types, since each stands for one column of the database.
    """

    sources: tuple[Hashable, ...]
    shared: object
    """A short key (`ShortKeys`) for what the rows of a page are made from beside their sources."""
    make: Callable[[], object]


class ShortKeys:
    """A short key for a long one that all rows of a page share, such as the columns of a year.

    To hash and compare the long one for each row would take longer than to look for its HTML. A
    short key that was forgotten is never given again: what was kept by it is not found any more.
    """

    def __init__(self) -> None:
        self._short: dict[Hashable, object] = {}

    def of(self, long_key: Hashable) -> object:
        short_key = self._short.get(long_key)
        if short_key is None:
            if len(self._short) >= MOST_SHORT_KEYS:
                self._short.clear()
            # Where another thread came first, theirs.
            short_key = self._short.setdefault(long_key, object())
        return short_key


class RowMemo:
    """HTML by its key; what was kept first goes first, and nothing is asked of the others.

    Threads share it: to look something up needs no lock, since a dict is whole at any moment.
    """

    def __init__(self, most_characters: int) -> None:
        self._most_characters = most_characters
        self._html: dict[Hashable, SafeString] = {}
        self._characters = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> SafeString | None:
        return self._html.get(key)

    def keep(self, key: Hashable, html: SafeString) -> None:
        with self._lock:
            # Another thread has drawn the same row meanwhile.
            if key in self._html:
                return
            self._html[key] = html
            self._characters += len(html)
            while self._characters > self._most_characters:
                oldest = next(iter(self._html))
                self._characters -= len(self._html.pop(oldest))

    def clear(self) -> None:
        with self._lock:
            self._html.clear()
            self._characters = 0

    @property
    def characters(self) -> int:
        return self._characters


memo = RowMemo(MOST_CHARACTERS)
"""The one of this process."""
