"""How many passwords are checked at once: each costs a core and 19 MiB for a while, on purpose.

That is some hundredths of a second, and a quarter of a second where it was kept by PBKDF2. Without
a bound, two dozen people who guess keep every core and every thread busy, and a page of somebody
who works takes seconds.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

WAITING_SECONDS = 10
"""How long a known browser waits for its turn."""


class TooManyChecks(Exception):
    """There is no turn for this password now; it was not looked at."""


class PasswordGate:
    """Turns for one process; each worker has its own."""

    def __init__(self, *, at_once: int, most_waiting: int) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + most_waiting)

    @contextmanager
    def turn(self, *, is_known: bool) -> Iterator[None]:
        """Wait for a turn and keep it; TooManyChecks where too many wait already.

        A thread that waits serves no page: of strangers only a few may. Known browsers, of which
        there is one for each person, all wait.
        """
        if is_known:
            with self._kept_turn():
                yield
            return
        if not self._places.acquire(blocking=False):
            raise TooManyChecks
        try:
            with self._kept_turn():
                yield
        finally:
            self._places.release()

    @contextmanager
    def _kept_turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=WAITING_SECONDS):
            raise TooManyChecks
        try:
            yield
        finally:
            self._turns.release()


gate = PasswordGate(
    at_once=settings.PASSWORD_CHECKS_AT_ONCE,
    most_waiting=settings.PASSWORD_CHECKS_WAITING,
)
