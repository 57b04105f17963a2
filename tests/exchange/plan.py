"""The 115 plan as a database, and its rows as a file, for the tests of import and export."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command

from items.exchange.plan_export.official import official_table
from items.exchange.plan_import.confirm import Source, compare, confirm
from items.exchange.plan_import.source import table_of
from items.exchange.spreadsheets.write import write
from items.models import Programme
from items.workflow import periods
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]
TEXT = ROOT / "fixtures" / "115_plan.txt"
HEADINGS = ["實施策略", "推動方法", "執行計畫", "具體推動作法", "完成期限", "主辦單位", "預期效益"]


@pytest.fixture
def plan(db):
    """The 115 plan as loaded from the fixture."""
    call_command("loaddata", ROOT / "fixtures" / "plan_115.json", verbosity=0)
    return Programme.objects.get(year=115)


@pytest.fixture
def quarter(plan, coordinator):
    """115年第4季, open."""
    periods.lay_out(plan, by=coordinator, at=NOW)
    return periods.open_period(plan.periods.get(number=4), by=coordinator, at=NOW)


def rows_of(programme):
    """The official table as lists of cells, heading first; the first column is 項次編號."""
    table = official_table(programme)
    return [[column.heading for column in table.columns], *(list(row) for row in table.rows)]


def without_codes(rows):
    return [row[1:] for row in rows]


def as_csv(rows):
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def row(title="設置民眾休憩區", **cells):
    """One line of a small table without codes."""
    given = {
        "實施策略": "1. 完備基礎服務項目，注重服務特性差異化",
        "推動方法": "建立標準作業流程",
        "執行計畫": "滾動檢討作業流程",
        "具體推動作法": title,
        "完成期限": "115年12月",
        "主辦單位": "行政處",
        "預期效益": "增進便利性。",
    }
    return [({**given, **cells})[heading] for heading in HEADINGS]


def read(rows, programme, name="計畫.csv"):
    table, _ = table_of(rows if isinstance(rows, bytes) else as_csv(rows), name, programme)
    return table


def look(rows, programme):
    return compare(read(rows, programme), programme)


def bring_in(rows, programme, by, at, **options):
    content = rows if isinstance(rows, bytes) else as_csv(rows)
    return confirm(read(content, programme), programme, Source("計畫.csv", content), by=by, at=at, **options)


def exported(programme, format):
    return write(official_table(programme), format)[0]
