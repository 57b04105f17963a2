"""Statements with thousands of values, or with a large one, which a connection had better not keep.

Python's sqlite3 keeps the last 128 statements of each connection as they were prepared, together
with the values that they were last asked with. One that names ten thousand keys takes 1.6 MB there,
one that wrote a file of 10 MB takes those, and each of eight threads has a connection of its own: a
server process grew by 12 MB with each round of imports, exports and pages of 10,000 items.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.sqlite3 import base

MANY_VALUES = 600
"""A list on a page has up to 500 keys: these stay prepared. A piece of an import has up to 999."""
LONG_VALUE = 100_000
"""Characters or bytes. The longest text of a form has a tenth; files and what is made of them have
more, and so have the records of large imports."""
LONG_KINDS = frozenset({str, bytes, memoryview})


class NotingCursor(base.SQLiteCursorWrapper):
    """Tells its connection when it has asked a large statement."""

    note_large: Callable[[], None]

    def execute(self, query: str, params: Any = None) -> Any:
        if params is not None and is_large(params):
            self.note_large()
        return super().execute(query, params)


def is_large(values: Any) -> bool:
    """Whether a statement with these values had better not be kept."""
    if len(values) > MANY_VALUES:
        return True
    return any(type(value) in LONG_KINDS and len(value) > LONG_VALUE for value in values)
