"""Each page at 33 items and at 2,000; `hundred` has those of 100,000 assignments.

At 33 items pages are held against the base page (the frame of all pages, and nothing in it), at
2,000 against themselves at 33. Both are processor time, of this process and of the database's.
Every process measures one year on one new database (`_page_run`), and asks for all pages in turn,
round after round.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks._choice import Choice
from benchmarks._figure import BenchmarkFigure, at_most
from benchmarks._fresh_databases import Fresh, of_engine
from benchmarks._process import json_of

SMALL, MIDDLE, MANY = 33, 200, 2_000
"""Items. The middle size says what one more row on a page costs."""
ROUNDS = {SMALL: 15, MIDDLE: 7, MANY: 5}
OTHER_ROUNDS = 5
FEW_ROWS = 5
"""A page that shows so few rows more at the middle size does not grow with the plan."""

BASE = "base page"
FEW = ("我的填報", "report form", "item page", "a save", "待我核可")
WHOLE = ("計畫表", "計畫表 by light", "計畫表 by search", "總覽", "填報審核")
TIMES_BASE = dict.fromkeys(FEW, 4.0) | dict.fromkeys(WHOLE, 6.0)
"""{page: how many times the base page it may cost at 33 items}."""
OF_ALL = {
    "我的填報": "我的填報 of all departments",
    "待我核可": "待我核可 of all departments",
}
"""{page of one department: the same with the rows of all}, which says what one row costs."""


@dataclass(frozen=True)
class PageTimes:
    """One page of one year: medians in seconds, and what it showed."""

    processor: float
    wall: float
    rows: int
    length: int
    queries: int

    def words(self) -> str:
        return (
            f"{self.processor * 1000:.0f} ms of processor, {self.wall * 1000:.0f} ms, "
            f"{self.queries} queries, {self.rows} rows"
        )


@dataclass(frozen=True)
class YearTimes:
    """All pages of one year, and of a large one the dashboard's queries by themselves."""

    pages: dict[str, PageTimes]
    dashboard: dict[str, float] | None
    among_a_million: PageTimes | None

    def others(self) -> dict[str, PageTimes]:
        """All pages that figures are asked of."""
        no_figure = (BASE, *OF_ALL.values())
        return {name: page for name, page in self.pages.items() if name not in no_figure}


def measure(choice: Choice) -> Iterator[BenchmarkFigure]:
    for engine in choice.engines:
        with of_engine(engine) as fresh:
            yield from _of_engine(engine, fresh, choice)


def _of_engine(engine: str, fresh: Fresh, choice: Choice) -> Iterator[BenchmarkFigure]:
    years: dict[int, YearTimes] = {}
    sizes = choice.sizes or (SMALL, MIDDLE, MANY)
    for size in sizes:
        rounds = ROUNDS.get(size, OTHER_ROUNDS)
        year = run(size, fresh(), choice.pages, rounds=rounds)
        years[size] = year
        is_small = size == SMALL
        # Promised are figures of a plan of usual size; whoever names another size sees those of it.
        if is_small or choice.sizes:
            yield from beside_base(f"{engine}, {size} items", year, is_promised=is_small)
        has_both = SMALL in years and MIDDLE in years
        if size == MANY and has_both:
            yield from beside_small(engine, years[SMALL], years[MIDDLE], year)


def run(size: int, address: str, pages: tuple[str, ...], *, rounds: int) -> YearTimes:
    """One process on one database."""
    asked = [*pages]
    for name in pages:
        if name in OF_ALL:
            asked.append(OF_ALL[name])
    measured = json_of("_page_run", str(size), str(rounds), *asked, address=address)
    times = {}
    for name, figures in measured["pages"].items():
        times[name] = PageTimes(**figures)
    among_a_million = None
    if "among a million" in measured:
        among_a_million = PageTimes(**measured["among a million"])
    return YearTimes(times, measured.get("dashboard"), among_a_million)


def beside_base(where: str, year: YearTimes, *, is_promised: bool) -> list[BenchmarkFigure]:
    """Every page divided by the base page."""
    base = year.pages[BASE]
    figures = []
    for name, page in year.others().items():
        asked = None
        if is_promised:
            asked = TIMES_BASE.get(name)
        figures.append(
            at_most(
                f"{where}: {name} beside the base page",
                page.processor / base.processor,
                asked=asked,
                detail=f"{page.words()}; base {base.processor * 1000:.1f} ms",
            )
        )
    return figures


def beside_small(
    engine: str, small: YearTimes, middle: YearTimes, many: YearTimes
) -> list[BenchmarkFigure]:
    """Every page at 2,000 items divided by itself at 33, without the rows that it shows more.

    Each process is put right by its own base page: the machine may have been busier meanwhile.
    """
    figures = []
    for name, page in many.others().items():
        few = small.pages[name]
        seconds_at_few = few.processor
        seconds_at_many = page.processor * _busier(small, than=many)
        row = seconds_of_a_row(name, small, middle)
        for_rows = row * max(0, page.rows - few.rows)
        figures.append(
            at_most(
                f"{engine}, {MANY} items: {name} beside {SMALL}, without the rows shown",
                (seconds_at_many - for_rows) / seconds_at_few,
                asked=2,
                detail=f"{page.words()}; {row * 1000:.2f} ms a row; at {SMALL} {few.words()}",
            )
        )
    return figures


def seconds_of_a_row(name: str, small: YearTimes, middle: YearTimes) -> float:
    """What one row more costs a page; 0 of one that shows hardly more with more items.

    A page of one department shows a handful of rows in the middle year too, which say nothing: its
    row is that of the same page of the same year with the rows of all departments.
    """
    busier = _busier(small, than=middle)
    at_middle = middle.pages[name]
    if name in OF_ALL:
        with_all = middle.pages[OF_ALL[name]]
        more_rows = with_all.rows - at_middle.rows
        more_seconds = (with_all.processor - at_middle.processor) * busier
    else:
        few = small.pages[name]
        more_rows = at_middle.rows - few.rows
        more_seconds = at_middle.processor * busier - few.processor
    if more_rows <= FEW_ROWS:
        return 0.0
    return max(0.0, more_seconds) / more_rows


def _busier(year: YearTimes, *, than: YearTimes) -> float:
    """How many times longer the base page took in one process than in another."""
    return year.pages[BASE].processor / than.pages[BASE].processor
