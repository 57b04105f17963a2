"""Statements with thousands of values, which a connection had better not keep.

Python's sqlite3 keeps the last 128 statements of each connection as they were prepared. One that
names ten thousand keys takes 1.6 MB there, and each of eight threads has a connection of its own: a
server process grew by 12 MB with each round of imports, exports and pages of 10,000 items.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.sqlite3 import base

MANY_VALUES = 600
"""A list on a page has up to 500 keys: these stay prepared. A piece of an import has up to 999."""


class NotingCursor(base.SQLiteCursorWrapper):
    """Tells its connection when it has asked a large statement."""

    note_large: Callable[[], None]

    def execute(self, query: str, params: Any = None) -> Any:
        if params is not None and len(params) > MANY_VALUES:
            self.note_large()
        return super().execute(query, params)
