"""Large tables are made of hundreds of thousands of objects, none of them garbage: the collector need not look at each.

Measured for 10,000 rows: a third of the time of reading, comparing and writing went into collections that found nothing.
"""

import gc
from contextlib import ContextDecorator
from threading import Lock


class _Paused(ContextDecorator):
    """Holds the cyclic collector off while any thread is inside; what nobody refers to is freed at once all the same."""

    def __init__(self):
        self._lock = Lock()
        self._inside = 0
        self._was_on = False

    def __enter__(self):
        with self._lock:
            if not self._inside:
                self._was_on = gc.isenabled()
                gc.disable()
            self._inside += 1

    def __exit__(self, *_):
        with self._lock:
            self._inside -= 1
            if not self._inside and self._was_on:
                gc.enable()


garbage_collection_paused = _Paused()
"""A decorator: `@garbage_collection_paused`."""
