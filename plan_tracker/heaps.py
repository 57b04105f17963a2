"""Memory of the threads of a server: one heap for all of them, and nothing large in it.

Without this, the C library gives each thread a heap of its own, and each of them keeps what its
costliest request has ever left there in holes.
"""

import ctypes
import sys

M_ARENA_MAX = -8
M_MMAP_THRESHOLD = -3
"""The numbers by which glibc's mallopt knows what is set (malloc.h)."""
LARGE_BYTES = 128 * 1024
"""What is as large lies outside of the heap, and goes back as soon as it is freed.

The C library begins with this size, and raises it up to 32 MB with each larger piece that is freed.
"""


def keep_one_heap() -> None:
    """Called before the first thread begins; only Linux's glibc knows how.

    Python's own lock lets one thread allocate at a time anyway, so that none waits for another.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
