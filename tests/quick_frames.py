"""Each test finds room for all its calls in one piece of memory.

Python 3.11 keeps the frames of a thread in pieces of 16 KB. A call that no longer fits fetches one
more from the system and gives it back when it returns, so that a loop that happens to stand at such
an edge asks the system for memory at every turn. pytest and Django together are two hundred calls
deep, over several edges: of 145 tests of pages, 98,000 calls fetched memory for themselves, which
took them a tenth of their processor time. In the service a page stands less deep: behind gunicorn
eight pages of the demonstration took as long with this as without.
"""

from collections.abc import Callable
from typing import Any

import pytest

CLAIMED = 20_000
"""Values that the frame below all others says it needs: 160 KB, which nobody touches. Python rounds
that up to 256 KB, and the rest holds six times the frames of a usual piece."""


class Roomy:
    """Runs every test, with its fixtures, as pytest does."""

    def __init__(self, config: pytest.Config) -> None:
        self.run = with_room(config.pluginmanager.get_plugin("runner").pytest_runtest_protocol)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> object:
        return self.run(item, nextitem)


def with_room(run: Callable[..., Any]) -> Callable[..., Any]:
    """The same function; all that it calls finds room in the piece of memory that it begins."""

    def run_with_room(*arguments: Any, **named: Any) -> Any:
        return run(*arguments, **named)

    run_with_room.__code__ = run_with_room.__code__.replace(co_stacksize=CLAIMED)
    return run_with_room
