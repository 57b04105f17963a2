"""Several people who save, one save after the other, for as long as something large is written."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

MOST_SAVES = 200
"""Of each: what never ends beside them does not keep them for ever."""
SECONDS_TO_BEGIN = 60


@dataclass
class SavedBeside:
    """What came back, of everybody: each save with its status and its seconds."""

    change: int = 0
    """The status of what was large."""
    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """Only of saves that were sent once the large one was on its way."""


def save_meanwhile(
    savers: Sequence[Callable[[int], int]], change: Callable[[], int]
) -> SavedBeside:
    """`saver(turn)` and `change()` give a status; the change begins when everybody has saved once."""
    all_have_saved = threading.Barrier(len(savers) + 1, timeout=SECONDS_TO_BEGIN)
    is_over = threading.Event()
    seen = SavedBeside()
    lock = threading.Lock()

    def go_on(save: Callable[[int], int]) -> None:
        try:
            seen.statuses.append(save(0))
        except BaseException:
            # The others need not wait for whoever failed.
            all_have_saved.abort()
            raise
        all_have_saved.wait()
        for turn in range(1, MOST_SAVES):
            began = time.perf_counter()
            status = save(turn)
            with lock:
                seen.statuses.append(status)
                seen.seconds.append(time.perf_counter() - began)
            if is_over.is_set():
                return

    def make_change() -> None:
        try:
            all_have_saved.wait()
            seen.change = change()
        finally:
            is_over.set()

    with ThreadPoolExecutor(len(savers) + 1) as pool:
        running = [pool.submit(make_change)]
        for save in savers:
            running.append(pool.submit(go_on, save))
        for one in running:
            # Asked for its result, it raises what failed.
            one.result()
    return seen
