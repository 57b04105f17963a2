"""The segments of a stacked bar, in percent of its width: drawn so, a bar fits any screen and its words never shrink."""

from dataclasses import dataclass

from items.lights import Light

MARKS = {
    Light.OVER: "■",
    Light.UNREPORTED: "○",
    Light.BEHIND: "▲",
    Light.SOON: "◔",
    Light.OK: "●",
    Light.DONE: "✔",
}
"""The shapes of the lights, as in look.css: inside a bar they tell the lights apart on grey paper."""

IN_BARS = (Light.DONE, Light.OK, Light.SOON, Light.BEHIND, Light.UNREPORTED, Light.OVER)
GAP = 0.5


@dataclass(frozen=True)
class Segment:
    """One light in a bar; `x`, `width` and `middle` in percent of the bar's full width."""

    light: Light
    count: int
    x: float
    width: float
    query: str

    @property
    def mark(self):
        return MARKS[self.light]

    @property
    def word(self):
        return self.light.label

    @property
    def middle(self):
        return round(self.x + self.width / 2, 2)

    @property
    def box(self):
        """Width of the plain box behind the words on hatching, in pixels, and its left edge from the middle."""
        return 22 + 8 * len(str(self.count))

    @property
    def box_left(self):
        return -self.box / 2


def least(count):
    """The percent of a phone's width that a mark and a number of so many digits need."""
    return 6.5 + 2.6 * len(str(count))


def bar(counts, longest, query_of):
    """The segments of one stacked bar: `counts` {light: number}, `longest` the total of the longest bar of the chart.

    Lengths are proportional, except that each segment has room for its number; what that takes is given by the others.
    """
    present = [(light, counts[light]) for light in IN_BARS if counts.get(light)]
    narrowest = [least(count) for _, count in present]
    if (
        sum(narrowest) > 100
    ):  # numbers of so many digits that nothing is left to be proportional with
        narrowest = [100 * room / sum(narrowest) for room in narrowest]
    widths = [
        max(100 * count / longest, room)
        for (_, count), room in zip(present, narrowest, strict=True)
    ]
    excess, slack = sum(widths) - 100, sum(widths) - sum(narrowest)
    if excess > 0 and slack:
        widths = [
            width - (width - room) * excess / slack
            for width, room in zip(widths, narrowest, strict=True)
        ]
    segments, x = [], 0.0
    for (light, count), width in zip(present, widths, strict=True):
        segments.append(
            Segment(light, count, round(x, 2), round(max(width - GAP, 1), 2), query_of(light))
        )
        x += width
    return segments
