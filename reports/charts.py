"""Where the shapes of a chart go, in percent of its width: drawn so, a chart fits any screen and its words never shrink."""

from dataclasses import dataclass
from itertools import pairwise

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
LEFT, RIGHT = 11, 93
TOP, BOTTOM = 12, 172


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


@dataclass(frozen=True)
class Line:
    """A straight piece of a curve; x in percent, y in pixels."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Dot:
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """預定 and 實際 over the year. `tentative` leads to a period that is still being reported."""

    grid: list
    planned: list
    actual: list
    tentative: list
    dots: list
    open_dots: list
    today_x: float | None
    labels: list


def x_of(day, programme):
    days = (programme.ends_on - programme.starts_on).days
    passed = min(max((day - programme.starts_on).days, 0), days)
    return round(LEFT + (RIGHT - LEFT) * passed / days, 2)


def y_of(percent):
    return round(BOTTOM - (BOTTOM - TOP) * percent / 100, 1)


def joined(dots):
    return [Line(a.x, a.y, b.x, b.y) for a, b in pairwise(dots)]


def draw(points, programme, today):
    """The drawing of `points` (see `reports.curve.Point`), x by the calendar from the programme's first day to its last."""
    start = Dot(LEFT, y_of(0))
    planned = [start] + [Dot(x_of(point.day, programme), y_of(point.planned)) for point in points]
    spoken = [point for point in points if point.actual is not None]
    dots = [start] + [
        Dot(x_of(min(p.day, today), programme), y_of(p.actual))
        for p in spoken
        if not p.is_tentative
    ]
    open_dots = [
        Dot(x_of(min(p.day, today), programme), y_of(p.actual)) for p in spoken if p.is_tentative
    ]
    every_other = 2 if len(points) > 6 else 1
    return Drawing(
        grid=[(percent, y_of(percent)) for percent in (0, 25, 50, 75, 100)],
        planned=joined(planned),
        actual=joined(dots) if spoken else [],
        tentative=joined([dots[-1], *open_dots]),
        dots=dots if spoken else [],
        open_dots=open_dots,
        today_x=x_of(today, programme) if programme.starts_on < today < programme.ends_on else None,
        labels=[
            (x_of(point.day, programme), point)
            for place, point in enumerate(points, start=1)
            if place % every_other == 0 or len(points) <= 6
        ],
    )
