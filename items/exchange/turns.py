"""Whose large file is read now: one of a person at a time, and a few for the whole service.

The turns are locks on files in DATA_DIR, so that they hold over all processes of the service and
end with the process that has them.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import locks

from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.models import User

PLACES = 2
"""How many large files the service reads at once: each takes a core and up to 300 MB."""
LONGEST_WAIT = 8.0
"""For how many seconds somebody waits for a place: about as long as one large file takes."""
_BETWEEN_TRIES = 0.1

_OWN_FILE = "您上傳的另一個檔案還在讀取，請等它完成後再上傳一次。"
_NO_PLACE = "系統正在讀取其他的大型檔案，還輪不到這一個，請過一會兒再上傳一次。"


@contextmanager
def turn(by: User) -> Iterator[None]:
    """Have a place among the readers; `Refused` where this person or the service is busy."""
    folder = Path(settings.VAR) / "turns"
    folder.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as stack:
        only_one = _locked(folder / f"user-{by.pk}")
        if only_one is None:
            raise Refused(_OWN_FILE, RefusalReason.BUSY)
        stack.callback(_let_go, only_one)
        place = _free_place(folder)
        if place is None:
            raise Refused(_NO_PLACE, RefusalReason.BUSY)
        stack.callback(_let_go, place)
        yield


def _free_place(folder: Path) -> IO[bytes] | None:
    """One of the places, as soon as one is free; None where none becomes free."""
    until = time.monotonic() + LONGEST_WAIT
    while True:
        for number in range(PLACES):
            place = _locked(folder / f"place-{number}")
            if place is not None:
                return place
        if time.monotonic() >= until:
            return None
        time.sleep(_BETWEEN_TRIES)


def _locked(path: Path) -> IO[bytes] | None:
    """The file, open and locked; None where somebody else has locked it."""
    file = path.open("ab")
    if locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
        return file
    file.close()
    return None


def _let_go(file: IO[bytes]) -> None:
    locks.unlock(file)
    file.close()
