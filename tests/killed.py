"""kill -9 in the middle of something: in a process of its own, and at a place that the test names."""

import os
import signal
import time
from collections.abc import Callable

import pytest
from django.db import connection


def killed_within(work: Callable[[Callable[[], None]], object]) -> None:
    """Begin `work(stop)` in another process, and kill that where it calls `stop()`."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("another process cannot see a database in memory")
    heard, says = os.pipe()
    # Each process opens the database for itself.
    connection.close()
    child = os.fork()
    if child == 0:

        def wait_to_be_killed() -> None:
            os.write(says, b"x")
            time.sleep(600)

        try:
            work(wait_to_be_killed)
        finally:
            # Never on to the tests of the parent.
            os._exit(1)
    os.close(says)
    try:
        assert os.read(heard, 1) == b"x", "it ended before it came to the place"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(heard)
