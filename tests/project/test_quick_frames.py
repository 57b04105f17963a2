"""Calls within a call that has room ask the system for no memory, however deep they stand."""

import sys
import threading

import pytest

from tests.quick_frames import with_room

DEPTH = 600
"""Of calls that take a piece of memory for every hundred or so."""
TIMES = 200


def nothing():
    """One call more."""


def call_at_every_depth(left):
    for _ in range(TIMES):
        nothing()
    if left > 0:
        call_at_every_depth(left - 1)


def pages_fetched_by(run):
    """How often the system gave memory while `run` went down, in a thread that begins anew."""
    # Windows has no such module.
    import resource

    fetched = []

    def count():
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        run(DEPTH)
        fetched.append(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)

    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    return fetched[0]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts for a thread")
def test_a_loop_fetches_no_memory_for_its_calls():
    assert pages_fetched_by(call_at_every_depth) > TIMES, "there is nothing to spare any more"
    assert pages_fetched_by(with_room(call_at_every_depth)) < TIMES


def test_what_is_given_and_answered_stays_as_it_is():
    assert with_room(divmod)(17, 5) == (3, 2)
    assert with_room(sorted)([1, 2], reverse=True) == [2, 1]
    with pytest.raises(ZeroDivisionError):
        with_room(divmod)(17, 0)
