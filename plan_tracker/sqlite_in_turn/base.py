"""Django's backend for SQLite, whose writers of one process wait for each other before they ask.

SQLite has one writer at a time. Who finds the file locked asks again and again, with pauses
of up to a tenth of a second, in no order: of twenty threads some waited longer than a minute. So a
thread first takes the turn of its process, in the order in which they came, and only the processes
ask the file. Only transactions take turns; a statement on its own asks the file as before.

Django looks for a class of this name in a module of this name:
https://docs.djangoproject.com/en/5.2/ref/databases/#subclassing-the-built-in-database-backends
"""

import threading
from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from plan_tracker.sqlite_in_turn.large_statements import NotingCursor

_TURNS: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(1))
"""{file: the turn to write in it}; a semaphore wakes the one who has waited longest."""


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; `turn_seconds` is how long it waits for its turn."""

    # `type: ignore` below: django-stubs does not know what the class above inherits.

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._turn: threading.Semaphore | None = None
        self.turn_seconds: float = self.settings_dict["OPTIONS"].get("timeout", 5)
        self._keeps_large_statements = False

    def create_cursor(self, name: Any = None) -> NotingCursor:
        cursor = self.connection.cursor(factory=NotingCursor)
        cursor.note_large = self._note_large
        return cursor

    def _note_large(self) -> None:
        self._keeps_large_statements = True

    def close_if_unusable_or_obsolete(self) -> None:
        """Called by Django when a request begins and when it has ended."""
        super().close_if_unusable_or_obsolete()
        if self._keeps_large_statements and not self.in_atomic_block:
            # What was prepared goes with its connection; the next request opens a new one.
            self.close()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        # Where it fails, Django rolls back: the turn ends there.
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        self._keeps_large_statements = False
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _take_turn(self) -> None:
        if self._turn is not None:
            return
        turn = _TURNS[str(self.settings_dict["NAME"])]
        if not turn.acquire(timeout=self.turn_seconds):
            # The words of SQLite: code that handles its error handles this one, too.
            raise OperationalError("database is locked")
        self._turn = turn

    def _end_turn(self) -> None:
        turn = self._turn
        if turn is None:
            return
        self._turn = None
        turn.release()
