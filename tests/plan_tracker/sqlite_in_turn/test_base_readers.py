"""People who only read, and monitoring, do not wait for somebody who writes for long."""

import sqlite3
import time
from contextlib import closing

import pytest
import time_machine
from django.db import connection

WAIT = 20
"""The seconds for which savers wait for each other (`timeout` in the settings)."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.one_engine
@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/115/"])
def test_a_reader_does_not_wait_for_a_long_import(address, client, coordinator, quarters):
    """Also one whose session is due to be pushed on, which would be a write."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows, and no reader needs those of an import")
    with time_machine.travel(time.time() - 120, tick=False):
        client.force_login(coordinator)
        assert client.get(address).status_code == 200
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert client.get(address).status_code == 200
        # Nobody ends the write: whoever waited for it would have waited for as long as savers do.
        assert time.monotonic() - began < WAIT
        # Whoever saves still waits as long as before.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            assert cursor.fetchone() == (WAIT * 1000,)
        writer.execute("ROLLBACK")
    # What could not be written then is written now.
    assert client.get(address).status_code == 200
