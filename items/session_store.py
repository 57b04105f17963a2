"""Sessions as Django keeps them in the database, read and renewed by SQL that is written once.

Every request of somebody signed in asks for a session, and one a minute renews it: to write the SQL
of both took Django a fifth of the time of an autosave. Django looks for a class of this name in the
module that SESSION_ENGINE names.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField
from django.utils import timezone

from items.models.prepared import Prepared, Slot
from items.models.prepared_writes import PreparedUpdate

_GOING_ON = Prepared(
    lambda: Session.objects.filter(
        session_key=Slot("key"), expire_date__gt=Slot("now", DateTimeField())
    )
)
_RENEWAL = PreparedUpdate(lambda: Session.objects.filter(session_key=Slot("key")))


class SessionStore(db.SessionStore):
    """Django's own beside that."""

    # django-stubs does not know this method, by which `load` finds the row.
    def _get_session_from_db(self) -> Session | None:
        session = _GOING_ON.first(key=self.session_key, now=timezone.now())
        if session is None:
            # A key that is nobody's is not taken over: whoever signs in gets a new one.
            self._session_key = None
        return session

    def save(self, must_create: bool = False) -> None:
        """Write what has changed; a session that was ended meanwhile is not made again."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        # django-stubs leaves out where Django has what the session holds.
        row = self.create_model_instance(self._session)  # type: ignore[attr-defined]
        try:
            renewed = self._renew(row.session_data, row.expire_date)
        except DatabaseError as error:
            # The same class as Django's own, so that `Sessions` finds the trouble behind it.
            raise UpdateError from error
        if not renewed:
            raise UpdateError

    def _renew(self, data: str, until: datetime) -> int:
        with _one_statement():
            return _RENEWAL({"session_data": data, "expire_date": until}, key=self.session_key)


def _one_statement() -> AbstractContextManager[None]:
    """By itself a statement is whole; as a transaction it takes PostgreSQL three ways instead of one.

    On SQLite only a transaction takes its turn (`plan_tracker.sqlite_in_turn`), and within another
    transaction a failure must not undo that one.
    """
    if connection.vendor == "sqlite" or connection.in_atomic_block:
        return transaction.atomic()
    return nullcontext()
