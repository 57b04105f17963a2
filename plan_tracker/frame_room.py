"""A speed trick: room for the frames of a whole request in one piece of memory.

Python 3.11 keeps the frames of a thread in pieces of 16 KB. A call that no longer fits fetches one
more from the system and gives it back when it returns, so that a loop that happens to stand at such
an edge asks the system for memory at every turn. Django answers a page some hundred calls deep, over
several edges; which page has a loop there changes with every layer above it. Measured on the
demonstration: 紀錄 fetched memory 560 times and now 13 times (40 ms → 35 ms of a processor), four
other pages met no edge.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

CLAIMED = 20_000
"""Values that the frame below all others says it needs: 160 KB, which nobody touches. Python rounds
that up to 256 KB, and the rest holds six times the frames of a usual piece."""


def with_room(run: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The same function; all that it calls finds room in the piece of memory that it begins."""

    def run_with_room(*arguments: Given.args, **named: Given.kwargs) -> Answer:
        return run(*arguments, **named)

    run_with_room.__code__ = run_with_room.__code__.replace(co_stacksize=CLAIMED)
    return run_with_room
