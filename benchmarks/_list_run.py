"""Times of 計畫表 and its file as JSON on standard output; one process on one empty database.

    python -m benchmarks._list_run COUNT

DATABASE_URL and DATA_DIR say which database: empty, and filled here.
"""

import io
import json
import os
import statistics
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

# Django reads the settings once, when it is first imported: therefore this, and the imports inside
# the functions.
os.environ["DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks._page_settings"

ROUNDS = 3
FILTERED = "/115/plan/?light=behind"
STOCK = "/stock/items/action/?light=behind"
EXPORT = "/115/plan/export.xlsx"


def measure(count: int, *, with_stock: bool) -> dict[str, float]:
    """Seconds of processor by name; medians, except for the admin's list, which takes long."""
    from benchmarks._page_asks import client_of, page
    from benchmarks._year import make_year
    from items.models import User

    year = make_year(count)
    filtered = page("filtered", year.manager, FILTERED)
    export = page("export", year.manager, EXPORT)
    content = client_of(year.manager).get(EXPORT).content
    rows = cells_of(content)
    # The first of each fills caches, and is not counted.
    filtered.send()
    seconds: dict[str, list[float]] = {"filtered": [], "export": [], "bare": []}
    for _ in range(ROUNDS):
        seconds["filtered"].append(seconds_of(filtered.send))
        seconds["export"].append(seconds_of(export.send))
        seconds["bare"].append(seconds_of(lambda: bare_write(rows)))
    measured = {name: statistics.median(taken) for name, taken in seconds.items()}
    measured["rows"] = len(rows)
    if with_stock:
        boss = User.objects.create_superuser("boss", "boss", full_name="資訊室")
        measured["stock"] = seconds_of(page("stock", boss, STOCK).send)
    return measured


def seconds_of(work: Callable[[], Any]) -> float:
    from benchmarks._processor import processor_seconds

    started = processor_seconds()
    work()
    return processor_seconds() - started


def cells_of(content: bytes) -> list[list[Any]]:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def bare_write(rows: list[list[Any]]) -> bytes:
    """The same cells and nothing else: no widths, no merges, no page."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


if __name__ == "__main__":
    from benchmarks._migrated import set_up

    set_up()
    count, *others = sys.argv[1:]
    print(json.dumps(measure(int(count), with_stock="stock" in others)))
