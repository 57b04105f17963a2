"""On PostgreSQL one process makes the migrated database, and the others copy what it has made.

Only on a server of the run's own (dev.py says so): there a copy is gone with the server, and can
never be older than the migrations. How the first one comes to it: `kept_dump`.
"""

import contextlib
import os

from django.db import connection

from tests import kept_dump

TEMPLATE = "migrated"
TURN = 115
"""The number of the lock that the first process holds until there is something to copy."""


class CopiedTemplate:
    """The turn of this process, and what it does in it."""

    def __init__(self):
        self.turn = contextlib.ExitStack()
        self.cursor = None
        self.own_name = connection.creation._get_test_db_name()
        self.kept = None

    def lay_out(self):
        """Make the test database a copy; nothing where nobody has migrated one yet."""
        self.cursor = self.turn.enter_context(connection._nodb_cursor())
        self.cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
        self.kept = kept_dump.kept_file(self.cursor.connection.info.server_version)
        if self._exists(TEMPLATE):
            self._copy(TEMPLATE, self.own_name)
        elif self.kept.exists():
            self.cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(self.own_name)}")
            kept_dump.fill(self.own_name, self.kept)

    def keep(self):
        """Let the others copy what this process has migrated; its turn ends."""
        # Django sets up none where no chosen test needs one.
        if self._exists(self.own_name) and not self._exists(TEMPLATE):
            # Nobody may be in a database that is copied.
            connection.close()
            self._copy(self.own_name, TEMPLATE)
            if not self.kept.exists():
                kept_dump.keep(TEMPLATE, self.kept)
        self.turn.close()

    def _exists(self, name):
        self.cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return self.cursor.fetchone() is not None

    def _copy(self, source, name):
        quote = connection.ops.quote_name
        self.cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(source)}")


def is_possible():
    return connection.vendor == "postgresql" and "SERVER_OF_THIS_RUN" in os.environ
