"""A process of its own for what a stranger's file makes a library do.

Python gives hardly any memory back, and a library that hangs cannot be stopped from within. Here
the work can take neither the service's memory nor its time, and a fault ends nothing but the
process. What goes in is written to its standard input; what comes out is on its standard output.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO, NoReturn

TOO_MUCH = 3
"""The exit status of a process that says itself that its memory is used up."""
_LOWER_PRIORITY = 3
_PROJECT = Path(__file__).resolve().parents[1]


class ProcessStopped(Exception):
    """It used more memory or time than it may; the number is its status, None for the clock."""


class ProcessFailed(Exception):
    """It broke down. `status` is how it ended, `words` are what it wrote before."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(status)
        self.status = status
        self.words = words


def outcome_of(module: str, content: bytes, *, most_seconds: int) -> bytes:
    """What `python -m module` makes of the content, within so many seconds of the clock.

    Raises `ProcessStopped` and `ProcessFailed`.
    """
    command = [sys.executable, "-m", module]
    try:
        process = subprocess.run(
            command,
            cwd=_PROJECT,
            input=content,
            capture_output=True,
            timeout=most_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ProcessStopped(None) from None
    # A negative status is a signal: the system has stopped it.
    if process.returncode == TOO_MUCH or process.returncode < 0:
        raise ProcessStopped(process.returncode)
    if process.returncode != 0:
        words = process.stderr.decode("utf-8", "replace")
        raise ProcessFailed(process.returncode, words)
    return process.stdout


def limit_this_process(*, most_memory: int, most_processor_seconds: int) -> None:
    """Bound memory (addresses in bytes) and time, and let requests go first.

    Windows has none of these: there the clock of `outcome_of` alone holds.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (most_processor_seconds, most_processor_seconds))
    os.nice(_LOWER_PRIORITY)


def end_at_once(status: int) -> NoReturn:
    """End with this exit status, without freeing what is there piece by piece.

    Of a large file that is a million objects; the system takes their memory back as a whole.
    """
    sys.stderr.flush()
    os._exit(status)


def outcome_stream() -> BinaryIO:
    """Where the outcome is written; everything that prints goes to the standard error instead."""
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return stream
