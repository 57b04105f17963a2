"""What the garbage collector looks through while tests run: what came since the last hundred of them.

It looks at every object that may be part of a circle. Python, Django and five thousand collected
tests are half a million of those, and a hundred tests leave some ten thousand more that stay: what
was imported, looked up or kept. Nearly nothing of it is ever freed, but a test that imports a file
has all of it looked through several times, as a server does around large files. Of 100 s of a
processor for the tests of pages and imports, 31 s went into that; now it is 2 s of 74.
"""

import gc
from collections.abc import Iterator

import pytest

TESTS_BETWEEN = 100
"""To look through what so many tests have left takes some milliseconds."""


class Freezing:
    """Leaves out of every later round what has outlived the tests so far.

    What is frozen is still freed where nothing refers to it, only not as a part of a circle.
    """

    def __init__(self) -> None:
        self.number_of_tests = 0
        # As reading five thousand tests makes objects by the million. Python's own figure is 700:
        # it looks through what a test holds dozens of times, and finds next to nothing.
        gc.set_threshold(50_000)

    def pytest_collection_finish(self) -> None:
        freeze()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        outcome = yield
        self.number_of_tests += 1
        if self.number_of_tests % TESTS_BETWEEN == 0:
            freeze()
        return outcome


def freeze() -> None:
    gc.collect()
    gc.freeze()
