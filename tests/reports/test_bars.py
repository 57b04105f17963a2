"""Bars of lights: how long their segments are."""

from itertools import pairwise

import pytest

from items.lights import Light
from reports import bars


@pytest.mark.parametrize(
    "counts",
    [
        {Light.OK: 1},
        {
            Light.OK: 1900,
            Light.OVER: 1,
            Light.BEHIND: 1,
            Light.UNREPORTED: 1,
            Light.SOON: 1,
            Light.DONE: 1,
        },
        dict.fromkeys(bars.LIGHTS_IN_BARS, 1),
        dict.fromkeys(bars.LIGHTS_IN_BARS, 12345),
    ],
)
def test_segments_stay_inside_the_bar_and_have_room_for_their_numbers(counts):
    segments = bars.segments_of(counts, sum(counts.values()), {})
    assert sum(segment.width for segment in segments) <= 100.01
    assert all(one.x + one.width <= two.x + 0.01 for one, two in pairwise(segments))
    assert all(
        segment.width >= min(bars.needed_width(segment.count), 100 / 7.7) - bars.GAP
        for segment in segments
    )


def test_bars_are_as_long_as_their_numbers():
    half = bars.segments_of({Light.OK: 10, Light.BEHIND: 10}, 40, {})
    assert [segment.width + bars.GAP for segment in half] == [25, 25]
