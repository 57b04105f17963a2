"""What a request says, read without trusting it."""

import pytest
from django.http import Http404

from items.requests import key_in, key_or_404, keys_in

NO_KEYS = ("", " 7", "-7", "7.0", "７", "²", "seven", "9" * 19, "9" * 5000)


@pytest.mark.parametrize("text", NO_KEYS)
def test_what_can_be_the_key_of_no_row_is_none(text):
    assert key_in(text) is None
    with pytest.raises(Http404):
        key_or_404(text)


def test_keys_are_read_and_what_is_none_is_passed_over():
    assert key_in("007") == 7
    assert key_or_404("9" * 18) == 10**18 - 1
    assert keys_in(["3", "x", "9" * 19, "4"]) == [3, 4]
