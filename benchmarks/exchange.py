"""The official table in and out, beside stock django-import-export and bare openpyxl.

It is measured on both engines. Each figure comes from a process of its own on an empty database
(`_exchange_run`), so that memory is that of the import. Ours are medians of three such processes;
stock at 10,000 rows, which takes a minute or more on each engine, runs once.
"""

import statistics
from collections.abc import Iterator

from benchmarks._choice import Choice
from benchmarks._figure import BenchmarkFigure, at_most, times_faster
from benchmarks._fresh_databases import Fresh, of_engine
from benchmarks._process import json_of

MANY = 10_000
SIZES = (33, 1_000, MANY)
"""33 rows are the approved document; the promises are about 10,000."""
RUNS = 3

Measured = dict[str, float]
"""Seconds, megabytes or queries by name, as `_exchange_run` prints them."""


def measure(choice: Choice) -> Iterator[BenchmarkFigure]:
    for engine in choice.engines:
        with of_engine(engine) as fresh:
            yield from measured_on(engine, fresh)


def run(what: str, count: int, address: str) -> Measured:
    """One process on one database."""
    measured: Measured = json_of("_exchange_run", what, str(count), address=address)
    return measured


def medians(what: str, count: int, fresh: Fresh) -> Measured:
    """The median of each figure over processes on fresh databases."""
    runs = [run(what, count, fresh()) for _ in range(RUNS)]
    return {name: statistics.median(measured[name] for measured in runs) for name in runs[0]}


def measured_on(engine: str, fresh: Fresh) -> list[BenchmarkFigure]:
    ours = {count: medians("ours", count, fresh) for count in SIZES}
    stock = {count: run("stock", count, fresh()) for count in SIZES}
    page = medians("page", 33, fresh)
    figures = []
    for count in SIZES:
        figures += beside_stock(f"{engine}, {count} rows", ours[count], stock[count], count=count)
    figures += of_many_rows(f"{engine}, {MANY} rows", ours[MANY])
    figures.append(
        at_most(
            f"{engine}: queries of the preview at {MANY} beside 33 rows",
            ours[MANY]["queries"] / ours[33]["queries"],
            asked=1,
            detail=f"{ours[MANY]['queries']} queries",
        )
    )
    figures.append(
        at_most(
            f"{engine}, 33 rows: upload to preview beside the plan table",
            page["upload"] / page["page"],
            asked=2,
            detail=f"{page['upload'] * 1000:.0f} ms, page {page['page'] * 1000:.0f} ms",
        )
    )
    return figures


def beside_stock(
    where: str, ours: Measured, stock: Measured, *, count: int
) -> list[BenchmarkFigure]:
    """Preview, confirm and export; only the figures of many rows were promised."""
    is_promised = count == MANY
    return [
        times_faster(
            f"{where}: preview, times faster than stock",
            stock=stock["preview"],
            ours=ours["preview"],
            asked=40 if is_promised else None,
        ),
        times_faster(
            f"{where}: confirm, times faster than stock",
            stock=stock["confirm"],
            ours=ours["confirm"],
            asked=20 if is_promised else None,
        ),
        times_faster(
            f"{where}: preview with reading, times faster than stock",
            stock=stock["read"] + stock["preview"],
            ours=ours["read"] + ours["preview"],
        ),
        at_most(
            f"{where}: export beside bare openpyxl",
            ours["export"] / ours["bare"],
            asked=2 if is_promised else None,
            detail=f"{ours['export']:.2f} s, bare {ours['bare']:.2f} s",
        ),
    ]


def of_many_rows(where: str, ours: Measured) -> list[BenchmarkFigure]:
    """What reading a file twice costs, and how much memory an import takes."""
    first = ours["read"] + ours["preview"]
    return [
        at_most(
            f"{where}: the same file again, in a process of its own, beside the first preview",
            ours["again"] / first,
            asked=None,
            detail=f"{ours['again']:.2f} s, first {first:.2f} s",
        ),
        at_most(
            f"{where}: the preview beside the upload that compared the file",
            ours["shown"] / ours["again"],
            asked=0.25,
            detail=f"{ours['shown']:.2f} s, upload {ours['again']:.2f} s",
        ),
        at_most(
            f"{where}: peak memory in MB",
            ours["memory"],
            asked=200,
            detail=f"{ours['memory_before']:.0f} MB before",
        ),
    ]
