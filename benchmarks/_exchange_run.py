"""One engine's figures as JSON on standard output; a process of its own, so that its memory is its own.

    python -m benchmarks._exchange_run ours|stock|page COUNT

DATABASE_URL and DATA_DIR say which database: empty, and migrated here.
"""

import io
import json
import os
import resource
import statistics
import sys
import time
from datetime import date

os.environ["DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = (
    "plan_tracker.settings" if "stock" not in sys.argv else "benchmarks._stock_settings"
)


def timed(work, *arguments, **options):
    started = time.perf_counter()
    result = work(*arguments, **options)
    return time.perf_counter() - started, result


def office():
    from benchmarks._exchange_rows import NAMES
    from items.models import Department, Programme, Role, User

    Department.objects.bulk_create(
        Department(name=name, position=place) for place, name in enumerate(NAMES, start=1)
    )
    programme = Programme.objects.create(
        year=115, title="115年度計畫", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    return programme, User.objects.create_user("office", full_name="研考", role=Role.COORDINATOR)


def queries(work, *arguments, **options):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work(*arguments, **options)
    return len(captured)


def ours(count):
    """Reading, preview, confirm, the same file again, and export, beside openpyxl writing the same bare cells.

    The same file again comes twice: to this process, which keeps what it read for a while, and as to another one.
    """
    from django.core.cache import caches

    from benchmarks._exchange_rows import rows, xlsx
    from items.exchange.plan_export.official import export_programme, official_table
    from items.exchange.plan_import.confirm import Source, compare, confirm
    from items.exchange.plan_import.source import table_of
    from items.models import Action, Change
    from plan_tracker import clock

    programme, user = office()
    content = xlsx(rows(count))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read, (table, _) = timed(table_of, content, "計畫.xlsx", programme)
    preview, found = timed(compare, table, programme)
    assert found.counts["new"] == count, found.counts
    source = Source("計畫.xlsx", content)
    confirmed, _ = timed(confirm, table, programme, source, by=user, at=clock.now())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert Action.objects.count() == count
    assert Change.objects.filter(model="action").count() == count
    del table, found

    def again():
        table, _ = table_of(content, "計畫.xlsx", programme)
        found = compare(table, programme)
        assert found.counts["unchanged"] == count, found.counts
        return table

    here, _ = timed(again)
    caches["tables"].clear()
    elsewhere, table = timed(again)
    nothing, batch = timed(confirm, table, programme, source, by=user, at=clock.now())
    assert batch is None
    counted = queries(compare, table, programme)
    table = official_table(programme)
    exports, bares = zip(
        *(
            (timed(export_programme, programme, "xlsx")[0], timed(bare_write, table)[0])
            for _ in range(3)
        ),
        strict=True,
    )
    return {
        "read": read,
        "preview": preview,
        "confirm": confirmed,
        "again": here,
        "again_elsewhere": elsewhere,
        "again_confirm": nothing,
        "queries": counted,
        "export": statistics.median(exports),
        "bare": statistics.median(bares),
        "memory": memory / 1024,
        "memory_before": before / 1024,
        "bytes": len(content),
    }


def bare_write(table):
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([column.heading for column in table.columns])
    for row in table.rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def stock(count):
    """django-import-export as its documentation shows it: preview and confirm of the same rows, filled down."""
    import tablib

    from benchmarks._exchange_rows import (
        StockAction,
        StockResource,
        make_stock_tables,
        rows,
        stock_dataset,
    )

    made = rows(count)
    make_stock_tables(made)
    file = stock_dataset(made).export("xlsx")
    read, dataset = timed(tablib.Dataset().load, file, format="xlsx")
    preview, result = timed(StockResource().import_data, dataset, dry_run=True)
    assert not result.has_errors(), result.row_errors()[:1]
    confirmed, result = timed(StockResource().import_data, dataset, dry_run=False)
    assert StockAction.objects.count() == count, result.totals
    return {"read": read, "preview": preview, "confirm": confirmed}


def page(count):
    """The whole answer from upload to preview, beside the plan table as an ordinary page; the best of seven each."""
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
    table, _ = table_of(content, "計畫.xlsx", programme)
    confirm(table, programme, Source("計畫.xlsx", content), by=user, at=clock.now())
    client = Client()
    client.force_login(user)

    def upload():
        response = client.post(
            "/115/import/", {"file": SimpleUploadedFile("計畫.xlsx", content)}, follow=True
        )
        assert "匯入預覽" in response.content.decode()

    def ordinary():
        assert client.get("/115/plan/").status_code == 200

    upload()
    ordinary()
    return {
        "upload": min(timed(upload)[0] for _ in range(7)),
        "page": min(timed(ordinary)[0] for _ in range(7)),
    }


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    figures = {"ours": ours, "stock": stock, "page": page}[sys.argv[1]](int(sys.argv[2]))
    print(json.dumps(figures))
