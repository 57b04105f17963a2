"""計畫表 filtered by light beside Django's own admin list, and as a file beside bare openpyxl.

All are processor times, of this process and of the database's.
"""

from collections.abc import Iterator

from benchmarks._choice import Choice
from benchmarks._figure import BenchmarkFigure, at_most, times_faster
from benchmarks._fresh_databases import Fresh, of_engine
from benchmarks._process import json_of

FEW, MANY = 2_000, 10_000


def measure(choice: Choice) -> Iterator[BenchmarkFigure]:
    for engine in choice.engines:
        with of_engine(engine) as fresh:
            yield from _of_engine(engine, fresh)


def _of_engine(engine: str, fresh: Fresh) -> list[BenchmarkFigure]:
    few = json_of("_list_run", str(FEW), address=fresh())
    many = json_of("_list_run", str(MANY), "stock", address=fresh())
    figures = []
    for count, measured in ((FEW, few), (MANY, many)):
        figures.append(
            at_most(
                f"{engine}, {count} items: the list on screen as xlsx beside bare openpyxl",
                measured["export"] / measured["bare"],
                asked=2,
                detail=f"{measured['export']:.2f} s, bare {measured['bare']:.2f} s",
            )
        )
    figures.append(
        times_faster(
            f"{engine}, {MANY} items: 計畫表 by light, times faster than the stock admin list",
            stock=many["stock"],
            ours=many["filtered"],
            asked=50,
        )
    )
    return figures
