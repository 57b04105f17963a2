"""Many names in a sentence."""

import pytest

from items.first_names import first_names


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["甲", "乙"], "甲、乙"),
        (["甲", "乙", "丙"], "甲、乙等 3 項"),
        (["甲"] * 1_200, "甲、甲等 1,200 項"),
    ],
)
def test_beyond_a_number_the_rest_is_counted(names, words):
    assert first_names(names, 2, "項") == words
