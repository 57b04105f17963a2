"""Times of the pages of one year as JSON on standard output; one process on one empty database.

    python -m benchmarks._page_run COUNT ROUNDS [PAGE…]

DATABASE_URL and DATA_DIR say which database: empty, and filled here.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from benchmarks._page_asks import Ask, PageAnswer

# Django reads the settings once, when it is first imported: therefore this, and the imports inside
# the functions.
os.environ["DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks._page_settings"

FURTHER_YEARS = 9
"""Beside one of 100,000 assignments: a million in all, of which one year is looked at."""
REPEATED = 5
"""How often a query is asked again by itself; the median counts."""


READING = ("SELECT", "WITH")
"""How a statement begins that only reads."""


class Times(NamedTuple):
    """What one request took."""

    processor: float
    wall: float
    answer: "PageAnswer"


def measure(count: int, rounds: int, names: list[str]) -> dict[str, Any]:
    """{"pages": {name: figures}, "dashboard": figures}; medians of rounds, each page once in each."""
    from django.db import connection

    from benchmarks._many_rows import further_years
    from benchmarks._page_asks import BASE, DASHBOARD, asks_of, asks_of_all_departments
    from benchmarks._year import LARGE, make_year

    year = make_year(count)
    asks = asks_of(year)
    if count < LARGE:
        asks += asks_of_all_departments(year)
    if names:
        asks = [ask for ask in asks if ask.name == BASE or ask.name in names]
    times: dict[str, list[Times]] = {ask.name: [] for ask in asks}
    for number in range(rounds + 1):
        for ask in asks:
            taken = _timed(ask)
            # The first round compiles templates and fills caches.
            if number > 0:
                times[ask.name].append(taken)
    measured: dict[str, Any] = {"pages": {}}
    for ask in asks:
        ask.prepare()
        queries = len(queries_of(ask.send))
        ask.undo()
        measured["pages"][ask.name] = _figures(times[ask.name], queries=queries)
    dashboards = [ask for ask in asks if ask.name == DASHBOARD]
    if count >= LARGE and dashboards:
        measured["dashboard"] = beside_a_count(dashboards[0])
        if connection.vendor == "postgresql":
            further_years(FURTHER_YEARS)
            among_many = [_timed(dashboards[0]) for _ in range(rounds + 1)]
            measured["among a million"] = _figures(among_many[1:], queries=0)
    return measured


def _timed(ask: "Ask") -> Times:
    from benchmarks._processor import processor_seconds

    ask.prepare()
    processor = processor_seconds()
    started = time.perf_counter()
    answer = ask.send()
    wall = time.perf_counter() - started
    taken = Times(processor_seconds() - processor, wall, answer)
    ask.undo()
    return taken


def _figures(times: list[Times], *, queries: int) -> dict[str, float]:
    return {
        "processor": statistics.median(taken.processor for taken in times),
        "wall": statistics.median(taken.wall for taken in times),
        "rows": times[-1].answer.rows,
        "length": times[-1].answer.length,
        "queries": queries,
    }


class Query(NamedTuple):
    """A statement as it went to the database."""

    sql: str
    values: Any


def queries_of(work: Callable[[], Any]) -> list[Query]:
    """What a piece of work asks of the database."""
    from django.db import connection

    queries = []

    def note(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        queries.append(Query(sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        work()
    return queries


def beside_a_count(ask: "Ask") -> dict[str, float]:
    """The queries of a page by themselves, and a bare count(*) with the same filter.

    What the dashboard counts of a year is 列管中, and so is what is counted here.
    """
    from items.models import Assignment, Programme

    programme = Programme.objects.get(year=115)
    counting = queries_of(Assignment.objects.for_programme(programme).controlled().count)
    # A session that is renewed meanwhile writes: only what is read can be asked again.
    reading = [query for query in queries_of(ask.send) if query.sql.startswith(READING)]
    seconds = [_seconds_of(query) for query in reading]
    return {
        "queries": sum(seconds),
        "slowest": max(seconds),
        "count": sum(_seconds_of(query) for query in counting),
    }


def _seconds_of(query: Query) -> float:
    """The median of asking and fetching, without what Python makes of the rows."""
    from django.db import connection

    seconds = []
    for _ in range(REPEATED):
        with connection.cursor() as cursor:
            started = time.perf_counter()
            cursor.execute(query.sql, query.values)
            cursor.fetchall()
            seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    from benchmarks._migrated import set_up

    set_up()
    count, rounds, *names = sys.argv[1:]
    print(json.dumps(measure(int(count), int(rounds), names), ensure_ascii=False))
