"""Memory of the threads of a server: one heap for all of them.

Without this, the C library gives each thread a heap of its own, and each of them keeps what its
costliest request has ever left there in holes.
"""

import ctypes
import sys

M_ARENA_MAX = -8
"""The number by which glibc's mallopt knows how many heaps there may be (malloc.h)."""


def keep_one_heap() -> None:
    """Called before the first thread begins; only Linux's glibc knows how.

    Python's own lock lets one thread allocate at a time anyway, so that none waits for another.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
