"""The garbage collector beside the tests: nothing is lost by it, and it looks at little."""

import gc
import weakref

import pytest

from tests import quick_garbage


class Thing:
    """Something that a test makes."""


def test_what_outlives_a_test_is_looked_through_no_more():
    kept = Thing()
    kept.itself = kept
    quick_garbage.freeze()
    assert not is_looked_through(kept)


def test_what_refers_only_to_itself_goes_before_the_rest_is_left_out():
    lost = Thing()
    lost.itself = lost
    reference = weakref.ref(lost)
    del lost
    quick_garbage.freeze()
    assert reference() is None


def test_it_comes_by_itself_after_a_number_of_tests():
    freezing = quick_garbage.Freezing()
    for _ in range(quick_garbage.TESTS_BETWEEN - 1):
        pass_a_test(freezing)
    kept = Thing()
    kept.itself = kept
    assert is_looked_through(kept)
    pass_a_test(freezing)
    assert not is_looked_through(kept)


def pass_a_test(freezing):
    around_the_test = freezing.pytest_runtest_protocol()
    next(around_the_test)
    with pytest.raises(StopIteration):
        next(around_the_test)


def is_looked_through(thing):
    return any(looked_through is thing for looked_through in gc.get_objects())
