"""How an uploaded file is read: a small one at once, any other in a process of its own.

Python gives hardly any memory back: a server process that has once read the costliest file keeps
some hundred megabytes for good. The other process takes them along when it ends, and it can be
stopped.
"""

import logging
import pickle
from collections.abc import Callable
from typing import Any, TypeVar

from items.exchange.memory import memory_given_back
from items.exchange.spreadsheets.quick_reading import MOST_BYTES, NotQuick, reading_quickly
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.turns import turn
from items.models import User
from plan_tracker.bounded_process import ProcessFailed, ProcessStopped, outcome_of

MOST_SECONDS = 120
"""By the clock. The costliest file takes four seconds of a processor, which others may need too."""

_TOO_COSTLY = (
    "這個檔案的內容太多，讀取時超過了時間或記憶體的上限，已經停止；"
    "請刪除與計畫表無關的內容，或分成幾個檔案後再上傳。"
)

_MODULE = "items.exchange.reading_process"

log = logging.getLogger("django.request")
Result = TypeVar("Result")


class ReaderFailed(Exception):
    """The other process broke down; its words are in the log."""


def read_apart(
    read: Callable[..., Result], content: bytes, *arguments: Any, by: User, **options: Any
) -> Result:
    """What `read(content, *arguments, **options)` returns; what it raises of `Refused`.

    `read` is a function of a module, which asks no database and whose arguments can be pickled.
    """
    if len(content) <= MOST_BYTES:
        try:
            with reading_quickly():
                return read(content, *arguments, **options)
        except NotQuick:
            # All that was read is thrown away: some thousand cells.
            pass
    with turn(by):
        return in_own_process(read, content, *arguments, **options)


@memory_given_back()
def in_own_process(read: Callable[..., Result], *arguments: Any, **options: Any) -> Result:
    """The same, always in a process of its own."""
    call = pickle.dumps((read, arguments, options), pickle.HIGHEST_PROTOCOL)
    try:
        pickled = outcome_of(_MODULE, call, most_seconds=MOST_SECONDS)
    except ProcessStopped as stopped:
        log.warning("reading was stopped with status %s", stopped)
        raise Refused(_TOO_COSTLY, RefusalReason.TOO_LARGE) from None
    except ProcessFailed as failed:
        log.error("reading failed: %s", failed.words)
        raise ReaderFailed(failed.status) from None
    # The bytes come from our own process, by a pipe that nobody else can write to.
    outcome = pickle.loads(pickled)  # nosec B301
    if isinstance(outcome, Refused):
        try:
            raise outcome
        finally:
            # The error knows this frame, with the file in it twice: if the frame still knew the
            # error, 30 MB would stay until the collector comes by.
            del outcome
    result: Result = outcome
    return result
