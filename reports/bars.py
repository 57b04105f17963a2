"""The stacked bars of strategies and departments.

Places are in percent of the width: a bar drawn so fits any screen, and its words never shrink.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from items.lights import Light
from items.models import ControlStatus, Department, Strategy
from items.percents import MeanProgress
from reports.counts import PlanCounts, mean_of_assignments, mean_progress, number_by_light
from reports.figures import FilingRate
from reports.plan_links import plan_query

MARKS = {
    Light.OVER: "■",
    Light.UNREPORTED: "○",
    Light.BEHIND: "▲",
    Light.SOON: "◔",
    Light.OK: "●",
    Light.NOT_YET: "◇",
    Light.DONE: "✔",
}
"""The shapes of the lights, as in look.css: inside a bar they tell the lights apart in grey."""

LIGHTS_IN_BARS = (
    Light.DONE,
    Light.OK,
    Light.NOT_YET,
    Light.SOON,
    Light.BEHIND,
    Light.UNREPORTED,
    Light.OVER,
)
"""From left to right."""

GAP = 0.5
"""Between two segments, in percent of the bar's width."""


@dataclass(frozen=True)
class Segment:
    """One light in a bar; `x`, `width` and `middle` in percent of the bar's full width."""

    light: Light
    count: int
    x: float
    width: float
    query: str

    @property
    def mark(self) -> str:
        return MARKS[self.light]

    @property
    def word(self) -> str:
        return str(self.light.label)

    @property
    def is_hatched(self) -> bool:
        """逾期 is hatched, so that it is seen on grey paper too."""
        return self.light == Light.OVER

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def box_width(self) -> int:
        """Width of the plain box behind the words on hatching, in pixels."""
        # The mark with its gap, and eight pixels for each figure.
        return 22 + 8 * len(str(self.count))

    @property
    def box_left(self) -> float:
        """The left edge of that box from the middle, in pixels."""
        return -self.box_width / 2


@dataclass(frozen=True)
class Bar:
    """One strategy or department: its lights as a stacked bar, and its mean progress."""

    name: str
    count: int
    query: str
    part: str
    """The filter of the plan table that lists the whole bar, with its value `key`."""
    key: int
    by_light: tuple[int, ...]
    """How many show each light, in the order of `LIGHTS_IN_BARS`."""
    longest: int
    """The total of the longest bar beside it."""
    progress: MeanProgress
    filing: FilingRate | None = None
    """What a department still owes; None for a strategy, and where nothing was to be reported."""

    @property
    def segments(self) -> list[Segment]:
        counts = dict(zip(LIGHTS_IN_BARS, self.by_light, strict=True))
        return segments_of(counts, self.longest, {self.part: self.key})


def strategy_bars(
    strategies: Iterable[Strategy], totals: Mapping[int, int], counts: PlanCounts
) -> list[Bar]:
    """One bar for each strategy, in the plan's order, of its actions.

    `totals` has the number of controlled actions by the strategy's number, those included that
    nobody leads yet.
    """
    by_strategy = defaultdict(list)
    for group in counts.actions:
        by_strategy[group.strategy].append(group)
    # All bars have one scale, so that a long strategy looks long beside a short one.
    longest = max(totals.values(), default=1)

    bars = []
    for strategy in strategies:
        number = strategy.number
        groups = by_strategy[number]
        bar = Bar(
            name=str(strategy),
            count=totals.get(number, 0),
            query=plan_query(strategy=number, control=ControlStatus.UNDER_CONTROL),
            part="strategy",
            key=number,
            by_light=_in_order(number_by_light(groups)),
            longest=longest,
            progress=mean_progress(groups),
        )
        bars.append(bar)
    return bars


def department_bars(
    departments: Iterable[Department], counts: PlanCounts, filing: dict[int, FilingRate]
) -> list[Bar]:
    """One bar for each department, of its assignments."""
    # Supporting ones too, which 項 above do not count: the heading of these bars says 件.
    by_department = defaultdict(list)
    for group in counts.assignments:
        by_department[group.department].append(group)
    totals = {}
    for key, groups in by_department.items():
        totals[key] = number_by_light(groups).total()
    # Lengths are parts of the longest: without departments there is nothing to divide by.
    longest = max(totals.values(), default=1)

    bars = []
    for department in departments:
        pk = department.pk
        groups = by_department[pk]
        bar = Bar(
            name=department.name,
            count=totals[pk],
            query=plan_query(department=pk, control=ControlStatus.UNDER_CONTROL),
            part="department",
            key=pk,
            by_light=_in_order(number_by_light(groups)),
            longest=longest,
            progress=mean_of_assignments(groups),
            filing=filing.get(pk),
        )
        bars.append(bar)
    return bars


def _in_order(counts: Mapping[Light, int]) -> tuple[int, ...]:
    return tuple([counts.get(light, 0) for light in LIGHTS_IN_BARS])


def segments_of(
    counts: Mapping[Light, int], longest: int, filters: Mapping[str, int]
) -> list[Segment]:
    """The segments of one bar: `longest` is the total of the longest bar beside it.

    `filters` are those of the plan table that list the whole bar; each segment adds its light.
    Lengths are proportional, except that every segment has room for its number; the others give
    what that takes.
    """
    present = [light for light in LIGHTS_IN_BARS if counts.get(light)]
    needed = _needed_widths([counts[light] for light in present])
    widths = []
    for light, room in zip(present, needed, strict=True):
        widths.append(max(100 * counts[light] / longest, room))
    # What small ones were widened by is more than the bar has: the others give it.
    widths = _fitted(widths, needed)

    segments = []
    x = 0.0
    for light, width in zip(present, widths, strict=True):
        segment = Segment(
            light=light,
            count=counts[light],
            x=round(x, 2),
            # Never nought: a rectangle without width cannot be clicked.
            width=round(max(width - GAP, 1), 2),
            query=plan_query(**filters, light=light),
        )
        segments.append(segment)
        x += width
    return segments


def needed_width(count: int) -> float:
    """The percent of a phone's width that a mark and a number of so many digits need."""
    return 6.5 + 2.6 * len(str(count))


def _needed_widths(counts: list[int]) -> list[float]:
    needed = [needed_width(count) for count in counts]
    total = sum(needed)
    if total <= 100:
        return needed
    # Numbers of so many digits leave nothing to be proportional with: all of them get narrower.
    return [100 * width / total for width in needed]


def _fitted(widths: list[float], needed: list[float]) -> list[float]:
    """The widths without what they exceed the bar by; no segment becomes narrower than it needs."""
    excess = sum(widths) - 100
    slack = sum(widths) - sum(needed)
    # Nothing to take away, or no segment to take it from.
    if excess <= 0 or not slack:
        return widths
    fitted = []
    # Each gives in proportion to what it can spare, so that small ones keep their number legible.
    for width, room in zip(widths, needed, strict=True):
        spare = width - room
        fitted.append(width - spare * excess / slack)
    return fitted
