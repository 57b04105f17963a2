"""Where the lines and dots of the curve go: x in percent of the width, y in pixels."""

from dataclasses import dataclass
from itertools import pairwise

LEFT, RIGHT = 11, 93
TOP, BOTTOM = 12, 172


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
