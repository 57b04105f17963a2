"""Where the lines and dots of the curve go: x in percent of the width, y in pixels.

In percent, the curve fits any screen and its words never shrink.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol

LEFT = 11
RIGHT = 93
TOP = 12
BOTTOM = 172
MANY_POINTS = 6
"""Months have twelve names, which do not fit a phone: beyond this only every other is written."""


@dataclass(frozen=True)
class DrawnYear:
    """The programme's first and last day, and the one that is today."""

    starts_on: date
    ends_on: date
    today: date


class ProgressPoint(Protocol):
    """What is drawn of a point of the curve; percents from 0 to 100."""

    @property
    def day(self) -> date: ...

    @property
    def planned(self) -> int: ...

    @property
    def actual(self) -> int | None: ...

    @property
    def is_tentative(self) -> bool: ...


@dataclass(frozen=True)
class CurveDot:
    x: float
    y: float


@dataclass(frozen=True)
class CurveLine:
    """A straight piece of a curve."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class GridLine:
    """A level line, and the height of the words beside it."""

    percent: int
    y: float

    @property
    def text_y(self) -> float:
        """Letters stand on their line: four pixels down, and they are level with it."""
        return int(self.y) + 4


@dataclass(frozen=True)
class CurveLabel:
    """Name and figures of one point, written below the curve."""

    x: float
    point: ProgressPoint


@dataclass(frozen=True)
class CurveDrawing:
    """預定 and 實際 over the year. `tentative` leads to a period that is still being reported."""

    grid: list[GridLine]
    planned: list[CurveLine]
    actual: list[CurveLine]
    tentative: list[CurveLine]
    dots: list[CurveDot]
    open_dots: list[CurveDot]
    today_x: float | None
    labels: list[CurveLabel]


def draw(points: Sequence[ProgressPoint], year: DrawnYear) -> CurveDrawing:
    """The drawing of the points, x by the calendar from the year's first day to its last."""
    start = CurveDot(LEFT, _y_of(0))
    # 預定進度 is linear from the first day of the year (product.md), on which all is at nought.
    planned = [start]
    dots = [start]
    open_dots = []
    for point in points:
        planned.append(CurveDot(_x_of(point.day, year), _y_of(point.planned)))
        if point.actual is None:
            continue
        # A report on a period that is still running speaks of today, not of the period's last day.
        dot = CurveDot(_x_of(min(point.day, year.today), year), _y_of(point.actual))
        if point.is_tentative:
            open_dots.append(dot)
        else:
            dots.append(dot)

    # The dotted line begins at the last figure that is final, or at the start of the year.
    tentative = _joined([dots[-1], *open_dots])
    is_reported = len(dots) > 1 or bool(open_dots)
    if not is_reported:
        dots = []

    today_x = None
    if year.starts_on < year.today < year.ends_on:
        today_x = _x_of(year.today, year)
    return CurveDrawing(
        grid=[GridLine(percent, _y_of(percent)) for percent in (0, 25, 50, 75, 100)],
        planned=_joined(planned),
        actual=_joined(dots),
        tentative=tentative,
        dots=dots,
        open_dots=open_dots,
        today_x=today_x,
        labels=_labels(points, year),
    )


def _labels(points: Sequence[ProgressPoint], year: DrawnYear) -> list[CurveLabel]:
    labels = []
    has_room_for_all = len(points) <= MANY_POINTS
    for place, point in enumerate(points, start=1):
        # Every other month, and the even ones: December is among them, where the year ends.
        is_written = has_room_for_all or place % 2 == 0
        if is_written:
            labels.append(CurveLabel(_x_of(point.day, year), point))
    return labels


def _x_of(day: date, year: DrawnYear) -> float:
    """Days outside of the programme's are drawn at its edges."""
    drawn_day = max(day, year.starts_on)
    drawn_day = min(drawn_day, year.ends_on)
    days = (drawn_day - year.starts_on).days
    all_days = (year.ends_on - year.starts_on).days
    width_of_year = RIGHT - LEFT
    x = LEFT + width_of_year * days / all_days
    return round(x, 2)


def _y_of(percent: int) -> float:
    # In a browser y grows downwards.
    height = BOTTOM - TOP
    return round(BOTTOM - height * percent / 100, 1)


def _joined(dots: list[CurveDot]) -> list[CurveLine]:
    """The lines from dot to dot; none for a single one."""
    lines = []
    for start, end in pairwise(dots):
        line = CurveLine(start.x, start.y, end.x, end.y)
        lines.append(line)
    return lines
