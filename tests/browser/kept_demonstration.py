"""The demonstration, played once in a process and copied from then on: to play it takes seconds."""

import atexit
import sqlite3

from django.core.management import call_command
from django.db import connection

_kept = None
"""A database in memory: what the command has loaded, as it was then."""


def load():
    """What `manage.py load_demonstration` does to an empty database."""
    global _kept
    if connection.vendor != "sqlite":
        call_command("load_demonstration", verbosity=0)
        return
    connection.ensure_connection()
    if _kept is None:
        call_command("load_demonstration", verbosity=0)
        _kept = sqlite3.connect(":memory:")
        atexit.register(_kept.close)
        connection.connection.backup(_kept)
        return
    _kept.backup(connection.connection)
