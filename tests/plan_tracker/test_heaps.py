"""Threads of a server do not keep a heap each."""

import subprocess
import sys

import pytest

THREADS = """
import ctypes
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import plan_tracker.wsgi

barrier = Barrier(4)


def take_memory(number):
    barrier.wait()
    return bytes(5_000 + number)


with ThreadPoolExecutor(4) as pool:
    list(pool.map(take_memory, range(4)))
ctypes.CDLL(None).malloc_stats()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's C library can be told")
def test_all_threads_of_the_application_take_their_memory_from_one_heap():
    command = [sys.executable, "-c", THREADS]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    # The C library says of each heap what is in it.
    assert process.returncode == 0, process.stderr
    assert "Arena 0:" in process.stderr
    assert "Arena 1:" not in process.stderr
