"""One engine's figures as JSON on standard output; one process, so that its memory is its own.

    python -m benchmarks._exchange_run ours|stock|page COUNT

DATABASE_URL and DATA_DIR say which database: an empty one.
"""

import io
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from items.exchange.spreadsheets.file_table import FileTable
    from items.models import Programme, User

# Django reads the settings once, when it is first imported: therefore this, and the imports inside
# the functions.
os.environ["DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "plan_tracker.settings"
if "stock" in sys.argv:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks._stock_settings"

Measured = dict[str, float]


class Timed(NamedTuple):
    """What a piece of work took, and what it returned."""

    seconds: float
    result: Any


def timed(work: Callable[..., Any], *arguments: Any, **options: Any) -> Timed:
    started = time.perf_counter()
    result = work(*arguments, **options)
    return Timed(time.perf_counter() - started, result)


def seconds_of(work: Callable[..., Any], *arguments: Any, **options: Any) -> float:
    return timed(work, *arguments, **options).seconds


def peak_memory() -> float:
    """Megabytes; Linux counts in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Office(NamedTuple):
    """A programme without items, and somebody who imports them."""

    programme: "Programme"
    user: "User"


def office() -> Office:
    from benchmarks._exchange_rows import NAMES
    from items.models import Department, Programme, Role, User

    Department.objects.bulk_create(
        Department(name=name, position=place) for place, name in enumerate(NAMES, start=1)
    )
    programme = Programme.objects.create(
        year=115, title="115年度計畫", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    user = User.objects.create_user("office", full_name="研考", role=Role.COORDINATOR)
    return Office(programme, user)


def queries(work: Callable[..., Any], *arguments: Any, **options: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work(*arguments, **options)
    return len(captured)


def ours(count: int) -> Measured:
    """Reading, preview, confirm, the same file again, and export, beside bare openpyxl."""
    from benchmarks._exchange_rows import rows, xlsx
    from items.exchange import uploads
    from items.exchange.plan_export.official import export_programme, official_table
    from items.exchange.plan_import.confirm import Source, compare, confirm
    from items.exchange.plan_import.source import table_of
    from items.exchange.plan_import.waiting_file import answer_of, first_look, table_of_upload
    from items.models import Action, Change
    from plan_tracker import clock

    programme, user = office()
    content = xlsx(rows(count))
    source = Source("計畫.xlsx", content)
    memory_before = peak_memory()
    read = timed(table_of, content, source.name, programme)
    table = read.result.table
    preview = timed(compare, table, programme)
    counts = preview.result.counts
    assert counts["new"] == count, counts
    confirmed = timed(confirm, table, programme, source, by=user, at=clock.now())
    memory = peak_memory()
    assert Action.objects.count() == count
    assert Change.objects.filter(model="action").count() == count
    read_seconds, preview_seconds = read.seconds, preview.seconds
    # What the first reading made must not stay in memory beside the second.
    del table, read, preview

    # The same file as the page takes it: read and compared when it comes, and then only shown.
    again = timed(first_look, content, source.name, programme, by=user)
    found = again.result
    upload = uploads.keep(
        source.name,
        content,
        programme=programme,
        sheet=found.sheet,
        read_table=found.table,
        comparison=found.comparison,
        by=user,
        at=clock.now(),
    )
    shown = timed(answer_of, upload, programme, by=user)
    assert shown.result.counts["unchanged"] == count, shown.result.counts
    table = table_of_upload(upload, programme, by=user)
    again_confirm = timed(confirm, table, programme, source, by=user, at=clock.now())
    assert again_confirm.result is None
    counted = queries(compare, table, programme)

    file_table = official_table(programme)
    exports = []
    bare_writes = []
    for _ in range(3):
        exports.append(seconds_of(export_programme, programme, "xlsx"))
        bare_writes.append(seconds_of(bare_write, file_table))
    return {
        "read": read_seconds,
        "preview": preview_seconds,
        "confirm": confirmed.seconds,
        "again": again.seconds,
        "shown": shown.seconds,
        "again_confirm": again_confirm.seconds,
        "queries": counted,
        "export": statistics.median(exports),
        "bare": statistics.median(bare_writes),
        "memory": memory,
        "memory_before": memory_before,
        "bytes": len(content),
    }


def bare_write(table: "FileTable") -> bytes:
    """The same cells and nothing else: no widths, no merges, no page."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([column.heading for column in table.columns])
    for row in table.rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def stock(count: int) -> Measured:
    """django-import-export as documented: preview and confirm of the same rows, filled down."""
    import tablib

    from benchmarks._exchange_rows import (
        StockAction,
        StockResource,
        make_stock_tables,
        rows,
        stock_dataset,
    )

    plan_rows = rows(count)
    make_stock_tables(plan_rows)
    file = stock_dataset(plan_rows).export("xlsx")
    read = timed(tablib.Dataset().load, file, format="xlsx")
    preview = timed(StockResource().import_data, read.result, dry_run=True)
    assert not preview.result.has_errors(), preview.result.row_errors()[:1]
    confirmed = timed(StockResource().import_data, read.result, dry_run=False)
    assert StockAction._default_manager.count() == count, confirmed.result.totals
    return {
        "read": read.seconds,
        "preview": preview.seconds,
        "confirm": confirmed.seconds,
    }


def page(count: int) -> Measured:
    """The whole answer from upload to preview, beside the plan table as an ordinary page.

    Of each the best of seven: a single answer takes a few milliseconds.
    """
    from django.conf import settings
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from benchmarks._exchange_rows import rows, xlsx
    from items.exchange.plan_import.confirm import Source, confirm
    from items.exchange.plan_import.source import table_of
    from plan_tracker import clock

    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    settings.ALLOWED_HOSTS.append("testserver")
    programme, user = office()
    content = xlsx(rows(count))
    table = table_of(content, "計畫.xlsx", programme).table
    confirm(table, programme, Source("計畫.xlsx", content), by=user, at=clock.now())
    client = Client()
    client.force_login(user)

    def upload() -> None:
        file = SimpleUploadedFile("計畫.xlsx", content)
        response = client.post("/115/import/", {"file": file}, follow=True)
        assert "匯入預覽" in response.content.decode()

    def ordinary() -> None:
        assert client.get("/115/plan/").status_code == 200

    # The first of each fills caches, and is not counted.
    upload()
    ordinary()
    return {
        "upload": min(seconds_of(upload) for _ in range(7)),
        "page": min(seconds_of(ordinary) for _ in range(7)),
    }


if __name__ == "__main__":
    from benchmarks._migrated import set_up

    set_up()
    what, count = sys.argv[1:]
    measures = {"ours": ours, "stock": stock, "page": page}
    print(json.dumps(measures[what](int(count))))
