"""Each page of a year with 100,000 assignments and eight periods, in the seconds a person waits.

Nothing else may run meanwhile, since these are read off the clock on the wall. Beside them the
dashboard's queries by themselves beside a bare `count(*)`, and on PostgreSQL the dashboard of one
of ten years that have 1,000,000 assignments together.
"""

from collections.abc import Iterator

from benchmarks._choice import Choice
from benchmarks._figure import BenchmarkFigure, at_most, seconds
from benchmarks._fresh_databases import of_engine
from benchmarks.pages import YearTimes, run

LARGE = 50_000
"""Items of a year with 100,000 assignments."""
ROUNDS = 3

SENDING = "sending"
PAGE_SECONDS = 0.5
SENDING_SECONDS = 0.05
TIMES_A_COUNT = 10
MILLION_SECONDS = 1.0


def measure(choice: Choice) -> Iterator[BenchmarkFigure]:
    for engine in choice.engines:
        with of_engine(engine) as fresh:
            year = run(LARGE, fresh(), choice.pages, rounds=ROUNDS)
        yield from in_seconds(f"{engine}, 100,000 assignments", year)


def in_seconds(where: str, year: YearTimes) -> list[BenchmarkFigure]:
    """What a person waits for each page of a large year."""
    figures = []
    for name, page in year.others().items():
        asked = PAGE_SECONDS
        if name == SENDING:
            asked = SENDING_SECONDS
        figures.append(seconds(f"{where}: {name}", page.wall, asked=asked, detail=page.words()))
    dashboard = year.dashboard
    if dashboard is not None:
        figures.append(
            at_most(
                f"{where}: queries of 總覽 beside a bare count(*)",
                dashboard["queries"] / dashboard["count"],
                asked=TIMES_A_COUNT,
                detail=(
                    f"{dashboard['queries'] * 1000:.0f} ms, the slowest "
                    f"{dashboard['slowest'] * 1000:.0f} ms, a count {dashboard['count'] * 1000:.1f} ms"
                ),
            )
        )
    if year.among_a_million is not None:
        figures.append(
            seconds(
                f"{where.split(',')[0]}, 1,000,000 assignments in ten years: 總覽 of one",
                year.among_a_million.wall,
                asked=MILLION_SECONDS,
                detail=year.among_a_million.words(),
            )
        )
    return figures
