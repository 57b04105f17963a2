"""How long the whole run may go on: whoever starts it does not wait for it."""

import os
import time

ENDS_AT = "BENCH_ENDS_AT"
"""The variable that says so to the processes that measure."""


def end_after(minutes: float) -> None:
    os.environ[ENDS_AT] = str(time.time() + minutes * 60)


def seconds_left() -> float:
    """At least one, so that what is started late fails by itself."""
    ends_at = os.environ.get(ENDS_AT)
    if ends_at is None:
        return 3600.0
    return max(1.0, float(ends_at) - time.time())
